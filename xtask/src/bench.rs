//! `cargo xtask bench`: measures this crate against its peers and makes the tables and the chart.

use std::path::PathBuf;

use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressStyle};
use regex::Regex;

mod chart;
mod figures;
mod go;
mod machine;
mod page;
mod results;
mod rust;
mod suite;
mod table;

use results::Results;
use suite::{Effort, Suite};

use crate::marked::Marks;

/// The options of the command.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    chosen: Option<Chosen>,
    #[command(flatten)]
    options: Options,
}

/// What is measured.
#[derive(clap::Subcommand)]
enum Chosen {
    /// The deques, as without a word
    Deque(Options),
    /// The pool
    Pool(Options),
}

/// How it is measured.
#[derive(clap::Args)]
struct Options {
    /// Measure only what matches, as `row/subject`: for instance `pair/` or `tail.*/pooldeque`
    #[arg(value_name = "REGEX")]
    filter: Option<Regex>,
    /// Measure roughly: one round, a tenth of a second each
    #[arg(long, conflicts_with_all = ["rounds", "seconds"])]
    quick: bool,
    /// How many times to measure everything; the middle result counts
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How long to measure each subject at each row in a round
    #[arg(long, default_value_t = 0.4, value_parser = positive)]
    seconds: f64,
    /// Go's command, if it is not in the PATH or under GOROOT
    #[arg(long, value_name = "PATH")]
    go: Option<PathBuf>,
    /// Write the chart and the tables into docs/
    #[arg(long)]
    save: bool,
}

fn positive(text: &str) -> Result<f64> {
    let seconds: f64 = text.parse()?;
    anyhow::ensure!(seconds > 0.0 && seconds.is_finite(), "it must be more than 0");
    Ok(seconds)
}

impl Options {
    fn effort(&self) -> Effort {
        let (rounds, seconds) = if self.quick { (1, 0.1) } else { (self.rounds, self.seconds) };
        Effort { rounds, seconds }
    }

    /// Whether the filter lets the subject at the row through.
    fn wanted(&self, row: &str, subject: &str) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.is_match(&format!("{row}/{subject}")))
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    match &arguments.chosen {
        None => measure(&suite::DEQUES, &arguments.options),
        Some(Chosen::Deque(options)) => measure(&suite::DEQUES, options),
        Some(Chosen::Pool(options)) => measure(&suite::POOLS, options),
    }
}

fn measure(suite: &'static Suite, options: &Options) -> Result<()> {
    anyhow::ensure!(
        !(options.save && (options.filter.is_some() || options.quick)),
        "--save wants the whole set, measured with care: no filter and no --quick"
    );
    let effort = options.effort();
    let benches = rust::Benches::build(suite, options.filter.as_ref())?;
    let go = go::Go::find(options.go.as_deref())?;
    let benchmarks = match &go {
        Some(go) => go.prepare(suite, benches.target(), |row, subject| options.wanted(row, subject))?,
        None => None,
    };

    let in_a_round = benches.count + benchmarks.as_ref().map_or(0, |it| it.wanted.len());
    anyhow::ensure!(in_a_round != 0, "nothing matches the filter");
    let progress = ProgressBar::new(u64::from(effort.rounds) * in_a_round as u64);
    progress.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} {elapsed}  {msg}")?);
    let mut results = Results::of(suite);
    for round in 1..=effort.rounds {
        if progress.is_hidden() {
            eprintln!("round {round} of {}: {in_a_round} measurements", effort.rounds);
        }
        benches.measure(round, effort, &progress, &mut results)?;
        if let Some(benchmarks) = &benchmarks {
            benchmarks.measure(effort, &progress, &mut results)?;
        }
    }
    progress.finish_and_clear();

    let machine = machine::description(go.as_ref())?;
    println!("{machine}\n");
    table::print(&results);
    println!("{}", figures::table(&results));
    println!("{}", figures::summary(&results));
    match &go {
        Some(go) => println!("Go's figures: measured in the same rounds with {}.", go.version),
        None => println!("{}", go::NOT_FOUND),
    }
    if let Some(noise) = results.noise() {
        println!("{noise}");
    }
    if options.save {
        let docs = benches.project.root.join("docs");
        let (page, chart) = (format!("{}.md", suite.page), format!("{}.svg", suite.page));
        chart::save(&docs.join(&chart), &results).context("cannot draw the chart")?;
        let measured = page::measured(&machine, effort, &results);
        let begin = format!("<!-- measured: written by `{}` -->", suite.command);
        let marks = Marks { begin: &begin, end: "<!-- end of what was measured -->" };
        marks.save(&docs.join(&page), &measured)?;
        println!("written: docs/{page}, docs/{chart}");
    }
    Ok(())
}
