//! Reading files, and detecting binary ones.

use std::io::{self, ErrorKind, Read};

use pooldeque::Pool;

/// Bytes of a file to read first. Most binary files have a NUL there, and no more of them is read.
const READ_FIRST: usize = 32 * 1024;

/// Files up to this size are read whole.
const BUFFER_SIZE: usize = 256 * 1024;

/// A buffer for one file at a time.
pub(crate) struct Buffer(Box<[u8]>);

/// The buffers of all threads. A buffer is created when a thread reads its first file; threads that read
/// none, as most do when a single file is searched, have none.
pub(crate) type Buffers = Pool<Buffer>;

/// The beginning of a file.
pub(crate) enum Text<'buffer> {
    /// Not text: it contains a NUL.
    Binary,
    /// All of it.
    Whole(&'buffer [u8]),
    /// A part; there may be more to read, including NULs.
    Beginning(&'buffer [u8]),
}

/// The byte order marks of UTF-16, in which a NUL is half of a character.
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

/// Fills `buffer`, starting at `filled`, until it holds at least `wanted` bytes or the file ends.
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
