//! Standard streams that are closed early or full.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::process::{Output, Stdio};

use crate::program::command;

/// A short run of each example, and its exit status for an error.
const RUNS: [(&str, &[&str], i32); 5] = [
    ("pressure", &["--budget", "64", "--wave", "4", "--waves", "2", "--interval", "5"], 2),
    ("cache", &["--documents", "20", "--queries", "50"], 1),
    ("tiered", &["--requests", "100", "--warm-up", "0"], 1),
    ("pipeline", &["--lines", "500", "--rounds", "1"], 1),
    ("metrics", &["--once=20"], 1),
];

#[track_caller]
fn ends(example: &str, arguments: &[&str], stdout: impl Into<Stdio>, stderr: impl Into<Stdio>) -> Output {
    let output = command(example).args(arguments).stdout(stdout).stderr(stderr).output();
    output.unwrap_or_else(|error| panic!("{example}: {error}"))
}

/// A pipe without a reader.
fn closed_pipe() -> Stdio {
    let (_, writer) = std::io::pipe().expect("a pipe");
    writer.into()
}

#[test]
fn a_closed_pipe_ends_them_without_an_error() {
    for (example, arguments, _) in RUNS {
        let output = ends(example, arguments, closed_pipe(), Stdio::piped());
        assert!(output.status.success() && output.stderr.is_empty(), "{example}: {output:?}");
    }
}

#[test]
fn a_reader_that_leaves_after_one_line_ends_them_without_an_error() {
    for (example, arguments, _) in RUNS {
        let mut run = command(example);
        let child = run.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("{example}: {error}"));
        let mut first = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut first).expect("a line");
        assert!(!first.is_empty());
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success() && output.stderr.is_empty(), "{example}: {output:?}");
    }
}

#[test]
fn a_closed_pipe_does_not_hide_that_a_budget_was_not_kept() {
    let arguments = ["--budget", "8", "--wave", "16", "--waves", "1", "--interval", "5"];
    let output = ends("pressure", &arguments, closed_pipe(), Stdio::piped());
    assert!(output.status.code() == Some(1) && output.stderr.is_empty(), "{output:?}");
}

#[test]
fn a_full_standard_output_is_reported_by_a_line_and_the_status() {
    // /dev/full is always full, on systems that have it.
    let Ok(full) = File::options().write(true).open("/dev/full") else {
        eprintln!("not tested: this machine has no /dev/full");
        return;
    };
    let full = || full.try_clone().expect("a duplicate handle");
    for (example, arguments, trouble) in RUNS {
        let output = ends(example, arguments, full(), Stdio::piped());
        let message = String::from_utf8_lossy(&output.stderr);
        assert!(message.starts_with(&format!("{example}: standard output: ")), "{output:?}");
        assert_eq!(
            (message.lines().count(), output.status.code()),
            (1, Some(trouble)),
            "{example}: {output:?}"
        );

        // If standard error is full as well, the exit status still reports it.
        let output = ends(example, arguments, full(), full());
        assert_eq!(output.status.code(), Some(trouble), "{example}: {output:?}");
    }
}
