//! The project's own commands: `cargo xtask verify | bench`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

mod bench;
mod verify;

/// The project's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    /// Run everything that must hold: formatting, lints, tests, properties, models, docs.
    Verify(verify::Arguments),
    /// Measure against the peers: a table of medians and ratios, and a chart.
    Bench(bench::Arguments),
}

fn main() -> Result<ExitCode> {
    match Command::parse() {
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments).map(|()| ExitCode::SUCCESS),
    }
}
