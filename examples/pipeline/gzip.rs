//! A file in gzip's format from a compressor that is used again and again.
//!
//! The encoders of flate2 own their compressor and end with it, so the few bytes around the compressed data
//! are written here. Several such files, one after the other, are again one.

use std::io;

use flate2::{Compress, Crc, FlushCompress, Status};

/// No name, no time, an unknown system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// Appends `data` to `packed`, compressed. The compressor must be as good as new, and is not afterwards.
pub(crate) fn append(compressor: &mut Compress, data: &[u8], packed: &mut Vec<u8>) -> io::Result<()> {
    packed.extend(HEADER);
    loop {
        let done = usize::try_from(compressor.total_in()).map_err(io::Error::other)?;
        // It writes into the capacity that is there, and no further.
        packed.reserve(1024 + (data.len() - done) / 8);
        match compressor.compress_vec(&data[done..], packed, FlushCompress::Finish)? {
            Status::StreamEnd => break,
            Status::Ok | Status::BufError => {}
        }
    }
    let mut crc = Crc::new();
    crc.update(data);
    packed.extend(crc.sum().to_le_bytes());
    packed.extend(crc.amount().to_le_bytes());
    Ok(())
}

/// The end of such a file: the checksum and the length of what is compressed in it.
pub(crate) fn trailer(packed: &[u8]) -> &[u8] {
    &packed[packed.len() - 8..]
}
