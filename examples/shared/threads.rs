//! The thread limit of the examples, and the error when the system cannot spawn more.

use std::io;

/// The maximum number of threads that an example accepts for one option.
pub(crate) const MOST: i64 = 256;

/// The error for a thread that could not be spawned.
pub(crate) fn no_thread(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("a thread cannot be started: {error}"))
}
