//! A parallel recursive text search: `search PATTERN [PATH…]`.
//!
//! Directories and files are tasks on the threads' [`pooldeque::unbounded`] deques. `scheduler/mod.rs`
//! shows how threads steal tasks, `scheduler/sleepers.rs` how they sleep and wake, and `search.rs` how a
//! task is run. Files are read into buffers from a [`pooldeque::Pool`].

mod arguments;
mod directory;
mod output;
mod pattern;
mod progress;
mod report;
mod scheduler;
mod search;
mod tally;
mod task;
mod text;
mod troubles;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;

use arguments::Arguments;
use output::Output;
use progress::Progress;
use report::Report;
use search::{Search, Setting};
use text::{Buffer, Buffers};
use troubles::Troubles;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let troubles = Troubles::new(Progress::new(&arguments));
    let matching_lines = run(&arguments, &troubles).unwrap_or_else(|error| {
        troubles.report(error);
        0
    });
    // As in grep, an error outweighs a match.
    match (troubles.any(), matching_lines) {
        (true, _) => ExitCode::from(2),
        (false, 0) => ExitCode::from(1),
        (false, _) => ExitCode::SUCCESS,
    }
}

/// Runs the search and returns the number of matching lines.
fn run(arguments: &Arguments, troubles: &Troubles) -> Result<u64, Box<dyn Error>> {
    let matcher = pattern::compile(arguments)?;
    let output = Output::new(arguments);
    let buffers = Buffers::new(Buffer::new);
    let setting = Setting { arguments, matcher: &matcher, output: &output, buffers: &buffers, troubles };

    let start = Instant::now();
    let roots = task::from_command_line(&arguments.paths, troubles);
    let threads = scheduler::run(roots, arguments.threads(), || Search::new(&setting))
        .map_err(|error| format!("a thread could not be started: {error}"))?;
    let report = Report::new(&threads, buffers.stats(), start.elapsed());
    troubles.progress().finish();

    let mut printed = output.into_result();
    if arguments.count {
        printed = printed.and_then(|()| writeln!(io::stdout(), "{}", report.tally.matching_lines));
    }
    match printed {
        // The reader of the output has closed the pipe.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        Err(error) => troubles.report(format_args!("standard output: {error}")),
        Ok(()) => {}
    }
    if arguments.stats {
        // If standard error is closed, the statistics are lost.
        let _ = write!(io::stderr(), "{report}");
    }
    Ok(report.tally.matching_lines)
}
