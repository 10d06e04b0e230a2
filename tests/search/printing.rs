//! The printed lines.

use std::collections::HashSet;
use std::io::Write;
use std::process::Stdio;

use crate::program::{run, search};
use crate::terminal::Terminal;
use crate::tree;

#[test]
fn lines_are_printed_with_path_and_number() {
    let tree = tree::plant();
    let ended = run(tree.path(), ["needle", "plain.txt", "no_newline_at_the_end.txt"]);
    let expected =
        ["no_newline_at_the_end.txt:2:needle at the end", "plain.txt:1:needle one", "plain.txt:3:needle two"];
    assert_eq!(ended.sorted_lines(), expected);
    assert_eq!((ended.stderr.as_str(), ended.status), ("", 0));
}

#[test]
fn paths_begin_as_on_the_command_line() {
    let tree = tree::plant();
    let search = |arguments: &[&str]| run(tree.path(), arguments).stdout;
    assert_eq!(search(&["two"]), "plain.txt:3:needle two\n");
    assert_eq!(search(&["two", "."]), "./plain.txt:3:needle two\n");
    assert_eq!(search(&["two", "./"]), "./plain.txt:3:needle two\n");
    assert_eq!(search(&["^$", "deep"]), "deep/er/est/leaf.txt:2:\n");
    assert_eq!(search(&["^$", "deep/"]), "deep/er/est/leaf.txt:2:\n");
    assert_eq!(search(&["hidden"]), ".hidden/.file:1:a hidden needle\n");
}

#[test]
fn standard_input_is_searched_when_named() {
    let tree = tree::plant();
    let mut child = search(tree.path())
        .args(["needle", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // More than a pipe buffers and less than the read buffer, so that it arrives in parts.
    let text = format!("{}needle\n", "hay\n".repeat(40_000));
    stdin.write_all(text.as_bytes()).expect("the program reads");
    drop(stdin);
    let ended = child.wait_with_output().expect("the program ends");
    assert_eq!(ended.stdout.escape_ascii().to_string(), r"(standard input):40001:needle\n");
}

#[test]
fn bytes_are_printed_unchanged() {
    let tree = tree::plant();
    let output = search(tree.path()).args(["needle", "invalid_utf8.txt", "crlf.txt", "-j1"]).output();
    let stdout = output.expect("the program runs").stdout;
    let expected: &[u8] = b"invalid_utf8.txt:1:needle \xff\xfe\ninvalid_utf8.txt:3:\xe2\x28needle\n\
                            crlf.txt:1:needle\r\ncrlf.txt:3:needle again\r\n";
    assert_eq!(stdout.escape_ascii().to_string(), expected.escape_ascii().to_string());
}

#[test]
fn the_lines_of_a_file_are_contiguous_and_in_order() {
    let tree = tempfile::tempdir().expect("a temporary folder");
    // Some outputs exceed the print buffer, some do not.
    for number in 0..60 {
        let lines = if number % 3 == 0 { 5000 } else { 40 };
        tree::write(tree.path(), &format!("{number}"), "line of some length\n".repeat(lines));
    }
    for _ in 0..5 {
        let ended = run(tree.path(), ["--threads", "8", "line"]);
        let (mut seen, mut current, mut last_line) = (HashSet::new(), "", 0);
        for line in ended.stdout.lines() {
            let mut fields = line.split(':');
            let (path, number) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
            assert_eq!(fields.next(), Some("line of some length"), "{line}");
            if path != current {
                assert!(seen.insert(path), "{path} comes twice");
                (current, last_line) = (path, 0);
            }
            last_line += 1;
            assert_eq!(number, last_line.to_string(), "{line}");
        }
        assert_eq!(seen.len(), 60);
        assert_eq!(ended.stdout.lines().count(), 20 * 5000 + 40 * 40);
    }
}

/// The escape sequences that show only this word in red.
const RED_NEEDLE: &str = "\x1b[31mneedle\x1b[0m ";

#[test]
fn a_terminal_gets_colours_and_a_pipe_does_not() {
    let tree = tree::plant();
    let on_terminal = |variable: &str| {
        let terminal = Terminal::open();
        let mut program = search(tree.path());
        program.args(["needle", "plain.txt"]).env(variable, "1").stdout(terminal.stream());
        let status = program.status().expect("the program runs");
        drop(program);
        assert_eq!(status.code(), Some(0));
        terminal.screen()
    };
    let coloured = on_terminal("WITHOUT_MEANING");
    assert_eq!(coloured.matches(RED_NEEDLE).count(), 2, "{coloured:?}");
    assert_eq!(on_terminal("NO_COLOR"), "plain.txt:1:needle one\r\nplain.txt:3:needle two\r\n");
    assert!(!run(tree.path(), ["needle"]).stdout.contains('\x1b'));
}

#[test]
fn colours_can_be_forced_and_forbidden() {
    let tree = tree::plant();
    let search = |arguments: &[&str]| run(tree.path(), arguments).stdout;
    let forced = search(&["--color", "always", "needle", "plain.txt"]);
    assert!(forced.contains(RED_NEEDLE), "{forced:?}");
    assert_eq!(search(&["--color", "never", "one", "plain.txt"]), "plain.txt:1:needle one\n");
}
