//! What can be measured: the deques, and the pools.

use super::figures::{self, Figure};
use super::names::{self, pools};
use super::results::Results;
use crate::marked::Marks;

/// A bench program, and what is made of its results.
pub(super) struct Suite {
    /// Its name: the name of the bench target too.
    pub(super) name: &'static str,
    /// How it is built, each time with other arguments to cargo: the results of all builds go together.
    pub(super) builds: &'static [&'static [&'static str]],
    /// Each row's name, what is measured there, and what the time is for.
    pub(super) rows: &'static [(&'static str, &'static str, &'static str)],
    /// How the names of this crate's subjects begin.
    pub(super) ours: &'static [&'static str],
    /// Those that nobody could use in place of ours, besides ours.
    pub(super) no_peers: &'static [&'static str],
    /// What the others are compared to.
    pub(super) floor: &'static str,
    /// The rows whose rounds should agree on a quiet machine.
    pub(super) steady: &'static [&'static str],
    /// The rows that get a panel of bars in the chart.
    pub(super) bars: &'static [&'static str],
    /// The rows that get a panel of lines in the chart.
    pub(super) lines: &'static [&'static str],
    /// What stands in those panels.
    pub(super) in_lines: [&'static str; 4],
    /// The figures to reach.
    pub(super) figures: fn(&Results) -> Vec<Figure>,
    pub(super) go: GoSuite,
    /// The page and the chart in `docs/`, without their extensions.
    pub(super) page: &'static str,
    /// Where the page has room for the tables.
    pub(super) marks: Marks,
}

/// The same in Go.
pub(super) struct GoSuite {
    /// The files in benches/go.
    pub(super) files: &'static [&'static str],
    pub(super) benchmarks: &'static [GoBenchmark],
}

/// A benchmark in Go, and the names under which its result is stored.
#[derive(Clone, Copy)]
pub(super) struct GoBenchmark {
    pub(super) name: &'static str,
    pub(super) row: &'static str,
    pub(super) subject: &'static str,
    pub(super) size: Option<u64>,
}

const fn go(name: &'static str, row: &'static str, subject: &'static str) -> GoBenchmark {
    GoBenchmark { name, row, subject, size: None }
}

const fn go_miss(name: &'static str, processors: u64) -> GoBenchmark {
    GoBenchmark { name, row: pools::MISS_UNUSED, subject: pools::GO, size: Some(processors) }
}

/// The deques.
pub(super) static DEQUES: Suite = Suite {
    name: "deques",
    builds: &[&[]],
    rows: names::ROWS,
    ours: &[names::BOUNDED, names::UNBOUNDED],
    no_peers: &[names::FLOOR, names::FLOOR_RELOADED, names::FLOOR_AND_MEMORY, names::PLAIN],
    floor: names::FLOOR,
    steady: &[names::PAIR, names::HEAD, names::TAIL, names::TAKE_BATCH, names::STEAL],
    bars: &[
        names::PAIR,
        names::HEAD,
        names::TAIL,
        names::FRESH,
        names::STEAL,
        names::TAKE_BATCH,
        names::TWO_THREADS,
        names::TWO_THREADS_BATCH,
    ],
    lines: &[names::GROWTH_HEAD, names::GROWTH_TAIL],
    in_lines: [names::BOUNDED, names::UNBOUNDED, names::CROSSBEAM_LIFO, names::FLOOR_AND_MEMORY],
    figures: figures::deques::all,
    go: GoSuite {
        files: &["loops_test.go", "deques_test.go"],
        benchmarks: &[
            go("Pair/dequeue", names::PAIR, names::GO_DEQUEUE),
            go("Pair/chain", names::PAIR, names::GO_CHAIN),
            go("Head/dequeue", names::HEAD, names::GO_DEQUEUE),
            go("Head/chain", names::HEAD, names::GO_CHAIN),
            go("Tail/dequeue", names::TAIL, names::GO_DEQUEUE),
            go("Tail/chain", names::TAIL, names::GO_CHAIN),
            go("Fresh/chain", names::FRESH, names::GO_CHAIN),
            go("TwoThreads/dequeue", names::TWO_THREADS, names::GO_DEQUEUE),
            go("TwoThreads/chain", names::TWO_THREADS, names::GO_CHAIN),
        ],
    },
    page: "performance",
    marks: Marks {
        begin: "<!-- measured: written by `cargo xtask bench --save` -->",
        end: "<!-- end of what was measured -->",
    },
};

/// The pools.
pub(super) static POOLS: Suite = Suite {
    name: "pools",
    builds: &[&[], &["--no-default-features"]],
    rows: pools::ROWS,
    ours: &[pools::POOL],
    no_peers: pools::NO_PEERS,
    floor: pools::FLOOR,
    steady: &[pools::A, pools::C, pools::D1],
    bars: &[pools::A, pools::B, pools::C, pools::C2, pools::D1, pools::D2, pools::E, pools::OVERFLOW],
    lines: &[pools::MISS_UNUSED, pools::MISS_EMPTIED],
    in_lines: [pools::POOL, pools::BOUNDED_LIFO, pools::GO, pools::ARRAY_QUEUE],
    figures: figures::pools::all,
    go: GoSuite {
        files: &["pool_rows_test.go"],
        benchmarks: &[
            go("Lending/A", pools::A, pools::GO),
            go("Lending/B", pools::B, pools::GO),
            go("Lending/C", pools::C, pools::GO),
            go("Lending/C2", pools::C2, pools::GO),
            go("Storing/D1", pools::D1, pools::GO),
            go("Storing/D2", pools::D2, pools::GO),
            go("Storing/PutTake", pools::PUT_TAKE, pools::GO),
            go("Storing/Overflow", pools::OVERFLOW, pools::GO),
            go("Across", pools::E, pools::GO),
            go("Expensive", pools::EXPENSIVE, pools::GO),
            go("Ageing", pools::AGEING_TICK, pools::GO),
            go_miss("Miss/1", 1),
            go_miss("Miss/64", 64),
            go_miss("Miss/1000", 1000),
        ],
    },
    page: "pool-performance",
    marks: Marks {
        begin: "<!-- measured: written by `cargo xtask bench pool --save` -->",
        end: "<!-- end of what was measured -->",
    },
};
