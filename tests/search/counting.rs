//! `--count`, and which files are searched.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::program::{Ended, end, run, search};
use crate::tree::{self, MANY, MATCHES, READ_FIRST};

#[test]
fn the_count_is_the_only_output_with_any_number_of_threads() {
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
fn lines_end_where_grep_ends_them() {
    let tree = tree::plant();
    let count = |pattern: &str, file: &str| run(tree.path(), ["--count", pattern, file]).count();
    assert_eq!(count("", "empty.txt"), 0);
    assert_eq!(count("", "no_newline_at_the_end.txt"), 2);
    assert_eq!(count("end$", "no_newline_at_the_end.txt"), 1);
    assert_eq!(count("^$", "deep/er/est/leaf.txt"), 1);
    // A carriage return is part of its line.
    assert_eq!(count("needle$", "crlf.txt"), 0);
    assert_eq!(count("needle\r$", "crlf.txt"), 1);
}

#[test]
fn a_nul_anywhere_makes_a_file_binary() {
    let tree = tree::plant();
    let count = |file: &str| run(tree.path(), ["--count", "needle", file]);
    assert_eq!(count("binary.bin").count(), 0);
    assert_eq!(count("binary_at_the_last_moment.bin").count(), 0);
    // In the first part that is read, later in the buffer, and beyond the buffer.
    for position in [READ_FIRST - 1, READ_FIRST, 200_000, 262_143, 262_144, 400_000] {
        tree::write(tree.path(), "late/nul", tree::with_nul_at(position));
        let ended = count("late/nul");
        assert_eq!((ended.count(), ended.status), (0, 1), "{position}: {ended:?}");
    }
}

/// Regression test: grep needs two megabytes, an earlier version needed more than a gigabyte.
#[test]
fn text_before_a_hole_takes_no_memory_for_the_hole() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("hole");
    // More text than the search examines before it classifies a file as text.
    let text = "a line with a needle in it\n".repeat(3000);
    assert!(text.len() > 2 * READ_FIRST);
    std::fs::write(&path, text).expect("a file can be written");
    let file = std::fs::OpenOptions::new().write(true).open(&path).expect("it is ours");
    file.set_len(3 << 30).expect("a file can have a hole");
    tree::write(folder.path(), "other", "needle\n");
    let ended = with_little_memory(folder.path(), &["--count", "needle"]);
    assert_eq!((ended.count(), ended.status), (1, 0), "{ended:?}");
}

#[test]
fn a_file_with_a_line_that_is_too_long_is_reported_and_the_others_are_searched() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::write(folder.path(), "long", "x".repeat(80 << 20));
    tree::write(folder.path(), "other", "needle\n");
    let ended = with_little_memory(folder.path(), &["--count", "needle"]);
    assert_eq!((ended.count(), ended.status), (1, 2), "{ended:?}");
    assert!(ended.stderr.starts_with("search: long: "), "{ended:?}");
}

/// Runs the program with 400 MB of address space.
fn with_little_memory(folder: &Path, arguments: &[&str]) -> Ended {
    let mut command = std::process::Command::new("sh");
    command.current_dir(folder).args(["-c", "ulimit -v 400000; exec \"$@\"", "sh"]);
    command.arg(search(folder).get_program()).args(["-j", "1"]).args(arguments).env("LC_ALL", "C.UTF-8");
    end(&mut command)
}

#[test]
fn a_pattern_may_contain_any_bytes() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::write(folder.path(), "latin1", b"caf\xe9\ncafe\n");
    for flags in [&["--count"][..], &["--count", "-F"]] {
        let ended = end(search(folder.path()).args(flags).arg(OsStr::from_bytes(b"f\xe9")));
        assert_eq!((ended.count(), ended.status), (1, 0), "{ended:?}");
    }
}

#[test]
fn utf_16_is_decoded_by_its_byte_order_mark() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = "\u{feff}needle one\nhay\nneedle two\n";
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    tree::write(folder.path(), "little", &little);
    tree::write(folder.path(), "big", &big);
    assert_eq!(run(folder.path(), ["--count", "^needle"]).count(), 4);
    let ended = run(folder.path(), ["two"]);
    assert_eq!(ended.sorted_lines(), ["big:3:needle two", "little:3:needle two"]);
}

#[test]
fn a_byte_order_mark_is_not_part_of_the_first_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::write(folder.path(), "utf8", "\u{feff}needle\n");
    let count = |pattern: &str| run(folder.path(), ["--count", pattern]).count();
    assert_eq!(count("needle"), 1);
    assert_eq!(count("^needle"), 1);
}

#[test]
fn links_are_followed_on_the_command_line_only() {
    let tree = tree::plant();
    let count = |path: &str| run(tree.path(), ["--count", "needle", path]).count();
    assert_eq!(count("link_to_file"), 2);
    assert_eq!(count("link_to_folder"), 1);
    // Links below it are not followed, so the search ends.
    assert_eq!(count("loop"), MATCHES);
}

#[test]
fn a_path_named_twice_is_searched_twice() {
    let tree = tree::plant();
    let ended = run(tree.path(), ["--count", "needle", "plain.txt", "deep", "plain.txt"]);
    assert_eq!(ended.count(), 2 + 1 + 2);
}

#[test]
fn a_pattern_can_be_literal_case_insensitive_or_have_alternatives() {
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
fn the_locale_determines_the_characters() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::write(folder.path(), "text", "ä\nab\n\u{ff}\n");
    let count = |locale: &str, pattern: &str| count_in_locale(folder.path(), locale, pattern);
    assert_eq!(count("C.UTF-8", "^.$"), 2);
    assert_eq!(count("C.UTF-8", "^..$"), 1);
    assert_eq!(count("C", "^.$"), 0);
    assert_eq!(count("C", "^..$"), 3);
    assert_eq!(count("C", "ä"), 1);
    // Invalid for bytes, so it is treated as Unicode.
    assert_eq!(count("C", "^[ä]$"), 1);
}

fn count_in_locale(folder: &Path, locale: &str, pattern: &str) -> u64 {
    crate::program::end(crate::program::search(folder).env("LC_ALL", locale).args(["-c", pattern])).count()
}
