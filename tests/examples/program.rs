//! Running an example to completion.

use std::ffi::OsStr;
use std::process::{Command, Output};

use crate::example;

/// A command that runs an example.
pub(crate) fn command(example: &str) -> Command {
    Command::new(example::path(example))
}

/// Runs an example that exits by itself.
pub(crate) fn run<A: AsRef<OsStr>>(example: &str, arguments: impl IntoIterator<Item = A>) -> Output {
    let output = command(example).args(arguments).output();
    output.unwrap_or_else(|error| panic!("{example}: {error}"))
}

/// The standard output of an example, which must succeed with nothing on standard error.
#[track_caller]
pub(crate) fn printed<A: AsRef<OsStr>>(example: &str, arguments: impl IntoIterator<Item = A>) -> String {
    let output = run(example, arguments);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).expect("UTF-8 output")
}
