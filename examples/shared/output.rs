//! Printing on standard output, which may end before the text does.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

/// Prints a text. False if its reader has gone, as `head` does: it has seen enough, and nothing more needs to be
/// printed.
///
/// # Errors
///
/// Standard output takes no more.
pub(crate) fn print(text: impl Display) -> io::Result<bool> {
    let mut output = io::stdout().lock();
    match write!(output, "{text}").and_then(|()| output.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(io::Error::new(error.kind(), format!("standard output: {error}"))),
    }
}

/// Reports what went wrong in a program of this name.
pub(crate) fn complain(program: &str, trouble: impl Display) {
    // With standard error closed the message is lost; the exit status still says so.
    let _ = writeln!(io::stderr(), "{program}: {trouble}");
}

/// The exit status of a program of this name: that of its outcome, or `trouble` after a complaint.
pub(crate) fn status(program: &str, trouble: u8, outcome: Result<ExitCode, impl Display>) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        complain(program, error);
        ExitCode::from(trouble)
    })
}
