//! What is run under which sanitizer, and what is to be expected of it.

use super::findings::Kind;

/// A sanitizer that Rust has, or Miri.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sanitizer {
    Thread,
    Address,
    Leak,
    Miri,
}

/// One program or suite under one sanitizer.
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) sanitizer: Sanitizer,
    /// What it shows when it passes.
    pub(super) about: &'static str,
    pub(super) subject: Subject,
    /// What this sanitizer is told besides.
    pub(super) options: Option<&'static str>,
    pub(super) expected: Expected,
}

/// What runs.
pub(super) enum Subject {
    /// An example of the package of scenarios, with its arguments.
    Example { arguments: &'static str, release: bool },
    /// Tests, by the arguments of `cargo test`, perhaps over a model checker.
    Tests { cargo: &'static str, model: Option<&'static str> },
}

/// What it must come to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Expected {
    /// It succeeds, and nothing is reported.
    Nothing,
    /// Something was planted: a report says this, and names this place.
    Planted(&'static str, &'static str),
    /// Nothing is wrong, and something is reported all the same, all of this kind.
    Artefact(Kind),
    /// What is reported is of this kind, if anything is.
    NothingBut(Kind),
}

/// A thing that is not run, and the reason.
pub(super) const LEFT_OUT: [(&str, &str); 6] = [
    ("`it_follows_its_load_up_and_down`", "a pool of buffers for minutes, used as all the others are"),
    (
        "tests under thread",
        "libtest collects its results through a channel of the standard library, which is reported; the soak is a plain program",
    ),
    (
        "`forgotten_…` tests, a panic whose payload panics, and properties: for leaks",
        "they leak on purpose, and count by themselves what may be left; under address they run without a look for leaks",
    ),
    (
        "the models under leak, and under address for leaks",
        "a model checker gives up the stacks of threads that an execution left behind",
    ),
    (
        "programs that are enumerated, orderings made weaker and deques broken on purpose, in the models",
        "under address each execution takes several times as long, and the scenarios with a name have the same calls in them",
    ),
    (
        "tests of allocation, of forks and refused system calls, of what must not compile, of the documentation and of the example `search`",
        "the first count allocations, which crossbeam-epoch's small bags for sanitizers change; the next change what the process may do; the others start cargo or run no deque themselves",
    ),
];

/// How often the soak runs each scenario.
const JOINED: &str = "soak 1000 joined";
const SCATTERED: &str = "soak 1000 scattered";
const ALL: &str = "soak 1000";

const BEHAVIOUR: &str = "--package pooldeque --lib --test hostile --test outside -- --skip panics_whose_payload_panics_when_dropped";
const POOL: &str = "--package pooldeque --test pool --test buffers --test janitor --test short_lived_threads -- --skip it_follows_its_load";
const POOL_WITHOUT_LEAKS: &str = "--package pooldeque --test pool --test buffers --test janitor --test short_lived_threads -- --skip it_follows_its_load --skip forgotten";
const STORM: &str = "--release --package pooldeque --test storm -- 20";
const FORGOTTEN: &str = "--package pooldeque --test forgotten_batches --test forgotten_memory --test hostile";
const PROPERTIES: &str = "--package pooldeque-proptests";
const PARKED_WORKERS: &str = "--package pooldeque-parked-workers";
/// Without `membarrier`, a system call that Miri does not know.
const SMALL_OF_THE_POOL: &str = "--package pooldeque --no-default-features --features stats --lib --test pool -- pool:: elements:: rules:: reentrancy:: panics::";
const BOUNDED: &str = "--package pooldeque --no-default-features --lib";
const SCENARIOS: &str = "--release --package pooldeque-loom-tests --test scenarios -- --skip every_";

/// All checks, the controls of each sanitizer first: without them the others show nothing.
#[rustfmt::skip]
pub(super) fn all() -> Vec<Check> {
    use Expected::{Artefact, Nothing, NothingBut, Planted};
    use Sanitizer::{Address, Leak, Miri, Thread};

    let example = |arguments| Subject::Example { arguments, release: false };
    let optimised = |arguments| Subject::Example { arguments, release: true };
    let tests = |cargo| Subject::Tests { cargo, model: None };
    let models = |model| Subject::Tests { cargo: SCENARIOS, model: Some(model) };
    let check = |name, sanitizer, about, subject, expected| Check {
        name, sanitizer, about, subject, options: None, expected,
    };
    let without_leaks = |check| Check { options: Some("detect_leaks=0"), ..check };
    let with_trees = |check| Check { options: Some("-Zmiri-tree-borrows"), ..check };
    let with_stacks = |check| Check { options: Some("-Zmiri-strict-provenance"), ..check };
    let with_whole_stacks = |check| Check { options: Some("fast_unwind_on_malloc=0"), ..check };

    vec![
        check("thread/control", Thread, "two producers on one deque are reported, in the deque", example("planted race"), Planted("data race", "src/deque/dequeue.rs")),
        check("thread/soak", Thread, "the scenarios and the long runs, unoptimised", example(JOINED), Nothing),
        check("thread/soak-release", Thread, "the same, optimised", optimised(JOINED), Nothing),
        check("thread/artefact-channel", Thread, "a channel without a deque is reported", example("planted channel"), Artefact(Kind::Channel)),
        check("thread/artefact-mutex", Thread, "a mutex without a deque is reported", example("planted mutex"), Artefact(Kind::Mutex)),
        check("thread/artefact-arc", Thread, "an `Arc` with no deque in it is reported", example("planted arc"), Artefact(Kind::Arc)),
        check("thread/scattered", Thread, "the scenarios whose threads drop the handles unjoined: nothing is reported but what an `Arc` destroys", example(SCATTERED), NothingBut(Kind::Arc)),
        check("address/control", Address, "a look at a value after its deque dropped it is reported", example("planted use-after-free"), Planted("heap-use-after-free", "planted.rs")),
        check("address/soak", Address, "the scenarios and the long runs, unoptimised", example(ALL), Nothing),
        check("address/soak-release", Address, "the same, optimised", optimised(ALL), Nothing),
        check("address/behaviour", Address, "unit tests, hostile cases, the peers' suites", tests(BEHAVIOUR), Nothing),
        without_leaks(check("address/pool", Address, "the suites of the pool, of buffers and of the janitor", tests(POOL), Nothing)),
        without_leaks(check("address/storm", Address, "20 seconds of the pool's storm, optimised; it forgets values on purpose", tests(STORM), Nothing)),
        without_leaks(check("address/forgotten", Address, "tests that leak on purpose, and the hostile cases with them", tests(FORGOTTEN), Nothing)),
        without_leaks(check("address/properties", Address, "the properties and Go's traces", tests(PROPERTIES), Nothing)),
        check("address/parked-workers", Address, "the scheduler that others might build", tests(PARKED_WORKERS), Nothing),
        without_leaks(check("address/loom", Address, "the scenarios with a name, under loom", models("loom"), Nothing)),
        without_leaks(check("address/shuttle", Address, "the same, under shuttle", models("shuttle"), Nothing)),
        with_whole_stacks(check("leak/control", Leak, "a batch that is forgotten with its values is reported", example("planted leak"), Planted("detected memory leaks", "planted.rs"))),
        check("leak/soak", Leak, "the scenarios and the long runs, unoptimised", example(ALL), Nothing),
        check("leak/soak-release", Leak, "the same, optimised", optimised(ALL), Nothing),
        check("leak/behaviour", Leak, "unit tests, hostile cases, the peers' suites", tests(BEHAVIOUR), Nothing),
        check("leak/pool", Leak, "the same, but for a test that forgets a guard", tests(POOL_WITHOUT_LEAKS), Nothing),
        check("leak/parked-workers", Leak, "the scheduler that others might build", tests(PARKED_WORKERS), Nothing),
        check("miri/control", Miri, "a look at a value after its deque dropped it is reported", example("planted use-after-free"), Planted("Undefined Behavior", "planted.rs")),
        with_trees(check("miri/soak", Miri, "the scenarios and the long runs, once each, under Tree Borrows", example("soak 1"), Nothing)),
        with_trees(check("miri/pool", Miri, "the small tests of the pool, under Tree Borrows", tests(SMALL_OF_THE_POOL), Nothing)),
        with_trees(check("miri/bounded-trees", Miri, "the tests of the bounded deque, under Tree Borrows", tests(BOUNDED), Nothing)),
        with_stacks(check("miri/bounded-stacks", Miri, "the same, under Stacked Borrows and with strict provenance", tests(BOUNDED), Nothing)),
    ]
}

impl Sanitizer {
    pub(super) const ALL: [Self; 4] = [Self::Thread, Self::Address, Self::Leak, Self::Miri];

    /// As the compiler calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Thread => "thread",
            Self::Address => "address",
            Self::Leak => "leak",
            Self::Miri => "miri",
        }
    }

    /// The compiler's flags.
    pub(super) fn flags(self) -> &'static str {
        // The standard library comes without the sanitizer, which the compiler refuses to mix unless told.
        match self {
            Self::Thread => "-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer",
            Self::Address => "-Zsanitizer=address -Cunsafe-allow-abi-mismatch=sanitizer",
            Self::Leak => "-Zsanitizer=leak -Cunsafe-allow-abi-mismatch=sanitizer",
            // An interpreter, which needs none.
            Self::Miri => "",
        }
    }

    /// The variable that its options are in.
    pub(super) fn options(self) -> &'static str {
        match self {
            Self::Thread => "TSAN_OPTIONS",
            Self::Address => "ASAN_OPTIONS",
            Self::Leak => "LSAN_OPTIONS",
            Self::Miri => "MIRIFLAGS",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sanitizer_has_a_control_before_anything_else() {
        for sanitizer in Sanitizer::ALL {
            let first = all().into_iter().find(|check| check.sanitizer == sanitizer);
            let expected = first.map(|check| check.expected);
            assert!(matches!(expected, Some(Expected::Planted(..))), "{sanitizer:?}: {expected:?}");
        }
    }

    #[test]
    fn a_check_is_named_after_its_sanitizer() {
        for Check { name, sanitizer, .. } in all() {
            assert!(name.starts_with(&format!("{}/", sanitizer.name())), "{name}");
        }
    }
}
