//! Every row of the deques' tables. `cargo xtask bench` runs this and makes the tables.

fn main() {
    pooldeque_benches::run(pooldeque_benches::rows::measure_all);
}
