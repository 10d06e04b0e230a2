//! Reading files, and distinguishing text from other data.

use std::io::{self, ErrorKind, Read};

use pooldeque::Pool;

/// How much of a file is read first. Most binary files show a NUL there, and no more of them is read.
const READ_FIRST: usize = 32 * 1024;

/// Files up to this size are read whole.
const BUFFER_SIZE: usize = 256 * 1024;

/// A buffer for one file at a time.
pub(crate) struct Buffer(Box<[u8]>);

/// The buffers of all threads. One is made when a thread comes to its first file, so the threads that come to
/// none, as most of them on a single file, have none.
pub(crate) type Buffers = Pool<Buffer>;

/// How a file begins.
pub(crate) enum Text<'buffer> {
    /// Not text at all: there is a NUL in it.
    Binary,
    /// The whole of it.
    Whole(&'buffer [u8]),
    /// There may be more to read, NULs included.
    Beginning(&'buffer [u8]),
}

/// The byte order marks of UTF-16. Text of that kind is decoded, and its NULs are halves of characters.
const UTF_16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

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
        let mut len = read_until(file, &mut self.0, 0, READ_FIRST)?;
        let is_utf_16 = UTF_16_MARKS.iter().any(|mark| self.0[..len].starts_with(mark));
        let is_binary = |text: &[u8]| !is_utf_16 && memchr::memchr(0, text).is_some();
        if is_binary(&self.0[..len]) {
            return Ok(Text::Binary);
        }
        if len >= READ_FIRST {
            len = read_until(file, &mut self.0, len, BUFFER_SIZE)?;
        }
        let text = &self.0[..len];
        if is_binary(text) {
            return Ok(Text::Binary);
        }
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
