//! The project's own commands: `cargo xtask verify | bench | breaks | mutants | sanitize | explain`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

mod bench;
mod breaks;
mod environment;
mod explain;
mod fingerprint;
mod marked;
mod mutants;
mod progress;
mod project;
mod results;
mod sanitize;
mod tables;
mod time;
mod verify;

/// The project's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    /// Run everything that must hold: formatting, lints, tests, properties, models, docs.
    Verify(verify::Arguments),
    /// Measure against the peers: a table of medians and ratios, and a chart.
    Bench(bench::Arguments),
    /// Break the library on purpose, in every way written down, and see which scenario notices.
    Breaks(breaks::Arguments),
    /// Change the code in hundreds of small ways, one at a time, and see whether a test notices.
    Mutants(mutants::Arguments),
    /// Run the thread, address and leak sanitizers, and Miri, as far as a toolchain here has them.
    Sanitize(sanitize::Arguments),
    /// Show an execution of a program step by step: one that fails, if any does.
    Explain(explain::Arguments),
}

/// Says in one line what is wrong, if the command cannot do its work.
fn main() -> ExitCode {
    run(Command::parse()).unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments).map(|()| ExitCode::SUCCESS),
        Command::Breaks(arguments) => breaks::run(&arguments),
        Command::Mutants(arguments) => mutants::run(&arguments),
        Command::Sanitize(arguments) => sanitize::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
    }
}
