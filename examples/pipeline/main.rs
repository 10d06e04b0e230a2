//! A log pipeline with and without pools: `pipeline [FILE]`.
//!
//! A reader cuts the log into blocks, parsers make JSON of their lines, others compress it, and the main
//! thread writes it out in order. `stages.rs` has what is done with a block, `run.rs` the threads,
//! `supply.rs` the one place where pooled and unpooled differ, and `report.rs` what is told.

#[path = "../shared/allocations.rs"]
mod allocations;
mod arguments;
mod costs;
mod gzip;
mod log;
#[path = "../shared/pools.rs"]
mod pools;
mod report;
mod run;
mod stages;
mod supply;
#[path = "../shared/tables.rs"]
mod tables;

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
    match compare(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pipeline: {error}");
            ExitCode::FAILURE
        }
    }
}

fn compare(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
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
        report::print(arguments, &unpooled, &pooled)?;
    }
    Ok(())
}

fn run(arguments: &Arguments, supplies: &Supplies, synthetic: &[u8]) -> Result<Run, Box<dyn Error>> {
    let at = |path: &Path, error: io::Error| format!("{}: {error}", path.display());
    let log: Box<dyn Read + Send> = match &arguments.file {
        Some(path) => Box::new(File::open(path).map_err(|error| at(path, error))?),
        None => Box::new(synthetic),
    };
    let output: Box<dyn Write> = match &arguments.output {
        Some(path) => Box::new(File::create(path).map_err(|error| at(path, error))?),
        None => Box::new(io::sink()),
    };
    Ok(Run::of(arguments, supplies, log, output)?)
}
