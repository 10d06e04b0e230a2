//! The command line.

use std::num::NonZeroU64;

use clap::Parser;

use crate::threads;

/// Shows a pool's statistics as metrics for Prometheus, while a load is on the pools.
///
/// Two pools serve the same requests: `healthy` gets back all that it lends, `leaking` does not. Both are
/// served at /metrics on this machine's loopback address in the text format that Prometheus scrapes. The
/// queries for miss rate, imbalance and churn are in docs/operating-a-pool.md.
#[derive(Parser, Debug)]
#[command(name = "metrics", version)]
pub(crate) struct Arguments {
    /// The port to serve at; 0 for any that is free. The address is printed.
    #[arg(short, long, default_value_t = 9185)]
    pub(crate) port: u16,

    /// End after so many scrapes, with a table of what the pools did [default: never].
    #[arg(long, value_name = "NUMBER", conflicts_with = "once")]
    pub(crate) scrapes: Option<NonZeroU64>,

    /// Serve nothing: print the metrics once, after this time, and end.
    #[arg(long, value_name = "MILLISECONDS", num_args = 0..=1, default_missing_value = "1000")]
    pub(crate) once: Option<u64>,

    /// Threads that make requests.
    #[arg(short = 'j', long, value_name = "NUMBER", default_value = "2", value_parser = clap::value_parser!(u32).range(1..=threads::MOST))]
    pub(crate) threads: u32,

    /// How often the janitor ticks, in milliseconds.
    #[arg(long, value_name = "MILLISECONDS", default_value = "250")]
    pub(crate) tick: NonZeroU64,

    /// How many requests in a hundred keep their buffer of the leaking pool.
    #[arg(long, value_name = "PERCENT", default_value_t = 10, value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) leak: u8,
}
