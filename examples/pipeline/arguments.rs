//! The command line.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Parser;
use clap::builder::RangedU64ValueParser;

use crate::threads;

/// Shows where pools help a log pipeline, and where they do not.
///
/// A reader, parsers, a JSON encoder and gzip, each on threads of its own, go over the same log without any
/// pool and with a pool for each kind of value: large buffers, small strings, and the state of a compressor.
/// Printed are lines a second, time and allocations a line for each stage, and the pools' hit rates.
#[derive(Parser, Debug)]
#[command(name = "pipeline", version)]
pub(crate) struct Arguments {
    /// The log to read [default: a synthetic one].
    pub(crate) file: Option<PathBuf>,

    /// Lines of the synthetic log.
    #[arg(long, value_name = "NUMBER", default_value_t = 200_000, conflicts_with = "file", value_parser = lines())]
    pub(crate) lines: usize,

    /// Bytes of the log that go through the pipeline together; everything is done for each of these sizes. Of
    /// small blocks each takes a compressor as a large one does, and of large ones each takes memory that the
    /// allocator may have to fetch from the system.
    #[arg(
        long = "block",
        value_name = "BYTES",
        value_delimiter = ',',
        default_value = "4096,1048576",
        value_parser = block_sizes()
    )]
    pub(crate) blocks: Vec<usize>,

    /// How hard gzip tries.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=9))]
    pub(crate) level: u32,

    /// Parser threads, and as many again for gzip.
    #[arg(short = 'j', long, value_name = "NUMBER", default_value = "2", value_parser = clap::value_parser!(u32).range(1..=threads::MOST))]
    pub(crate) threads: u32,

    /// How many times to go over the log, each time without pools and with them.
    #[arg(long, value_name = "NUMBER", default_value = "3")]
    pub(crate) rounds: NonZeroU32,

    /// Where to write the JSON, compressed [default: nowhere].
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// From a line or so up to what is in memory some dozen times.
fn block_sizes() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(256..=64 << 20)
}

/// The log is in memory: some gigabyte at most.
fn lines() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(0..=10_000_000)
}
