//! `--help` states what an example shows.

use crate::program::printed;

#[test]
fn each_example_says_what_it_shows() {
    for (example, purpose) in [
        ("pipeline", "where pools help a log pipeline, and where they do not"),
        ("metrics", "a pool's statistics as Prometheus metrics"),
        ("tiered", "what pools by size save"),
        ("pressure", "keeps the resident set within it"),
        ("cache", "what a cache is for, and what a pool is for"),
    ] {
        let help = printed(example, ["--help"]);
        let first = help.lines().next().expect("help");
        assert!(first.starts_with("Shows ") && first.contains(purpose), "{example}: {first}");
        assert!(help.contains("\nOptions:\n"), "{help}");
    }
}
