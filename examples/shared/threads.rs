//! How many threads an example may have, and what it says when the system has no more.

use std::io;

/// The most threads that an example starts for one thing.
pub(crate) const MOST: i64 = 256;

/// Why a thread could not be started.
pub(crate) fn no_thread(error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("a thread cannot be started: {error}"))
}
