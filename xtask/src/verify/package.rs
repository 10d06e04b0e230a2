//! What must be true of the package as its users get it.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};

/// The whole of a user's dependency tree without `membarrier`, or on a system that is not Linux.
const CRATES: [&str; 3] = ["crossbeam-epoch", "crossbeam-utils", "pooldeque"];

/// What a user must find in the package.
const FILES: [&str; 6] =
    ["CHANGELOG.md", "Cargo.toml", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "src/lib.rs"];

/// What has no place in it: the other members of the workspace.
const FOLDERS_LEFT_OUT: [&str; 6] =
    ["benches/", "loom-tests/", "no-std-check/", "parked-workers/", "proptests/", "xtask/"];

/// The listing has what a user needs, and none of the workspace around the library.
pub(super) fn holds_what_it_should(listing: &str) -> Result<()> {
    let files: BTreeSet<_> = listing.lines().collect();
    for file in FILES {
        ensure!(files.contains(file), "the package lacks {file}");
    }
    for folder in FOLDERS_LEFT_OUT {
        let stray = files.iter().find(|file| file.starts_with(folder));
        ensure!(stray.is_none(), "the package holds {}", stray.unwrap_or(&""));
    }
    Ok(())
}

/// cargo packaged and built it without a word of warning.
pub(super) fn warns_of_nothing(output: &str) -> Result<()> {
    let warning = output.lines().find(|line| line.trim_start().starts_with("warning"));
    ensure!(warning.is_none(), "cargo complains of the package: {}", warning.unwrap_or_default());
    Ok(())
}

/// The storm has run to its end.
pub(super) fn has_stormed(output: &str) -> Result<()> {
    ensure!(output.lines().any(|line| line.starts_with("storm: ")), "there was no storm");
    Ok(())
}

/// What `membarrier` adds on Linux.
const FOR_MEMBARRIER: [&str; 3] = ["bitflags", "linux-raw-sys", "rustix"];

/// The tree is the library, crossbeam-epoch and crossbeam-utils.
pub(super) fn needs_two_dependencies(tree: &str) -> Result<()> {
    needs(tree, &BTreeSet::from(CRATES))
}

/// The tree is that, and rustix with the two that it needs.
pub(super) fn needs_five_dependencies(tree: &str) -> Result<()> {
    needs(tree, &CRATES.into_iter().chain(FOR_MEMBARRIER).collect())
}

fn needs(tree: &str, expected: &BTreeSet<&str>) -> Result<()> {
    let crates: BTreeSet<_> = tree.lines().filter_map(name_of_crate).collect();
    ensure!(crates == *expected, "a user's dependency tree is {crates:?}, not {expected:?}");
    Ok(())
}

/// The name in a line such as `crossbeam-utils v0.8.20`; nothing in a line of cargo's own.
fn name_of_crate(line: &str) -> Option<&str> {
    let (name, version) = line.split_once(" v")?;
    let is_crate = !name.contains(' ') && version.starts_with(|first: char| first.is_ascii_digit());
    is_crate.then_some(name)
}

/// The compiler says that a second panic handler came along with the standard library.
pub(super) fn refuses_the_standard_library(output: &str) -> Result<()> {
    let refused = output.contains("duplicate lang item `panic_impl`") && output.contains("crate `std`");
    ensure!(refused, "the control failed, but not because the standard library was linked");
    Ok(())
}

/// The first line of what the library says to a target that it cannot use.
const NEEDS_ATOMICS: &str = "needs a target with 64-bit atomics";

/// The library refuses the target, and says why.
pub(super) fn asks_for_64_bit_atomics(output: &str) -> Result<()> {
    ensure!(output.contains(NEEDS_ATOMICS), "a target without 64-bit atomics is not told that it lacks them");
    Ok(())
}

/// The library does not refuse the target; what else is missing there does not matter.
pub(super) fn asks_for_nothing_of_the_kind(output: &str) -> Result<()> {
    ensure!(!output.contains(NEEDS_ATOMICS), "a target with 64-bit atomics is told that it lacks them");
    ensure!(output.contains("pooldeque") || output.contains("core::"), "the library was not compiled at all");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tree_is_read_whatever_stands_around_it() {
        let tree = "  Downloaded regex v1.11.1\npooldeque v0.1.0 (/somewhere)\ncrossbeam-epoch v0.9.18\n\
                    crossbeam-utils v0.8.20\ncrossbeam-utils v0.8.20 (*)";
        assert!(needs_two_dependencies(tree).is_ok());
    }

    #[test]
    fn a_third_dependency_is_refused_and_so_is_a_missing_one() {
        let three = "pooldeque v0.1.0\ncrossbeam-epoch v0.9.18\ncrossbeam-utils v0.8.20\n";
        assert!(needs_two_dependencies(three).is_ok());
        assert!(needs_two_dependencies(&format!("{three}libc v0.2.1")).is_err());
        assert!(needs_two_dependencies("pooldeque v0.1.0\ncrossbeam-utils v0.8.20").is_err());
        assert!(needs_two_dependencies("").is_err());
        assert!(needs_five_dependencies(three).is_err());
        let five = format!("{three}rustix v1.1.6\nbitflags v2.13.2\nlinux-raw-sys v0.12.1");
        assert!(needs_five_dependencies(&five).is_ok());
    }

    #[test]
    fn the_listing_must_have_all_and_nothing_more() {
        let listing = FILES.join("\n");
        assert!(holds_what_it_should(&listing).is_ok());
        assert!(holds_what_it_should(&listing.replace("README.md", "READYOU.md")).is_err());
        assert!(holds_what_it_should(&format!("{listing}\nxtask/src/main.rs")).is_err());
    }

    #[test]
    fn a_control_that_fails_for_another_reason_is_refused() {
        let duplicate =
            "error[E0152]: found duplicate lang item `panic_impl`\n  = note: first defined in crate `std`";
        assert!(refuses_the_standard_library(duplicate).is_ok());
        assert!(refuses_the_standard_library("error: no space left on device").is_err());
    }

    #[test]
    fn a_warning_about_the_package_is_noticed() {
        assert!(warns_of_nothing("   Packaging pooldeque\n    Packaged 30 files").is_ok());
        assert!(warns_of_nothing("   Packaging pooldeque\nwarning: manifest has no homepage").is_err());
    }

    #[test]
    fn only_a_target_without_the_atomics_is_to_be_told_so() {
        let told = "error: pooldeque needs a target with 64-bit atomics";
        let other = "error[E0432]: unresolved import `core::fmt`";
        assert!(asks_for_64_bit_atomics(told).is_ok() && asks_for_64_bit_atomics(other).is_err());
        assert!(asks_for_nothing_of_the_kind(told).is_err() && asks_for_nothing_of_the_kind(other).is_ok());
        assert!(asks_for_nothing_of_the_kind("").is_err());
    }
}
