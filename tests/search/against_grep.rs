//! Compares the answers with GNU grep, where it is installed.

use std::path::Path;
use std::process::Command;

use crate::program::{end, search};
use crate::tree;

/// Patterns with the same meaning in both.
const PATTERNS: [&str; 16] = [
    "needle",
    "hay|two|end$",
    "^$",
    "",
    "^needle",
    "[0-9]{2,3} .*need",
    "(straw ){30,}needle$",
    "n.e.d",
    "needle .*\n^hay",
    "^.{4,6}$",
    "^[^ ]+ [^ ]+$",
    r"\bat\b",
    r"\w+\W\w+",
    "[[:space:]]$",
    "[[:upper:]][[:lower:]]+ [[:digit:]]",
    "unsafe|fn [a-z_]+<",
];

fn has_gnu_grep() -> bool {
    let version = Command::new("grep").arg("--version").output();
    let is_gnu = version.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("GNU grep"));
    if !is_gnu {
        eprintln!("not compared: GNU grep is not installed");
    }
    is_gnu
}

fn grep(folder: &Path, locale: &str) -> Command {
    let mut grep = Command::new("grep");
    grep.current_dir(folder).env("LC_ALL", locale).env_remove("GREP_COLORS");
    grep
}

/// Compares counts and printed lines below a folder, in one locale.
#[track_caller]
fn agree(folder: &Path, locale: &str) {
    for pattern in PATTERNS {
        let theirs = end(grep(folder, locale).args(["-rIcE", "-e", pattern]));
        let count = |line: &str| line.rsplit(':').next().and_then(|count| count.parse().ok());
        let theirs_in_all: u64 = theirs.stdout.lines().map(|line| count(line).unwrap_or(0_u64)).sum();
        let ours = end(search(folder).env("LC_ALL", locale).args(["--count", "--", pattern]));
        assert_eq!(ours.count(), theirs_in_all, "{pattern:?} below {} in {locale}", folder.display());
        assert_eq!(ours.status, theirs.status, "{pattern:?}");

        let theirs = end(grep(folder, locale).args(["-rInE", "-e", pattern]));
        let ours = end(search(folder).env("LC_ALL", locale).args(["--", pattern]));
        // In a UTF-8 locale grep does not print lines that are not UTF-8, though it counts them.
        let comparable = |line: &&str| locale == "C" || !line.starts_with("invalid_utf8.txt");
        let ours: Vec<&str> = ours.sorted_lines().into_iter().filter(comparable).collect();
        let theirs: Vec<&str> = theirs.sorted_lines().into_iter().filter(comparable).collect();
        assert!(ours == theirs, "{pattern:?} prints other lines below {} in {locale}", folder.display());
    }
}

/// Without such a locale grep falls back to bytes, and the two cannot agree.
fn has_utf8_locale() -> bool {
    let locales = Command::new("locale").arg("-a").output();
    let names = locales.map(|output| String::from_utf8_lossy(&output.stdout).to_ascii_lowercase());
    let has = names.is_ok_and(|names| names.lines().any(|name| name == "c.utf8" || name == "c.utf-8"));
    if !has {
        eprintln!("not compared in a UTF-8 locale: the system does not list C.UTF-8");
    }
    has
}

#[test]
fn on_a_tree_with_every_kind_of_file() {
    if !has_gnu_grep() {
        return;
    }
    let tree = tree::plant();
    agree(tree.path(), "C");
    if has_utf8_locale() {
        agree(tree.path(), "C.UTF-8");
    }
}

#[test]
fn on_the_sources_of_this_crate() {
    if !has_gnu_grep() {
        return;
    }
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    agree(&sources, "C");
    if has_utf8_locale() {
        agree(&sources, "C.UTF-8");
    }
}
