//! Printing matches so that no two files' lines mix.

use std::io::{self, ErrorKind, StdoutLock, Write};
use std::sync::OnceLock;

use grep_printer::{ColorSpecs, Standard, StandardBuilder};
use same_file::Handle;
use termcolor::{Ansi, NoColor, WriteColor};

use crate::arguments::Arguments;

/// At most this much of a file's output is buffered. A thread with more holds the lock on standard output
/// until the file is done.
const LARGEST_PAGE: usize = 64 * 1024;

/// Standard output, shared by all threads.
pub(crate) struct Output {
    colours: bool,
    /// What standard output is, if that is a file that might be among those searched.
    file: Option<Handle>,
    /// The error after which nothing more can be printed.
    failure: OnceLock<io::Error>,
}

/// A thread's printer. A flush ends a file's output.
pub(crate) type Printer<'output> = Standard<Box<dyn WriteColor + 'output>>;

impl Output {
    pub(crate) fn new(arguments: &Arguments) -> Self {
        let is_file = |handle: &Handle| handle.as_file().metadata().is_ok_and(|metadata| metadata.is_file());
        let file = if arguments.count { None } else { Handle::stdout().ok().filter(is_file) };
        Self { colours: arguments.colours(), file, failure: OnceLock::new() }
    }

    /// A printer for one thread.
    pub(crate) fn printer(&self) -> Printer<'_> {
        let page = Page { output: self, text: Vec::new(), turn: None };
        let page: Box<dyn WriteColor> =
            if self.colours { Box::new(Ansi::new(page)) } else { Box::new(NoColor::new(page)) };
        StandardBuilder::new().color_specs(ColorSpecs::default_with_color()).build(page)
    }

    /// What standard output is, if that is a file that might be among those searched.
    pub(crate) fn file(&self) -> Option<&Handle> {
        self.file.as_ref()
    }

    /// Whether nothing more can be printed.
    pub(crate) fn has_failed(&self) -> bool {
        self.failure.get().is_some()
    }

    /// The result of all printing.
    pub(crate) fn into_result(self) -> io::Result<()> {
        self.failure.into_inner().map_or(Ok(()), Err)
    }
}

/// The output of the file that a thread is searching.
struct Page<'output> {
    output: &'output Output,
    /// Output that is not printed yet.
    text: Vec<u8>,
    /// Held from the first printed part of a file's output to the last.
    turn: Option<StdoutLock<'static>>,
}

impl Page<'_> {
    fn print(&mut self) -> io::Result<()> {
        if self.text.is_empty() {
            return Ok(());
        }
        if self.output.has_failed() {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let turn = self.turn.get_or_insert_with(|| io::stdout().lock());
        let printed = turn.write_all(&self.text).and_then(|()| turn.flush());
        self.text.clear();
        printed.map_err(|error| {
            let kind = error.kind();
            // If two threads fail at once, one error is enough.
            let _ = self.output.failure.set(error);
            kind.into()
        })
    }
}

impl Write for Page<'_> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        if self.text.len() + text.len() > LARGEST_PAGE {
            self.print()?;
        }
        self.text.extend_from_slice(text);
        Ok(text.len())
    }

    /// Prints the rest of the file's output and releases standard output.
    fn flush(&mut self) -> io::Result<()> {
        let printed = self.print();
        self.turn = None;
        printed
    }
}
