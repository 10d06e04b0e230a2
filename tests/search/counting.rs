//! `--count`, and what is searched.

use std::path::Path;

use crate::program::run;
use crate::tree::{self, LOOKED_AT_FOR_NUL, MANY, MATCHES};

#[test]
fn the_count_is_alone_on_the_last_line_with_any_number_of_threads() {
    let tree = tree::plant();
    tree::plant_many(tree.path());
    for threads in ["1", "2", "3", "8", "33"] {
        let ended = run(tree.path(), ["--count", "--threads", threads, "needle"]);
        assert_eq!(ended.count(), MATCHES + MANY, "{threads} threads");
        assert_eq!(ended.stderr, "");
        assert_eq!(ended.status, 0);
    }
}

#[test]
fn no_match_counts_zero_and_exits_with_one() {
    let tree = tree::plant();
    let ended = run(tree.path(), ["--count", "no such word"]);
    assert_eq!((ended.count(), ended.status), (0, 1));
    let ended = run(tree.path(), ["no such word"]);
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str(), ended.status), ("", "", 1));
}

#[test]
fn lines_end_where_grep_has_them_end() {
    let tree = tree::plant();
    let count = |pattern: &str, file: &str| run(tree.path(), ["--count", pattern, file]).count();
    assert_eq!(count("", "empty.txt"), 0);
    assert_eq!(count("", "no_newline_at_the_end.txt"), 2);
    assert_eq!(count("end$", "no_newline_at_the_end.txt"), 1);
    assert_eq!(count("^$", "deep/er/est/leaf.txt"), 1);
    // A carriage return is a part of its line.
    assert_eq!(count("needle$", "crlf.txt"), 0);
    assert_eq!(count("needle\r$", "crlf.txt"), 1);
}

#[test]
fn a_nul_in_the_first_32_kib_makes_a_file_binary() {
    let tree = tree::plant();
    tree::write(tree.path(), "late/nul", tree::with_nul_at(LOOKED_AT_FOR_NUL));
    let count = |file: &str| run(tree.path(), ["--count", "needle", file]).count();
    assert_eq!(count("binary.bin"), 0);
    assert_eq!(count("binary_at_the_last_moment.bin"), 0);
    assert_eq!(count("late/nul"), 1);
}

#[test]
fn a_byte_order_mark_is_a_part_of_the_first_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::write(folder.path(), "utf8", "\u{feff}needle\n");
    tree::write(folder.path(), "utf16", b"\xff\xfeneedle\n");
    let count = |pattern: &str| run(folder.path(), ["--count", pattern]).count();
    assert_eq!(count("needle"), 2);
    assert_eq!(count("^needle"), 0);
}

#[test]
fn links_are_followed_on_the_command_line_only() {
    let tree = tree::plant();
    let count = |path: &str| run(tree.path(), ["--count", "needle", path]).count();
    assert_eq!(count("link_to_file"), 2);
    assert_eq!(count("link_to_folder"), 1);
    // Links below it are not followed, so that it ends.
    assert_eq!(count("loop"), MATCHES);
}

#[test]
fn a_path_named_twice_is_searched_twice() {
    let tree = tree::plant();
    let ended = run(tree.path(), ["--count", "needle", "plain.txt", "deep", "plain.txt"]);
    assert_eq!(ended.count(), 2 + 1 + 2);
}

#[test]
fn a_pattern_can_be_text_regardless_of_case_or_several() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::write(folder.path(), "text", "a.c\nabc\nA.C\nÄ\nä\n");
    let count = |arguments: &[&str]| run(folder.path(), [&["--count"], arguments].concat()).count();
    assert_eq!(count(&["a.c"]), 2);
    assert_eq!(count(&["--fixed-strings", "a.c"]), 1);
    assert_eq!(count(&["--ignore-case", "a.c"]), 3);
    assert_eq!(count(&["-F", "-i", "a.c"]), 2);
    assert_eq!(count(&["-i", "ä"]), 2);
    assert_eq!(count(&["^abc\n^ä"]), 2);
    assert_eq!(count(&["^[Ää]$"]), 2);
}

#[test]
fn characters_are_what_the_locale_says() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::write(folder.path(), "text", "ä\nab\n\u{ff}\n");
    let count = |locale: &str, pattern: &str| count_in_locale(folder.path(), locale, pattern);
    assert_eq!(count("C.UTF-8", "^.$"), 2);
    assert_eq!(count("C.UTF-8", "^..$"), 1);
    assert_eq!(count("C", "^.$"), 0);
    assert_eq!(count("C", "^..$"), 3);
    assert_eq!(count("C", "ä"), 1);
    // Means nothing in bytes, so it was meant in Unicode.
    assert_eq!(count("C", "^[ä]$"), 1);
}

fn count_in_locale(folder: &Path, locale: &str, pattern: &str) -> u64 {
    crate::program::end(crate::program::search(folder).env("LC_ALL", locale).args(["-c", pattern])).count()
}
