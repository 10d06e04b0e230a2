//! Variables that the programs must not inherit.

use std::env;
use std::process::Command;
use std::sync::LazyLock;

use regex::Regex;

/// Variables that would change what a run shows. A model that `LOOM_MAX_DURATION` ends early passes, a property that
/// `PROPTEST_CASES` lets try a single case does too, a page that `UPDATE_DOCS` rewrites is always current, and a
/// sanitizer with suppressions finds nothing.
pub(crate) static CHANGES_RESULTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"LOOM_.* | SHUTTLE_.* | PROPTEST_.* | POOLDEQUE_.* | TRYBUILD | UPDATE_DOCS | RUSTC_BOOTSTRAP |
        RUST_TEST_SHUFFLE.* | \w*SAN_OPTIONS | MIRI.* | (?:CARGO_(?:ENCODED_|BUILD_|TARGET_\w+_)?)?RUST(?:DOC)?FLAGS |
        CARGO_BUILD_TARGET | CARGO_PROFILE_.* | CARGO_TERM_.*",
    )
});

/// Variables that the cargo which runs us has set for us, and that are not for the cargo we run.
pub(crate) static OF_THIS_RUN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"CARGO_(?:PKG_.*|MANIFEST_.*|BIN_NAME|CRATE_NAME|PRIMARY_PACKAGE) | OUT_DIR"));

/// Which cargo and which compiler run, and where they build.
pub(crate) static TOOLCHAIN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"RUSTUP_TOOLCHAIN | RUSTC(?:_.*)? | CARGO | CARGO_(?:PKG|MANIFEST|BIN|CRATE|PRIMARY|TARGET)_.* | OUT_DIR",
    )
});

fn pattern(names: &str) -> Regex {
    Regex::new(&format!("(?x)^(?:{names})$")).expect("the pattern is right")
}

/// The variables of the environment that match, by name.
pub(crate) fn variables(pattern: &Regex) -> Vec<String> {
    let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let mut names: Vec<_> = names.filter(|name| pattern.is_match(name)).collect();
    names.sort();
    names
}

/// Keeps the variables that match one of the `patterns` from `command`.
pub(crate) fn clear(command: &mut Command, patterns: &[&Regex]) {
    for name in patterns.iter().flat_map(|pattern| variables(pattern)) {
        command.env_remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether all of these names match a pattern; nothing if some do.
    fn all(pattern: &Regex, names: &str) -> Option<bool> {
        let matches: Vec<_> = names.split_whitespace().map(|name| pattern.is_match(name)).collect();
        matches.iter().all(|it| *it == matches[0]).then_some(matches[0])
    }

    #[test]
    fn what_ends_a_model_or_silences_a_sanitizer_is_kept_from_what_runs() {
        let names = "LOOM_MAX_DURATION LOOM_MAX_PERMUTATIONS LOOM_MAX_PREEMPTIONS SHUTTLE_RANDOM_SEED PROPTEST_CASES
            POOLDEQUE_SCENARIO RUSTFLAGS RUSTDOCFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_RUSTFLAGS TRYBUILD UPDATE_DOCS
            CARGO_BUILD_RUSTDOCFLAGS CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS CARGO_BUILD_TARGET RUSTC_BOOTSTRAP
            CARGO_PROFILE_RELEASE_OPT_LEVEL CARGO_TERM_QUIET MIRIFLAGS TSAN_OPTIONS ASAN_OPTIONS LSAN_OPTIONS";
        assert_eq!(all(&CHANGES_RESULTS, names), Some(true));
        let names = "RUSTC RUSTC_WRAPPER RUSTUP_TOOLCHAIN CARGO CARGO_PKG_NAME CARGO_TARGET_DIR";
        assert_eq!(all(&TOOLCHAIN, names), Some(true));
    }

    #[test]
    fn what_says_how_to_build_is_left() {
        let names = "PATH HOME CARGO_HOME RUSTUP_HOME CARGO_NET_OFFLINE CARGO_BUILD_JOBS RUST_BACKTRACE RUST_TEST_THREADS";
        assert_eq!([&CHANGES_RESULTS, &OF_THIS_RUN, &TOOLCHAIN].map(|it| all(it, names)), [Some(false); 3]);
        let names = "CARGO CARGO_TARGET_DIR RUSTUP_TOOLCHAIN RUSTC_WRAPPER";
        assert_eq!([&CHANGES_RESULTS, &OF_THIS_RUN].map(|it| all(it, names)), [Some(false); 2]);
    }
}
