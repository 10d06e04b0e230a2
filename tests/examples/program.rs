//! Running an example to its end.

use std::ffi::OsStr;
use std::process::{Command, Output};

use crate::example;

/// An example that is to be run.
pub(crate) fn command(example: &str) -> Command {
    Command::new(example::path(example))
}

/// Runs an example that ends by itself.
pub(crate) fn run<A: AsRef<OsStr>>(example: &str, arguments: impl IntoIterator<Item = A>) -> Output {
    let output = command(example).args(arguments).output();
    output.unwrap_or_else(|error| panic!("{example}: {error}"))
}

/// What an example prints that succeeds, and has nothing to complain of.
#[track_caller]
pub(crate) fn printed<A: AsRef<OsStr>>(example: &str, arguments: impl IntoIterator<Item = A>) -> String {
    let output = run(example, arguments);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    String::from_utf8(output.stdout).expect("what is printed is text")
}
