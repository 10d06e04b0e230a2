//! A cache for hits, a pool for scratch on misses: `cache`.
//!
//! `library.rs` holds the documents; `lookup.rs` looks up facts about them.

#[path = "../shared/allocations.rs"]
mod allocations;
#[path = "../shared/crew.rs"]
mod crew;
mod library;
mod lookup;
#[path = "../shared/output.rs"]
mod output;
#[path = "../shared/tables.rs"]
mod tables;
#[path = "../shared/threads.rs"]
mod threads;

use std::num::NonZeroU32;
use std::process::ExitCode;

use clap::Parser;
use clap::builder::RangedU64ValueParser;
use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};

use library::Library;
use lookup::{Lookup, Work};

/// Shows what a cache is for, and what a pool is for.
///
/// Threads look up facts about compressed documents, some of which are queried far more often than others.
/// A cache stores answers by key and saves the whole lookup. A pool holds scratch memory without a key and
/// saves allocating it for each lookup: a decompressor and a buffer for its text. The same queries run with
/// neither, with each of them, and with both. The output shows the CPU time, the allocations, and the hit
/// rates of the cache and the pool.
#[derive(Parser, Debug)]
#[command(name = "cache", version)]
struct Arguments {
    /// Documents in the library.
    #[arg(long, value_name = "NUMBER", default_value = "400", value_parser = some())]
    documents: usize,

    /// Capacity of the cache, in answers.
    #[arg(long, value_name = "NUMBER", default_value = "40", value_parser = some())]
    capacity: usize,

    /// Queries per thread.
    #[arg(long, value_name = "NUMBER", default_value = "10000")]
    queries: NonZeroU32,

    /// Number of threads.
    #[arg(short = 'j', long, value_name = "NUMBER", default_value = "2", value_parser = clap::value_parser!(u32).range(1..=threads::MOST))]
    threads: u32,
}

/// At least one, and no more than fit into memory: a document takes a few kilobytes.
fn some() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=100_000)
}

fn main() -> ExitCode {
    output::status("cache", 1, run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let progress = ProgressBar::new(5).with_style(ProgressStyle::with_template("{bar:40} {msg}, {elapsed}")?);
    progress.set_message("the library");
    let library = Library::of(arguments.documents)?;
    progress.inc(1);

    let capacity = arguments.capacity;
    let lookups = [
        ("neither", Lookup::new(&library, None, false)),
        ("a pool", Lookup::new(&library, None, true)),
        ("a cache", Lookup::new(&library, Some(capacity), false)),
        ("a cache and a pool", Lookup::new(&library, Some(capacity), true)),
    ];
    let headings = [
        "with",
        "CPU ns/query",
        "allocations/query",
        "bytes allocated/query",
        "cache hit rate",
        "pool hit rate",
    ];
    let mut table = tables::table(&headings);
    let mut answers = Vec::new();
    for (name, lookup) in &lookups {
        progress.set_message(*name);
        let work = lookup.run(arguments.threads, arguments.queries.get())?;
        answers.push(work.lines);
        table.add_row(row(name, &work, lookup));
        progress.inc(1);
    }
    progress.finish_and_clear();
    if answers.iter().any(|lines| *lines != answers[0]) {
        return Err("the answers differ".into());
    }
    output::print(format_args!(
        "{} queries on each of {} threads, {} documents of {} ({} compressed), cache capacity {capacity}\n\n{table}\n",
        HumanCount(arguments.queries.get().into()),
        arguments.threads,
        arguments.documents,
        HumanBytes(library.bytes()),
        HumanBytes(library.compressed_bytes()),
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn row(name: &str, work: &Work, lookup: &Lookup<'_>) -> Vec<String> {
    let per_query = |total: f64| total / work.queries as f64;
    let dash = || "-".to_owned();
    vec![
        name.to_owned(),
        format!("{:.0}", per_query(work.time.as_nanos() as f64)),
        format!("{:.3}", per_query(work.allocations.count as f64)),
        format!("{:.0}", per_query(work.allocations.bytes as f64)),
        if lookup.has_cache() { tables::percent(1.0 - per_query(work.read as f64)) } else { dash() },
        lookup.pool_stats().map_or_else(dash, |stats| tables::percent(1.0 - stats.miss_rate())),
    ]
}
