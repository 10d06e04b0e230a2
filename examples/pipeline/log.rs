//! A synthetic log, and reading any log in blocks of whole lines.

use std::io::{self, Read, Write};

use fastrand::Rng;

const LEVELS: [&str; 6] = ["INFO", "INFO", "INFO", "DEBUG", "WARN", "ERROR"];
const VERBS: [&str; 4] = ["GET", "GET", "PUT", "DELETE"];
const THINGS: [&str; 5] = ["users", "orders", "invoices", "sessions", "images"];
const WORDS: [&str; 8] = [
    "upstream",
    "retried after timeout",
    "cache miss",
    "ok",
    "slow query",
    "quota near",
    "resumed",
    "redirect",
];

/// Generates this many lines, the same each time.
pub(crate) fn synthetic(lines: usize) -> Vec<u8> {
    let mut rng = Rng::with_seed(4);
    let mut log = Vec::with_capacity(lines * 110);
    for line in 0..lines {
        let milliseconds = line as u64 * 7;
        let [second, minute, hour] = [1_000, 60_000, 3_600_000].map(|unit| milliseconds / unit);
        writeln!(
            log,
            "2026-01-05T{:02}:{:02}:{:02}.{:03}Z {} api-{} {} /{}/{} status={} took={}ms {}",
            hour % 24,
            minute % 60,
            second % 60,
            milliseconds % 1_000,
            LEVELS[rng.usize(..LEVELS.len())],
            rng.u32(..16),
            VERBS[rng.usize(..VERBS.len())],
            THINGS[rng.usize(..THINGS.len())],
            rng.u32(..100_000),
            200 + 100 * rng.u32(..4),
            rng.u32(1..900),
            WORDS[rng.usize(..WORDS.len())],
        )
        .expect("writing to a Vec cannot fail");
    }
    log
}

/// A log that is read in blocks of whole lines.
pub(crate) struct Blocks<R> {
    log: R,
    size: usize,
    /// The beginning of a line that did not fit into the last block.
    begun: Vec<u8>,
}

impl<R: Read> Blocks<R> {
    pub(crate) fn new(log: R, size: usize) -> Self {
        Self { log, size, begun: Vec::new() }
    }

    /// Fills an empty `block` with the next lines, about `size` bytes, more if a line is longer. Returns
    /// false at the end of the log.
    pub(crate) fn next(&mut self, block: &mut Vec<u8>) -> io::Result<bool> {
        block.append(&mut self.begun);
        loop {
            let unread = block.len();
            let wanted = if unread < self.size { self.size - unread } else { self.size };
            if self.log.by_ref().take(wanted as u64).read_to_end(block)? == 0 {
                return Ok(!block.is_empty());
            }
            if let Some(last) = memchr::memrchr(b'\n', &block[unread..]) {
                self.begun.extend(block.drain(unread + last + 1..));
                return Ok(true);
            }
        }
    }
}
