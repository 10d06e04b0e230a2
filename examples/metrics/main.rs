//! Pools under a load, with their statistics for Prometheus: `metrics [--port PORT]`.
//!
//! `exporter.rs` turns a pool's statistics into metrics, `load.rs` generates load, and `server.rs` answers
//! scrapes. The matching queries are in `docs/operating-a-pool.md`.

mod arguments;
mod exporter;
mod load;
#[path = "../shared/output.rs"]
mod output;
#[path = "../shared/pools.rs"]
mod pools;
mod server;
#[path = "../shared/tables.rs"]
mod tables;
#[path = "../shared/threads.rs"]
mod threads;

use std::error::Error;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use clap::Parser;
use pooldeque::Janitor;

use arguments::Arguments;
use exporter::Exporter;
use load::Load;

fn main() -> ExitCode {
    output::status("metrics", 1, run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error + Send + Sync>> {
    let _janitor = Janitor::every(Duration::from_millis(arguments.tick.get())).spawn()?;
    let load = Load::start(arguments.threads, arguments.leak)?;
    let exporter = Exporter::new(load.pools());
    if let Some(milliseconds) = arguments.once {
        thread::sleep(Duration::from_millis(milliseconds));
        output::print(exporter.text()?)?;
        return Ok(ExitCode::SUCCESS);
    }
    server::serve(arguments.port, arguments.scrapes, exporter)?;
    output::print(format_args!("\n{}\n", load.report()))?;
    Ok(ExitCode::SUCCESS)
}
