//! Gzip files written with a reusable compressor.
//!
//! The encoders of flate2 own their compressor and drop it at the end, so the header and the trailer are
//! written here. Concatenated gzip files are again a gzip file.

use std::io;

use flate2::{Compress, Crc, FlushCompress, Status};

/// No name, no modification time, unknown operating system.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

/// Compresses `data` and appends it to `packed`. The compressor must be new or reset, and must be reset
/// afterwards.
pub(crate) fn append(compressor: &mut Compress, data: &[u8], packed: &mut Vec<u8>) -> io::Result<()> {
    packed.extend(HEADER);
    loop {
        let done = usize::try_from(compressor.total_in()).map_err(io::Error::other)?;
        // The compressor writes only into spare capacity.
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

/// The trailer of a gzip file: the checksum and the length of the uncompressed data.
pub(crate) fn trailer(packed: &[u8]) -> &[u8] {
    &packed[packed.len() - 8..]
}
