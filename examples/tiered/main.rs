//! Buffers of every size from one pool and from pools by size: `tiered`.
//!
//! `traffic.rs` has the requests and `contenders.rs` where they get their buffers.

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

/// Shows what pools by size save where requests are of every size.
///
/// Half of the requests need less than 1 KB, three in ten 1 to 16 KB, two in ten 16 to 256 KB, and each thread
/// has several of them at once. From one pool a small request may get a large buffer, which a large one then
/// has not; `BufferPool` gives each a buffer of about its size. Printed are the time, what was allocated, how
/// much capacity the buffers had for each byte asked for, and how much memory is idle in the end.
#[derive(Parser, Debug)]
#[command(name = "tiered", version)]
struct Arguments {
    /// Requests of each thread that are measured.
    #[arg(long, value_name = "NUMBER", default_value = "100000")]
    requests: NonZeroU32,

    /// Requests of each thread before that.
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000)]
    warm_up: u32,

    /// Requests that a thread has at once.
    #[arg(long, value_name = "NUMBER", default_value = "16", value_parser = at_once())]
    at_once: usize,

    /// Threads.
    #[arg(short = 'j', long, value_name = "NUMBER", default_value = "2", value_parser = clap::value_parser!(u32).range(1..=threads::MOST))]
    threads: u32,
}

/// At least one, and no more than fit into memory: a request has 30 KB on the average.
fn at_once() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=10_000)
}

/// No larger buffer stays in the pool that has a limit.
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
        "ns a request",
        "allocations a request",
        "bytes allocated a request",
        "capacity a byte",
        "hit rate",
        "idle in the end",
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
            format!("{:.2}", cost.capacity_a_byte()),
            hit_rate.map_or_else(|| "-".to_owned(), tables::percent),
            HumanBytes(idle).to_string(),
        ]);
        progress.inc(1);
    }
    progress.finish_and_clear();
    output::print(format_args!("{traffic}\n\n{table}\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Some way to get buffers, on which the traffic can be let loose.
trait Contender {
    fn run(&self, traffic: &Traffic) -> io::Result<Outcome>;
}

impl<B: Buffers> Contender for B {
    fn run(&self, traffic: &Traffic) -> io::Result<Outcome> {
        traffic.run(self)
    }
}
