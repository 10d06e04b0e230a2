//! The command line.

use std::num::NonZeroU64;

use clap::Parser;

use crate::threads;

/// Shows a pool's statistics as Prometheus metrics while the pools are under load.
///
/// Two pools serve the same requests: `healthy` gets all its values back, `leaking` does not. The
/// statistics of both are served at /metrics on the loopback address, in the text format that Prometheus
/// scrapes. The queries for miss rate, imbalance and churn are in docs/operating-a-pool.md.
#[derive(Parser, Debug)]
#[command(name = "metrics", version)]
pub(crate) struct Arguments {
    /// The port to serve at; 0 picks a free one. The address is printed.
    #[arg(short, long, default_value_t = 9185)]
    pub(crate) port: u16,

    /// Exit after this many scrapes and print a table of the pools' statistics [default: never].
    #[arg(long, value_name = "NUMBER", conflicts_with = "once")]
    pub(crate) scrapes: Option<NonZeroU64>,

    /// Do not serve; print the metrics once, after this time, and exit.
    #[arg(long, value_name = "MILLISECONDS", num_args = 0..=1, default_missing_value = "1000")]
    pub(crate) once: Option<u64>,

    /// Threads that make requests.
    #[arg(short = 'j', long, value_name = "NUMBER", default_value = "2", value_parser = clap::value_parser!(u32).range(1..=threads::MOST))]
    pub(crate) threads: u32,

    /// How often the janitor ticks, in milliseconds.
    #[arg(long, value_name = "MILLISECONDS", default_value = "250")]
    pub(crate) tick: NonZeroU64,

    /// Percentage of requests that do not return their buffer to the leaking pool.
    #[arg(long, value_name = "PERCENT", default_value_t = 10, value_parser = clap::value_parser!(u8).range(0..=100))]
    pub(crate) leak: u8,
}
