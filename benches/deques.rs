//! Every row of the performance tables. `cargo xtask bench` runs this and makes the tables.

use std::time::Duration;

use criterion::Criterion;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(20)
        .nresamples(2_000)
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(400))
        .without_plots()
        .configure_from_args();
    pooldeque_benches::rows::measure_all(&mut criterion);
    criterion.final_summary();
}
