//! The command line.

use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;

use anstream::AutoStream;
use clap::{ColorChoice, Parser};

/// Searches files, and all files below directories, for lines that match a pattern.
///
/// Hidden files are searched. Binary files (those with a NUL byte), symbolic links (except those named on
/// the command line) and devices are skipped. UTF-16 text with a byte order mark is decoded. A line of more
/// than 64 MiB is an error. Exits with 0 if a line matched, 1 if none did, 2 on any error.
#[derive(Parser, Debug)]
#[command(name = "search", version)]
pub(crate) struct Arguments {
    /// A regular expression in the syntax of the regex crate. As in grep, `.` and character classes match
    /// characters in a UTF-8 locale and bytes in others, and each line of the pattern is an alternative.
    pub(crate) pattern: OsString,

    /// Files and directories to search, `-` for standard input [default: the current directory].
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Print only the number of matching lines.
    #[arg(short, long)]
    pub(crate) count: bool,

    /// Ignore case.
    #[arg(short, long)]
    pub(crate) ignore_case: bool,

    /// Treat the pattern as literal text, not as a regular expression.
    #[arg(short = 'F', long)]
    pub(crate) fixed_strings: bool,

    /// Number of threads [default: the available parallelism].
    #[arg(short = 'j', long, value_name = "NUMBER")]
    threads: Option<NonZeroUsize>,

    /// Print statistics to standard error: what was searched, how fast, how the threads shared the work,
    /// and how often the pool supplied a read buffer.
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

    /// Whether to colour the output. `Auto` means on a terminal that supports it, unless the environment
    /// objects.
    pub(crate) fn colours(&self) -> bool {
        match self.color {
            ColorChoice::Auto => AutoStream::choice(&std::io::stdout()) != anstream::ColorChoice::Never,
            ColorChoice::Always => true,
            ColorChoice::Never => false,
        }
    }
}
