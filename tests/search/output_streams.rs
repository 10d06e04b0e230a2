//! Outputs that close early, fail, or are files in the searched tree; and a terminal shared with error
//! messages.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use crate::patience::Patience;
use crate::program::{Ended, end, search};
use crate::terminal::Terminal;
use crate::tree;

#[test]
fn a_closed_pipe_ends_the_search_without_an_error() {
    let tree = tempfile::tempdir().expect("a temporary folder");
    // One file's output fills the pipe, and so do many files' outputs together.
    tree::write(tree.path(), "large", "needle\n".repeat(1_000_000));
    for number in 0..500 {
        tree::write(tree.path(), &format!("small/{number}"), "needle\n".repeat(1000));
    }
    for path in ["large", "small", "."] {
        let mut child = search(tree.path())
            .args(["--threads", "4", "needle", path])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut first_line = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut first_line).expect("a line");
        assert!(first_line.ends_with(":1:needle\n"), "{first_line:?}");
        // The reader is closed by now.
        let ended = Ended::from(child.wait_with_output().expect("the program ends"));
        assert_eq!((ended.stderr.as_str(), ended.status), ("", 0), "{path}");
    }
}

#[test]
fn a_closed_pipe_ends_the_search_early() {
    let tree = tree::plant();
    // Searching the named pipe would block indefinitely.
    let mut program = search(tree.path());
    program.args(["--threads", "1", "needle", "plain.txt", "pipe"]).stdout(closed_pipe());
    let mut child = KilledOnDrop(program.spawn().expect("the program starts"));
    let patience = Patience::new();
    while child.0.try_wait().expect("the program is ours").is_none() {
        patience.pause();
    }
}

/// A program that is killed if the test fails.
struct KilledOnDrop(Child);

impl Drop for KilledOnDrop {
    fn drop(&mut self) {
        // It may have exited already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A pipe without a reader.
fn closed_pipe() -> Stdio {
    let (_, writer) = std::io::pipe().expect("a pipe");
    writer.into()
}

#[test]
fn an_output_that_cannot_be_written_is_an_error() {
    // /dev/full is always full, on systems that have it.
    let Ok(full) = File::options().write(true).open("/dev/full") else {
        eprintln!("not tested: this machine has no /dev/full");
        return;
    };
    let tree = tree::plant();
    for arguments in [&["needle"][..], &["--count", "needle"]] {
        let stdout = full.try_clone().expect("a handle can be copied");
        let ended = end(search(tree.path()).args(arguments).stdout(stdout));
        assert!(ended.stderr.starts_with("search: standard output: "), "{ended:?}");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
        assert_eq!(ended.status, 2);
    }
}

#[test]
fn the_output_file_is_not_searched() {
    let tree = tempfile::tempdir().expect("a temporary folder");
    tree::write(tree.path(), "text", "needle\n".repeat(100_000));
    let search_into = |path: &str, arguments: &[&str]| {
        let output = File::create(tree.path().join(path)).expect("a new file");
        end(search(tree.path()).args(arguments).stdout(output))
    };
    let ended = search_into("output", &["needle"]);
    assert_eq!(ended.status, 2);
    assert!(ended.stderr.starts_with("search: output: "), "{ended:?}");
    let printed = fs::read_to_string(tree.path().join("output")).expect("the output");
    assert_eq!(printed.lines().count(), 100_000);
    assert!(printed.lines().all(|line| line.starts_with("text:") && line.ends_with(":needle")));

    // A count is printed after all reading, so the output file may be searched.
    fs::remove_file(tree.path().join("output")).expect("the output goes");
    let ended = search_into("count", &["--count", "needle"]);
    assert_eq!((ended.stderr.as_str(), ended.status), ("", 0));
    assert_eq!(fs::read_to_string(tree.path().join("count")).expect("the count"), "100000\n");
}

#[test]
fn progress_is_shown_only_where_it_mixes_with_no_output() {
    let tree = tree::plant();
    let count = run_with_stderr_on_terminal(tree.path(), &["--count", "needle", ".", "no such file"]);
    assert_eq!(count.stdout, format!("{}\n", tree::MATCHES));
    assert!(count.screen.contains("files, "), "{:?}", count.screen);
    assert!(count.screen.contains("search: no such file: "), "{:?}", count.screen);
    // Removed at the end: the last line was cleared after the cursor returned to its start.
    let last = count.screen.rsplit('\r').next().unwrap_or_default();
    assert_eq!(last, "\x1b[2K", "{:?}", count.screen);

    let terminal = Terminal::open();
    let mut both = search(tree.path());
    both.args(["--color", "never", "two", "no such file", "plain.txt"]);
    both.stdout(terminal.stream()).stderr(terminal.stream()).status().expect("the program runs");
    drop(both);
    let screen = terminal.screen();
    let (trouble, line) = screen.split_once("\r\n").unwrap_or_default();
    assert!(trouble.starts_with("search: no such file: "), "{screen:?}");
    assert_eq!(line, "plain.txt:3:needle two\r\n");
}

/// A run with standard error on a terminal.
struct Shown {
    stdout: String,
    screen: String,
}

fn run_with_stderr_on_terminal(folder: &Path, arguments: &[&str]) -> Shown {
    let terminal = Terminal::open();
    let mut program = search(folder);
    program.args(arguments).stderr(terminal.stream());
    let stdout = end(&mut program).stdout;
    drop(program);
    Shown { stdout, screen: terminal.screen() }
}
