//! The output of `--stats`.

use std::fmt;
use std::time::Duration;

use pooldeque::pool::Stats;

use crate::scheduler::Activity;
use crate::tally::Tally;

/// The statistics of a run.
pub(crate) struct Report {
    pub(crate) tally: Tally,
    activity: Activity,
    tasks_of_threads: Vec<u64>,
    buffers: Stats,
    elapsed: Duration,
}

impl Report {
    /// Adds up what the threads did.
    pub(crate) fn new(threads: &[(Tally, Activity)], buffers: Stats, elapsed: Duration) -> Self {
        let mut report = Self {
            tally: Tally::default(),
            activity: Activity::default(),
            tasks_of_threads: threads.iter().map(|(_, activity)| activity.tasks).collect(),
            buffers,
            elapsed,
        };
        for (tally, activity) in threads {
            report.tally += tally;
            report.activity += activity;
        }
        report
    }
}

impl fmt::Display for Report {
    /// A name and a value each line.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tally, activity, tasks_of_threads, buffers, elapsed } = self;
        let seconds = elapsed.as_secs_f64();
        let megabytes = tally.bytes as f64 / 1e6;
        writeln!(out, "files searched       {}", tally.files)?;
        writeln!(out, "  with matches       {}", tally.files_with_matches)?;
        writeln!(out, "binary files skipped {}", tally.binary_files)?;
        writeln!(out, "directories          {}", tally.directories)?;
        writeln!(out, "bytes searched       {}", tally.bytes)?;
        writeln!(out, "matching lines       {}", tally.matching_lines)?;
        writeln!(out, "seconds              {seconds:.3}")?;
        writeln!(out, "MB/s                 {:.1}", megabytes / seconds)?;
        writeln!(out, "tasks                {}", activity.tasks)?;
        write!(out, "  of each thread    ")?;
        for tasks in tasks_of_threads {
            write!(out, " {tasks}")?;
        }
        writeln!(out)?;
        writeln!(out, "tasks stolen         {}", activity.stolen)?;
        writeln!(out, "steals               {}", activity.steals())?;
        for (smallest, largest, number) in activity.batch_sizes() {
            let sizes =
                if smallest == largest { smallest.to_string() } else { format!("{smallest}-{largest}") };
            writeln!(out, "  {:<18} {number}", format!("batches of {sizes}"))?;
        }
        writeln!(out, "sleeps               {}", activity.sleeps)?;
        writeln!(out, "buffers used         {}", buffers.gets())?;
        writeln!(out, "  made               {}", buffers.misses)?;
        writeln!(out, "  private            {}", buffers.hits.private)?;
        writeln!(out, "  shared             {}", buffers.hits.total() - buffers.hits.private)?;
        writeln!(out, "  idle now           {}", buffers.idle)
    }
}
