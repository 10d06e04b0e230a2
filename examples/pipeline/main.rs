//! A log pipeline with and without pools: `pipeline [FILE]`.
//!
//! A reader splits the log into blocks, parsers turn their lines into JSON, compressor threads compress it,
//! and the main thread writes it out in order. `stages.rs` has the work on a block, `run.rs` the threads,
//! `supply.rs` the one place where pooled and unpooled runs differ, and `report.rs` the output.

#[path = "../shared/allocations.rs"]
mod allocations;
mod arguments;
mod costs;
mod gzip;
mod log;
#[path = "../shared/output.rs"]
mod output;
#[path = "../shared/pools.rs"]
mod pools;
mod report;
mod run;
mod stages;
mod supply;
#[path = "../shared/tables.rs"]
mod tables;
#[path = "../shared/threads.rs"]
mod threads;

use std::error::Error;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::Parser;
use indicatif::{ProgressBar, ProgressStyle};

use arguments::Arguments;
use report::Side;
use run::Run;
use supply::Supplies;

fn main() -> ExitCode {
    output::status("pipeline", 1, compare(&Arguments::parse()))
}

fn compare(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let synthetic = if arguments.file.is_none() { log::synthetic(arguments.lines) } else { Vec::new() };
    for &block in &arguments.blocks {
        let mut unpooled = Side::new(Supplies::unpooled(arguments, block));
        let mut pooled = Side::new(Supplies::pooled(arguments, block));
        let progress = ProgressBar::new(2 * u64::from(arguments.rounds.get()))
            .with_style(ProgressStyle::with_template("{bar:40} run {pos} of {len}, {elapsed}")?);
        for _ in 0..arguments.rounds.get() {
            for side in [&mut unpooled, &mut pooled] {
                side.runs.push(run(arguments, &side.supplies, &synthetic)?);
                progress.inc(1);
            }
        }
        progress.finish_and_clear();
        if !output::print(report::of(arguments, &unpooled, &pooled)?)? {
            break;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn run(arguments: &Arguments, supplies: &Supplies, synthetic: &[u8]) -> Result<Run, Box<dyn Error>> {
    let at = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    let log: Box<dyn Read + Send> = match &arguments.file {
        Some(path) => Box::new(File::open(path).map_err(|error| at(path, error))?),
        None => Box::new(synthetic),
    };
    if let (Some(log), Some(output)) = (&arguments.file, &arguments.output)
        && same_file::is_same_file(log, output).unwrap_or(false)
    {
        return Err(format!("{}: the log would be overwritten", output.display()).into());
    }
    let output: Box<dyn Write> = match &arguments.output {
        Some(path) => Box::new(File::create(path).map_err(|error| at(path, error))?),
        None => Box::new(io::sink()),
    };
    Ok(Run::of(arguments, supplies, log, output)?)
}
