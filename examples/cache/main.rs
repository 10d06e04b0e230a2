//! A cache for hits, a pool for scratch on misses: `cache`.
//!
//! `library.rs` has the documents, and `service.rs` how a question about one is answered.

#[path = "../shared/allocations.rs"]
mod allocations;
#[path = "../shared/crew.rs"]
mod crew;
mod library;
#[path = "../shared/output.rs"]
mod output;
mod service;
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
use service::{Service, Work};

/// Shows what a cache is for, and what a pool is for.
///
/// Threads ask questions about compressed documents, some of which are requested far more often than others. A
/// cache has answers by key, and saves the work. A pool has scratch memory without a key, and saves making it
/// when there is work to do: a decompressor and a buffer for its text. The same questions are put to neither,
/// to each of them, and to both. Printed are the time, what was allocated, and how often each had something.
#[derive(Parser, Debug)]
#[command(name = "cache", version)]
struct Arguments {
    /// Documents in the library.
    #[arg(long, value_name = "NUMBER", default_value = "400", value_parser = some())]
    documents: usize,

    /// Answers that the cache has room for.
    #[arg(long, value_name = "NUMBER", default_value = "40", value_parser = some())]
    room: usize,

    /// Questions of each thread.
    #[arg(long, value_name = "NUMBER", default_value = "10000")]
    questions: NonZeroU32,

    /// Threads that ask.
    #[arg(short = 'j', long, value_name = "NUMBER", default_value = "2", value_parser = clap::value_parser!(u32).range(1..=threads::MOST))]
    threads: u32,
}

/// At least one, and no more than fit into memory: a document takes some kilobytes.
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

    let room = arguments.room;
    let services = [
        ("neither", Service::new(&library, None, false)),
        ("a pool", Service::new(&library, None, true)),
        ("a cache", Service::new(&library, Some(room), false)),
        ("a cache and a pool", Service::new(&library, Some(room), true)),
    ];
    let headings = [
        "with",
        "CPU ns a question",
        "allocations a question",
        "bytes allocated a question",
        "found in the cache",
        "found in the pool",
    ];
    let mut table = tables::table(&headings);
    let mut answers = Vec::new();
    for (name, service) in &services {
        progress.set_message(*name);
        let work = service.run(arguments.threads, arguments.questions.get())?;
        answers.push(work.lines);
        table.add_row(row(name, &work, service));
        progress.inc(1);
    }
    progress.finish_and_clear();
    if answers.iter().any(|lines| *lines != answers[0]) {
        return Err("the answers differ".into());
    }
    output::print(format_args!(
        "{} questions on each of {} threads about {} documents of {}, {} compressed; room for {room} answers\n\n{table}\n",
        HumanCount(arguments.questions.get().into()),
        arguments.threads,
        arguments.documents,
        HumanBytes(library.bytes()),
        HumanBytes(library.compressed_bytes()),
    ))?;
    Ok(ExitCode::SUCCESS)
}

fn row(name: &str, work: &Work, service: &Service<'_>) -> Vec<String> {
    let a_question = |whole: f64| whole / work.questions as f64;
    let dash = || "-".to_owned();
    vec![
        name.to_owned(),
        format!("{:.0}", a_question(work.time.as_nanos() as f64)),
        format!("{:.3}", a_question(work.allocations.count as f64)),
        format!("{:.0}", a_question(work.allocations.bytes as f64)),
        if service.has_cache() { tables::percent(1.0 - a_question(work.read as f64)) } else { dash() },
        service.pool_stats().map_or_else(dash, |stats| tables::percent(1.0 - stats.miss_rate())),
    ]
}
