//! Benchmarks: this crate's deques and its pool, what users would pick instead, and the floor, in the same run.
//!
//! A *subject* is a deque or a pool under test, a *row* something it is measured at. Each row measures all the
//! subjects that can do it, one after the other, and criterion stores the results under their names.

use std::time::Duration;

use criterion::Criterion;

pub mod names;
pub mod pools;
mod race;
pub mod rows;
pub mod subjects;

/// Runs a bench program, as its command line says.
pub fn run(measure_all: fn(&mut Criterion)) {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .nresamples(2_000)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(400))
        .without_plots()
        .configure_from_args();
    measure_all(&mut criterion);
    criterion.final_summary();
}
