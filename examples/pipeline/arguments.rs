//! The command line.

use std::num::NonZeroU32;
use std::path::PathBuf;

use clap::Parser;
use clap::builder::RangedU64ValueParser;

use crate::threads;

/// Shows where pools help a log pipeline, and where they do not.
///
/// A reader, parsers, a JSON encoder and gzip, each on its own threads, process the same log once without
/// pools and once with a pool for each kind of value: large buffers, small strings, and compressor state.
/// The output shows the throughput, the CPU time and allocations per line of each stage, and the pools' hit
/// rates.
#[derive(Parser, Debug)]
#[command(name = "pipeline", version)]
pub(crate) struct Arguments {
    /// The log to read [default: a synthetic one].
    pub(crate) file: Option<PathBuf>,

    /// Number of lines of the synthetic log.
    #[arg(long, value_name = "NUMBER", default_value_t = 200_000, conflicts_with = "file", value_parser = lines())]
    pub(crate) lines: usize,

    /// Block sizes in bytes; the whole comparison runs for each of them. Every block needs one compressor,
    /// however small it is, and large blocks need memory that the allocator may have to request from the
    /// system.
    #[arg(
        long = "block",
        value_name = "BYTES",
        value_delimiter = ',',
        default_value = "4096,1048576",
        value_parser = block_sizes()
    )]
    pub(crate) blocks: Vec<usize>,

    /// Compression level of gzip.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(0..=9))]
    pub(crate) level: u32,

    /// Number of parser threads; gzip gets as many.
    #[arg(short = 'j', long, value_name = "NUMBER", default_value = "2", value_parser = clap::value_parser!(u32).range(1..=threads::MOST))]
    pub(crate) threads: u32,

    /// Number of rounds; each processes the log without pools and with them.
    #[arg(long, value_name = "NUMBER", default_value = "3")]
    pub(crate) rounds: NonZeroU32,

    /// Write the compressed JSON to this file [default: discard it].
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// From about one line to a size that fits into memory a few dozen times.
fn block_sizes() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(256..=64 << 20)
}

/// The log is held in memory, so at most about a gigabyte.
fn lines() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(0..=10_000_000)
}
