//! Buffers of mixed sizes from one pool and from pools by size: `tiered`.
//!
//! `traffic.rs` has the requests, and `contenders.rs` the sources of their buffers.

#[path = "../shared/allocations.rs"]
mod allocations;
mod contenders;
#[path = "../shared/crew.rs"]
mod crew;
#[path = "../shared/output.rs"]
mod output;
#[path = "../shared/tables.rs"]
mod tables;
#[path = "../shared/threads.rs"]
mod threads;
mod traffic;

use std::io;
use std::num::NonZeroU32;
use std::process::ExitCode;

use clap::Parser;
use clap::builder::RangedU64ValueParser;
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use pooldeque::{BufferPool, Pool};

use contenders::{Buffers, One, Unpooled};
use traffic::{Outcome, Traffic};

/// Shows what pools by size save when request sizes vary.
///
/// Half of the requests need less than 1 KiB, 30 % need 1 to 16 KiB, 20 % need 16 to 256 KiB, and each
/// thread serves several of them at once. With one pool for all sizes a small request may occupy a large
/// buffer, and a large request then has to allocate. `BufferPool` gives each request a buffer of about its
/// size. The output shows the time, the allocations, the buffers' capacity per requested byte, and the
/// memory that is idle at the end.
#[derive(Parser, Debug)]
#[command(name = "tiered", version)]
struct Arguments {
    /// Measured requests per thread.
    #[arg(long, value_name = "NUMBER", default_value = "100000")]
    requests: NonZeroU32,

    /// Warm-up requests per thread.
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000)]
    warm_up: u32,

    /// Concurrent requests per thread.
    #[arg(long, value_name = "NUMBER", default_value = "16", value_parser = at_once())]
    at_once: usize,

    /// Number of threads.
    #[arg(short = 'j', long, value_name = "NUMBER", default_value = "2", value_parser = clap::value_parser!(u32).range(1..=threads::MOST))]
    threads: u32,
}

/// At least one, and no more than fit into memory: a request takes 30 KB on average.
fn at_once() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=10_000)
}

/// The pool with a limit keeps no larger buffer.
const LIMIT: usize = 64 << 10;

fn main() -> ExitCode {
    output::status("tiered", 1, run(&Arguments::parse()))
}

fn run(arguments: &Arguments) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let traffic = Traffic {
        threads: arguments.threads,
        warm_up: arguments.warm_up,
        requests: arguments.requests.get(),
        at_once: arguments.at_once,
    };
    let pool = || Pool::from_fn(Vec::new).with_reset(Vec::clear);
    let contenders: [(&str, Box<dyn Contender>); 5] = [
        ("no pool", Box::new(Unpooled)),
        ("one Pool", Box::new(One(pool()))),
        (
            "one Pool, nothing above 64 KiB kept",
            Box::new(One(pool().with_retain(|it| it.capacity() <= LIMIT))),
        ),
        ("BufferPool", Box::new(BufferPool::new())),
        ("BufferPool, adaptive", Box::new(BufferPool::adaptive())),
    ];

    let headings = [
        "buffers from",
        "ns/request",
        "allocations/request",
        "bytes allocated/request",
        "capacity/byte",
        "hit rate",
        "idle at the end",
    ];
    let mut table = tables::table(&headings);
    let progress = ProgressBar::new(contenders.len() as u64)
        .with_style(ProgressStyle::with_template("{bar:40} {msg}, {elapsed}")?);
    for (name, contender) in &contenders {
        progress.set_message(*name);
        let Outcome { cost, hit_rate, idle } = contender.run(&traffic)?;
        table.add_row([
            (*name).to_owned(),
            format!("{:.0}", cost.nanoseconds()),
            format!("{:.4}", cost.allocations()),
            format!("{:.0}", cost.bytes()),
            format!("{:.2}", cost.capacity_per_byte()),
            hit_rate.map_or_else(|| "-".to_owned(), tables::percent),
            HumanBytes(idle).to_string(),
        ]);
        progress.inc(1);
    }
    progress.finish_and_clear();
    output::print(format_args!("{traffic}\n\n{table}\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// A source of buffers that the traffic can run on.
trait Contender {
    fn run(&self, traffic: &Traffic) -> io::Result<Outcome>;
}

impl<B: Buffers> Contender for B {
    fn run(&self, traffic: &Traffic) -> io::Result<Outcome> {
        traffic.run(self)
    }
}
