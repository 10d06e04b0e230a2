//! Printing to standard output, whose reader may go away early.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

/// Prints a text. Returns false if the reader has closed the pipe, as `head` does; nothing more needs to be
/// printed then.
///
/// # Errors
///
/// Standard output cannot be written.
pub(crate) fn print(text: impl Display) -> io::Result<bool> {
    let mut output = io::stdout().lock();
    match write!(output, "{text}").and_then(|()| output.flush()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(io::Error::new(error.kind(), format!("standard output: {error}"))),
    }
}

/// Prints an error of the program called `program`.
pub(crate) fn complain(program: &str, trouble: impl Display) {
    // If standard error is closed, the exit status still reports the error.
    let _ = writeln!(io::stderr(), "{program}: {trouble}");
}

/// The exit status of the program called `program`: its outcome's, or `trouble` after printing the error.
pub(crate) fn status(program: &str, trouble: u8, outcome: Result<ExitCode, impl Display>) -> ExitCode {
    outcome.unwrap_or_else(|error| {
        complain(program, error);
        ExitCode::from(trouble)
    })
}
