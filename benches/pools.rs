//! Every row of the pools' tables. `cargo xtask bench pool` runs this and makes the tables.

fn main() {
    pooldeque_benches::run(pooldeque_benches::pools::rows::measure_all);
}
