//! The results, with pools and without.

use std::error::Error;
use std::time::Duration;

use comfy_table::Table;
use indicatif::{HumanBytes, HumanCount};

use crate::arguments::Arguments;
use crate::costs::{Cost, Costs};
use crate::pools;
use crate::run::Run;
use crate::supply::Supplies;
use crate::tables;

/// A pool that changes its stage's time by less than this fraction makes no difference.
const WORTH_HAVING: f64 = 0.1;

/// All runs with pools, or all runs without.
pub(crate) struct Side {
    pub(crate) supplies: Supplies,
    pub(crate) runs: Vec<Run>,
}

impl Side {
    pub(crate) fn new(supplies: Supplies) -> Self {
        Self { supplies, runs: Vec::new() }
    }

    /// The stages' costs, and the lines to divide them by.
    fn costs(&self) -> PerLine {
        let (mut costs, mut lines) = (Costs::default(), 0);
        for run in &self.runs {
            costs += run.costs;
            lines += run.lines;
        }
        PerLine { costs, lines: lines.max(1) as f64 }
    }

    /// The median over the runs.
    fn lines_per_second(&self) -> f64 {
        let mut times: Vec<Duration> = self.runs.iter().map(|run| run.elapsed).collect();
        times.sort_unstable();
        self.runs[0].lines as f64 / times[times.len() / 2].as_secs_f64()
    }
}

struct PerLine {
    costs: Costs,
    lines: f64,
}

impl PerLine {
    fn nanoseconds(&self, cost: Cost) -> f64 {
        cost.time.as_nanos() as f64 / self.lines
    }

    fn allocations(&self, cost: Cost) -> f64 {
        cost.allocations.count as f64 / self.lines
    }

    fn bytes(&self, cost: Cost) -> f64 {
        cost.allocations.bytes as f64 / self.lines
    }
}

/// The full report.
///
/// # Errors
///
/// The runs wrote different output.
pub(crate) fn of(arguments: &Arguments, unpooled: &Side, pooled: &Side) -> Result<String, Box<dyn Error>> {
    let first = &unpooled.runs[0];
    if unpooled.runs.iter().chain(&pooled.runs).any(|run| run.checksum != first.checksum) {
        return Err("the runs wrote different output".into());
    }
    let (without, with) = (unpooled.costs(), pooled.costs());
    Ok(format!(
        "{} lines in blocks of {}, {} of gzip at level {}\n\n{}\n\n{}\n\n\
         The pools after all runs. Hits outside the private cell cost more.\n{}\n\n",
        HumanCount(first.lines),
        HumanBytes(pooled.supplies.block as u64),
        HumanBytes(first.written),
        arguments.level,
        whole(unpooled, pooled, &without, &with),
        stages(&without, &with),
        pools::table(pooled.supplies.stats()),
    ))
}

fn whole(unpooled: &Side, pooled: &Side, without: &PerLine, with: &PerLine) -> Table {
    let headings = ["whole pipeline", "lines/s", "CPU ns/line", "allocations/line", "bytes allocated/line"];
    let mut table = tables::table(&headings);
    for (name, side, costs) in [("nothing pooled", unpooled, without), ("everything pooled", pooled, with)] {
        let total = costs.costs.total();
        table.add_row([
            name.to_owned(),
            HumanCount(side.lines_per_second() as u64).to_string(),
            format!("{:.0}", costs.nanoseconds(total)),
            format!("{:.3}", costs.allocations(total)),
            format!("{:.0}", costs.bytes(total)),
        ]);
    }
    table
}

fn stages(without: &PerLine, with: &PerLine) -> Table {
    let headings = ["stage", "pooled values", "ns/line", "pooled", "allocations/line", "pooled", "verdict"];
    let mut table = tables::table(&headings);
    for (name, what, before, after) in [
        ("read", "buffers", without.costs.read, with.costs.read),
        ("parse", "small strings", without.costs.parse, with.costs.parse),
        ("encode", "buffers", without.costs.encode, with.costs.encode),
        ("gzip", "compressors, buffers", without.costs.gzip, with.costs.gzip),
    ] {
        let (slow, fast) = (without.nanoseconds(before), with.nanoseconds(after));
        let saved = 1.0 - fast / slow.max(f64::MIN_POSITIVE);
        let verdict = match saved {
            _ if saved >= WORTH_HAVING => "faster",
            _ if saved <= -WORTH_HAVING => "slower",
            _ => "no difference",
        };
        table.add_row([
            name.to_owned(),
            what.to_owned(),
            format!("{slow:.0}"),
            format!("{fast:.0}"),
            format!("{:.3}", without.allocations(before)),
            format!("{:.3}", with.allocations(after)),
            format!("{verdict} ({:+.0} %)", -100.0 * saved),
        ]);
    }
    table
}
