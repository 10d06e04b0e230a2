//! What can be measured: the deques, and the pools.

use std::sync::LazyLock;

use serde::Deserialize;

/// How much to measure.
#[derive(Clone, Copy)]
pub(super) struct Effort {
    pub(super) rounds: u32,
    pub(super) seconds: f64,
}

/// A bench program, and what is made of its results. `deques.toml` says what each entry is.
#[derive(Deserialize)]
pub(super) struct Suite {
    /// Its name: the name of the bench target too.
    pub(super) name: String,
    /// How it is built, each time with other arguments to cargo: the results of all builds go together.
    pub(super) builds: Vec<Vec<String>>,
    pub(super) rows: Vec<[String; 3]>,
    /// How the names of this crate's subjects begin.
    pub(super) ours: Vec<String>,
    pub(super) no_peers: Vec<String>,
    pub(super) floor: String,
    pub(super) steady: Vec<String>,
    pub(super) bars: Vec<String>,
    pub(super) lines: Vec<String>,
    pub(super) in_lines: Vec<String>,
    pub(super) figures: Vec<Figure>,
    pub(super) go_files: Vec<String>,
    pub(super) go: Vec<GoBenchmark>,
    pub(super) page: String,
    pub(super) command: String,
}

/// A benchmark in Go, and the names under which its result is stored.
#[derive(Deserialize)]
pub(super) struct GoBenchmark {
    pub(super) name: String,
    pub(super) row: String,
    pub(super) subject: String,
    pub(super) size: Option<u64>,
}

/// A figure to reach, by a subject at a row, perhaps at a size, and to a share of the best of others.
#[derive(Deserialize)]
pub(super) struct Figure {
    pub(super) what: String,
    pub(super) rule: Rule,
    pub(super) row: String,
    pub(super) subject: String,
    #[serde(default)]
    pub(super) to: Vec<String>,
    pub(super) size: Option<u64>,
    pub(super) share: Option<f64>,
}

/// When it is reached.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Rule {
    /// The subject takes at most so many times what the other takes.
    AtMost(f64),
    /// It takes less.
    Less,
    /// It is so many times as fast.
    Faster(f64),
    /// It takes at most so many nanoseconds.
    Within(f64),
    /// What it takes at the sizes of the row, as a multiple of what the other takes there, lies within this factor.
    Flat(f64),
}

fn read(text: &str) -> Suite {
    toml::from_str(text).unwrap_or_else(|error| panic!("a suite cannot be read: {error}"))
}

/// The deques.
pub(super) static DEQUES: LazyLock<Suite> = LazyLock::new(|| read(include_str!("deques.toml")));

/// The pools.
pub(super) static POOLS: LazyLock<Suite> = LazyLock::new(|| read(include_str!("pools.toml")));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_subjects_are_called_what_the_benches_call_them() {
        let suites = [
            (&*DEQUES, include_str!("../../../benches/src/names.rs")),
            (&*POOLS, include_str!("../../../benches/src/pools/names.rs")),
        ];
        for (suite, names) in suites {
            let lists =
                [&suite.ours, &suite.no_peers, &suite.steady, &suite.bars, &suite.lines, &suite.in_lines];
            let in_go = suite.go.iter().flat_map(|it| [&it.row, &it.subject]);
            let in_figures =
                suite.figures.iter().flat_map(|it| [&it.row, &it.subject].into_iter().chain(&it.to));
            let rows = suite.rows.iter().map(|row| &row[0]);
            for name in
                lists.into_iter().flatten().chain(in_go).chain(in_figures).chain(rows).chain([&suite.floor])
            {
                let name = name.trim_end_matches(" (owner)");
                assert!(
                    names.contains(&format!(" = \"{name}\";")),
                    "{name} is not in the names of {}",
                    suite.name
                );
            }
        }
    }
}
