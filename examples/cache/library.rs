//! Compressed documents.

use std::io::{self, Write};

use fastrand::Rng;
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};

const WORDS: [&str; 12] =
    ["deque", "ring", "owner", "thief", "head", "tail", "steals", "takes", "pushes", "from", "the", "a"];

/// Documents by number, compressed.
pub(crate) struct Library {
    documents: Vec<Vec<u8>>,
    bytes: u64,
}

/// Scratch memory for reading a document; reusable for the next one.
pub(crate) struct Scratch {
    inflater: Decompress,
    text: Vec<u8>,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        Self { inflater: Decompress::new(false), text: Vec::new() }
    }

    /// Returns it to its initial state.
    pub(crate) fn reset(&mut self) {
        self.inflater.reset(false);
        self.text.clear();
    }
}

impl Library {
    /// Generates this many documents, the same each time.
    ///
    /// # Errors
    ///
    /// Those of the compressor.
    pub(crate) fn of(documents: usize) -> io::Result<Self> {
        let mut rng = Rng::with_seed(5);
        let mut compressor = Compress::new(Compression::fast(), false);
        let mut library = Self { documents: Vec::new(), bytes: 0 };
        for _ in 0..documents {
            let text = document(&mut rng)?;
            library.bytes += text.len() as u64;
            compressor.reset();
            // The buffer can hold any output of the compressor, so one call suffices.
            let mut packed = Vec::with_capacity(text.len() + text.len() / 8 + 1024);
            match compressor.compress_vec(&text, &mut packed, FlushCompress::Finish)? {
                Status::StreamEnd => library.documents.push(packed),
                Status::Ok | Status::BufError => {
                    return Err(io::Error::other("a document grew by compression"));
                }
            }
        }
        Ok(library)
    }

    pub(crate) fn len(&self) -> usize {
        self.documents.len()
    }

    /// Total length of all documents.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Total compressed length of all documents.
    pub(crate) fn compressed_bytes(&self) -> u64 {
        self.documents.iter().map(|packed| packed.len() as u64).sum()
    }

    /// Decompresses a document into the scratch memory.
    ///
    /// # Errors
    ///
    /// Those of the decompressor.
    pub(crate) fn read<'a>(&self, number: usize, scratch: &'a mut Scratch) -> io::Result<&'a [u8]> {
        let packed = &self.documents[number];
        loop {
            let done = usize::try_from(scratch.inflater.total_in()).map_err(io::Error::other)?;
            scratch.text.reserve(16 << 10);
            let status =
                scratch.inflater.decompress_vec(&packed[done..], &mut scratch.text, FlushDecompress::None)?;
            match status {
                Status::StreamEnd => return Ok(&scratch.text),
                Status::Ok | Status::BufError if done == packed.len() => {
                    return Err(io::Error::other("a document has no end"));
                }
                Status::Ok | Status::BufError => {}
            }
        }
    }
}

/// Some pages of text.
fn document(rng: &mut Rng) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    for _ in 0..rng.usize(100..1000) {
        for _ in 0..rng.usize(4..12) {
            write!(text, "{} ", WORDS[rng.usize(..WORDS.len())])?;
        }
        writeln!(text, "{}", rng.u32(..10_000))?;
    }
    Ok(text)
}
