//! The project's own commands: `cargo xtask verify | bench`.

use anyhow::Result;
use clap::Parser;

mod bench;
mod verify;

/// The project's own commands.
#[derive(Parser)]
enum Command {
    /// Run everything that must hold: formatting, lints, tests, properties, models, docs.
    Verify(verify::Arguments),
    /// Measure against the peers: a table of medians and ratios, and a chart.
    Bench(bench::Arguments),
}

fn main() -> Result<()> {
    match Command::parse() {
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
    }
}
