//! How a thread runs a task.

use std::fs::File;
use std::io::{self, Read, Write};
use std::ops::ControlFlow;
use std::path::Path;

use grep_regex::RegexMatcher;
use grep_searcher::{BinaryDetection, Searcher, SearcherBuilder, Sink, SinkFinish, SinkMatch};
use same_file::Handle;

use crate::arguments::Arguments;
use crate::directory::Listing;
use crate::output::{Output, Printer};
use crate::scheduler::Work;
use crate::tally::Tally;
use crate::task::Task;
use crate::text::{Buffers, Text};
use crate::troubles::Troubles;

/// The longest line that is held in memory. A file with a longer line is reported as an error.
const LONGEST_LINE: usize = 64 << 20;

/// The state that all threads share.
pub(crate) struct Setting<'run> {
    pub(crate) arguments: &'run Arguments,
    pub(crate) matcher: &'run RegexMatcher,
    pub(crate) output: &'run Output,
    pub(crate) buffers: &'run Buffers,
    pub(crate) troubles: &'run Troubles,
}

/// One thread's part of the search.
pub(crate) struct Search<'run> {
    setting: &'run Setting<'run>,
    /// This thread's own copy: threads that share a matcher contend for its scratch memory.
    matcher: RegexMatcher,
    searcher: Searcher,
    /// `None` if lines are only counted.
    printer: Option<Printer<'run>>,
    tally: Tally,
}

impl<'run> Search<'run> {
    pub(crate) fn new(setting: &'run Setting<'run>) -> Self {
        let prints = !setting.arguments.count;
        let mut searcher = SearcherBuilder::new();
        searcher
            // As `grep -I` does, wherever the NUL is in the file.
            .binary_detection(BinaryDetection::quit(0))
            // Skips a byte order mark and decodes UTF-16.
            .bom_sniffing(true)
            .heap_limit(Some(LONGEST_LINE))
            .line_number(prints);
        Self {
            setting,
            matcher: setting.matcher.clone(),
            searcher: searcher.build(),
            printer: prints.then(|| setting.output.printer()),
            tally: Tally::default(),
        }
    }

    /// Works on a file or a directory and reports its error, if any.
    fn report(&mut self, path: &Path, attempt: impl FnOnce(&mut Self) -> io::Result<()>) {
        match attempt(self) {
            // The failure is that of the output, not of this file.
            Err(_) if self.setting.output.has_failed() => {}
            Err(error) => self.setting.troubles.report_at(path, error),
            Ok(()) => {}
        }
    }

    fn list(&mut self, directory: &Path, tasks: &mut Vec<Task>) -> io::Result<()> {
        let listing = Listing::begin(directory)?;
        self.tally.directories += 1;
        Box::new(listing).proceed(tasks, self.setting.troubles);
        Ok(())
    }

    fn search_file(&mut self, path: &Path) -> io::Result<()> {
        let file = File::open(path)?;
        let Some(output) = self.setting.output.file() else { return self.search_text(path, file) };
        let handle = Handle::from_file(file)?;
        if handle == *output {
            return Err(io::Error::other("is the output file"));
        }
        self.search_text(path, handle.as_file())
    }

    fn search_text(&mut self, path: &Path, mut file: impl Read) -> io::Result<()> {
        self.setting.troubles.progress().advance();
        let mut buffer = self.setting.buffers.get();
        let text = buffer.read(&mut file)?;
        let pass = Pass { searcher: &mut self.searcher, matcher: &self.matcher, text, rest: file };
        let (matching_lines, bytes) = match &mut self.printer {
            None => {
                let mut sink = MatchingLines(0);
                let bytes = pass.search(&mut sink);
                // Matches in a file that turned out to be binary do not count.
                (if matches!(bytes, Ok(None)) { 0 } else { sink.0 }, bytes)
            }
            Some(printer) => {
                let mut sink = printer.sink_with_path(&self.matcher, path);
                let bytes = pass.search(&mut sink);
                let matching_lines = sink.match_count();
                (matching_lines, printer.get_mut().flush().and(bytes))
            }
        };
        self.tally.matching_lines += matching_lines;
        self.tally.files_with_matches += u64::from(matching_lines > 0);
        match bytes? {
            Some(bytes) => {
                self.tally.files += 1;
                self.tally.bytes += bytes;
            }
            None => self.tally.binary_files += 1,
        }
        Ok(())
    }
}

impl Work for Search<'_> {
    type Task = Task;
    type Outcome = Tally;

    fn run_task(&mut self, task: Task, children: &mut Vec<Task>) -> ControlFlow<()> {
        match task {
            Task::Directory(path) => self.report(&path, |this| this.list(&path, children)),
            Task::RestOfDirectory(listing) => listing.proceed(children, self.setting.troubles),
            Task::File(path) => self.report(&path, |this| this.search_file(&path)),
            Task::StandardInput => {
                let path = Path::new("(standard input)");
                self.report(path, |this| this.search_text(path, io::stdin().lock()));
            }
        }
        if self.setting.output.has_failed() {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    fn into_outcome(self) -> Tally {
        self.tally
    }
}

/// One pass over one file.
struct Pass<'pass, R> {
    searcher: &'pass mut Searcher,
    matcher: &'pass RegexMatcher,
    text: Text<'pass>,
    rest: R,
}

impl<R: Read> Pass<'_, R> {
    /// Passes the matching lines to `sink`, up to the first NUL. Returns the number of bytes searched, or
    /// `None` if the file is binary.
    fn search(self, sink: impl Sink<Error = io::Error>) -> io::Result<Option<u64>> {
        let mut sink = TextOnly { sink, is_binary: false };
        let searched = match self.text {
            Text::Binary => return Ok(None),
            Text::Whole(text) => {
                self.searcher.search_slice(self.matcher, text, &mut sink)?;
                text.len() as u64
            }
            Text::Beginning(text) => {
                let mut rest = self.rest.take(u64::MAX);
                self.searcher.search_reader(self.matcher, text.chain(&mut rest), &mut sink)?;
                let read = u64::MAX - rest.limit();
                text.len() as u64 + read
            }
        };
        Ok((!sink.is_binary).then_some(searched))
    }
}

/// Hides binary data from the inner sink: a printer would write a message into the output.
struct TextOnly<S> {
    sink: S,
    is_binary: bool,
}

impl<S: Sink> Sink for TextOnly<S> {
    type Error = S::Error;

    fn matched(&mut self, searcher: &Searcher, matched: &SinkMatch<'_>) -> Result<bool, S::Error> {
        self.sink.matched(searcher, matched)
    }

    fn begin(&mut self, searcher: &Searcher) -> Result<bool, S::Error> {
        self.sink.begin(searcher)
    }

    fn binary_data(&mut self, _: &Searcher, _: u64) -> Result<bool, S::Error> {
        self.is_binary = true;
        Ok(false)
    }

    fn finish(&mut self, searcher: &Searcher, finish: &SinkFinish) -> Result<(), S::Error> {
        self.sink.finish(searcher, finish)
    }
}

/// Counts matching lines.
struct MatchingLines(u64);

impl Sink for MatchingLines {
    type Error = io::Error;

    fn matched(&mut self, _: &Searcher, _: &SinkMatch<'_>) -> io::Result<bool> {
        self.0 += 1;
        Ok(true)
    }
}
