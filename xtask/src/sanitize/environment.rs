//! What the environment must not tell the programs that are run.

use std::env;
use std::process::Command;
use std::sync::LazyLock;

use regex::Regex;

/// The cargo that runs us and its toolchain, other flags, what ends a model early, and options for the
/// sanitizers: with suppressions among them nothing would be found.
static NOT_FOR_THEM: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?x)^(?:
        LOOM_.* | SHUTTLE_.* | PROPTEST_.* | POOLDEQUE_.* | \w*SAN_OPTIONS | MIRI.* |
        RUSTUP_TOOLCHAIN | RUSTC(?:_.*)? | (?:CARGO_(?:ENCODED_|BUILD_|TARGET_\w+_)?)?RUST(?:DOC)?FLAGS |
        CARGO | CARGO_(?:PKG|MANIFEST|BIN|CRATE|PRIMARY|PROFILE|TERM|TARGET)_.* | CARGO_BUILD_TARGET | OUT_DIR
    )$";
    Regex::new(pattern).expect("the pattern is right")
});

/// Keeps all that from `command`.
pub(super) fn clear(command: &mut Command) {
    let names = env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in names.filter(|name| NOT_FOR_THEM.is_match(name)) {
        command.env_remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suppressions_flags_and_toolchains_are_kept_from_what_runs() {
        let names =
            "MIRIFLAGS TSAN_OPTIONS ASAN_OPTIONS LSAN_OPTIONS RUSTFLAGS CARGO_ENCODED_RUSTFLAGS RUSTC RUSTC_WRAPPER
            RUSTUP_TOOLCHAIN CARGO CARGO_PKG_NAME CARGO_TARGET_DIR LOOM_MAX_PERMUTATIONS PROPTEST_CASES";
        for name in names.split_whitespace() {
            assert!(NOT_FOR_THEM.is_match(name), "{name}");
        }
    }

    #[test]
    fn what_says_where_things_are_is_left() {
        for name in "PATH HOME CARGO_HOME RUSTUP_HOME CARGO_NET_OFFLINE CARGO_BUILD_JOBS".split_whitespace() {
            assert!(!NOT_FOR_THEM.is_match(name), "{name}");
        }
    }
}
