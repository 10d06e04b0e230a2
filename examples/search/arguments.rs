//! The command line.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;

use anstream::AutoStream;
use clap::{ColorChoice, Parser};

/// Searches files, and all files below directories, for lines that match a pattern.
///
/// Hidden files are searched. Binary files, which have a NUL byte, are not, nor are symbolic links (except those
/// named on the command line) and devices. UTF-16 text is decoded by its byte order mark. A file with a line
/// of more than 64 MiB is reported. Exits with 0 if a line matched, 1 if none did, 2 if anything went wrong.
#[derive(Parser, Debug)]
#[command(name = "search", version)]
pub(crate) struct Arguments {
    /// A regular expression in the syntax of the regex crate. As in grep, `.` and classes mean
    /// characters in a UTF-8 locale and bytes in others, and each line of the pattern is an alternative.
    pub(crate) pattern: OsString,

    /// Files and directories to search, `-` for standard input [default: the current directory].
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Print the number of matching lines, nothing else.
    #[arg(short, long)]
    pub(crate) count: bool,

    /// Search without regard to case.
    #[arg(short, long)]
    pub(crate) ignore_case: bool,

    /// Take the pattern as text, not as a regular expression.
    #[arg(short = 'F', long)]
    pub(crate) fixed_strings: bool,

    /// Number of threads [default: as many as the machine runs at once].
    #[arg(short = 'j', long, value_name = "NUMBER")]
    threads: Option<NonZeroUsize>,

    /// Report on standard error what was searched, how fast, and how the threads shared the work, and
    /// how often the pool had a read buffer for them.
    #[arg(long)]
    pub(crate) stats: bool,

    /// When to colour the output.
    #[arg(long, value_name = "WHEN", default_value_t)]
    color: ColorChoice,
}

impl Arguments {
    pub(crate) fn threads(&self) -> NonZeroUsize {
        self.threads.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
    }

    /// Whether to colour what is printed: on a terminal that can and whose user did not object.
    pub(crate) fn colours(&self) -> bool {
        match self.color {
            ColorChoice::Auto => AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never,
            ColorChoice::Always => true,
            ColorChoice::Never => false,
        }
    }
}
