//! Idle values under a memory budget: `pressure`.
//!
//! `burst.rs` generates the load, and `janitors.rs` has the janitors under comparison.

mod burst;
mod janitors;
#[path = "../shared/output.rs"]
mod output;
#[path = "../shared/tables.rs"]
mod tables;

use std::error::Error;
use std::num::NonZeroU64;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use clap::builder::RangedU64ValueParser;
use indicatif::HumanBytes;

use burst::{Burst, MIB};
use janitors::Watch;

/// Shows that a janitor with a budget keeps the resident set within it.
///
/// A burst of requests comes in waves, each of its own kind with its own pool. Each wave leaves its buffers
/// idle in its pool. The same burst runs without a janitor, with one that lets values age, and with one
/// that has a budget and clears all pools when the resident set exceeds 80 % of it. The output shows the
/// resident set at the peak of each wave. Exits with 1 if the janitor with the budget did not keep within
/// it.
#[derive(Parser, Debug)]
#[command(name = "pressure", version)]
struct Arguments {
    /// Memory budget for the resident set, in MiB.
    #[arg(long, value_name = "MIB", default_value = "80", value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    budget: u64,

    /// Memory that the requests of a wave need, in MiB.
    #[arg(long, value_name = "MIB", default_value = "32", value_parser = up_to(1 << 16))]
    wave: usize,

    /// Number of waves.
    #[arg(long, value_name = "NUMBER", default_value = "12", value_parser = up_to(1000))]
    waves: usize,

    /// Interval of the janitors, in milliseconds. A wave lasts until the janitor has run.
    #[arg(long, value_name = "MILLISECONDS", default_value = "60")]
    interval: NonZeroU64,
}

fn up_to(most: u64) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=most)
}

fn main() -> ExitCode {
    output::status("pressure", 2, run(&Arguments::parse()))
}

/// Fails if the budget was not kept.
fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn Error>> {
    let budget = arguments.budget * MIB as u64;
    let interval = Duration::from_millis(arguments.interval.get());
    let burst = Burst { slabs: arguments.wave, waves: arguments.waves };

    let alone = burst.meet(&Watch::without_janitor(interval))?;
    let ageing = burst.meet(&Watch::ageing(interval)?)?;
    let with_budget = Watch::with_budget(interval, budget)?;
    let kept = burst.meet(&with_budget)?;

    let mut table = tables::table(&["resident", "no janitor", "janitor", "janitor with a budget"]);
    for wave in 0..=burst.waves {
        let name = if wave == burst.waves { "after".to_owned() } else { format!("wave {}", wave + 1) };
        let resident = [&alone, &ageing, &kept].map(|samples| HumanBytes(samples[wave]).to_string());
        table.add_row([vec![name], resident.to_vec()].concat());
    }
    let peaks = [&alone, &ageing, &kept].map(|samples| samples.iter().copied().max().unwrap_or_default());
    table
        .add_row([vec!["peak".to_owned()], peaks.map(|peak| HumanBytes(peak).to_string()).to_vec()].concat());
    let is_kept = peaks[2] <= budget;
    output::print(format_args!(
        "{} waves, each needs {} for its own kind; the budget is {}\n\n{table}\n\n\
             the budget was {}kept, peak usage {} of it: the janitor cleared the pools {} times, {} of them without \
             effect, and ticked {} times\n",
        burst.waves,
        HumanBytes(burst.slabs as u64 * MIB as u64),
        HumanBytes(budget),
        if is_kept { "" } else { "not " },
        tables::percent(peaks[2] as f64 / budget as f64),
        with_budget.clears(),
        with_budget.futile_clears(),
        with_budget.ticks(),
    ))?;
    Ok(if is_kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
