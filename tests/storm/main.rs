//! A storm over the pool.
fn main() {}
