//! Reading files, and telling text from other data.

use std::io::{self, ErrorKind, Read};

use pooldeque::Pool;

/// A file is binary if it has a NUL among its first bytes, as many as these.
const LOOKED_AT_FOR_NUL: usize = 32 * 1024;

/// Files up to this size are read whole.
const BUFFER_SIZE: usize = 256 * 1024;

/// A buffer for one file at a time.
pub(crate) struct Buffer(Box<[u8]>);

/// The buffers of all threads. One is made when a thread comes to its first file, so the threads that come to
/// none, as most of them on a single file, have none.
pub(crate) type Buffers = Pool<Buffer>;

/// How a file begins.
pub(crate) enum Text<'buffer> {
    /// Not text at all.
    Binary,
    /// The whole of it.
    Whole(&'buffer [u8]),
    /// There may be more to read.
    Beginning(&'buffer [u8]),
}

impl Buffer {
    pub(crate) fn new() -> Self {
        Self(vec![0; BUFFER_SIZE].into_boxed_slice())
    }

    /// Reads the beginning of a file, or all of a small one.
    ///
    /// # Errors
    ///
    /// The file cannot be read.
    pub(crate) fn read(&mut self, file: &mut impl Read) -> io::Result<Text<'_>> {
        let mut len = read_until(file, &mut self.0, 0, LOOKED_AT_FOR_NUL)?;
        let looked_at = &self.0[..len.min(LOOKED_AT_FOR_NUL)];
        if memchr::memchr(0, looked_at).is_some() {
            return Ok(Text::Binary);
        }
        if len >= LOOKED_AT_FOR_NUL {
            len = read_until(file, &mut self.0, len, BUFFER_SIZE)?;
        }
        let text = &self.0[..len];
        Ok(if len < BUFFER_SIZE { Text::Whole(text) } else { Text::Beginning(text) })
    }
}

/// Fills `buffer` from `filled` on until at least `wanted` bytes of it are, or the file ends.
fn read_until(
    file: &mut impl Read,
    buffer: &mut [u8],
    mut filled: usize,
    wanted: usize,
) -> io::Result<usize> {
    while filled < wanted {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}
