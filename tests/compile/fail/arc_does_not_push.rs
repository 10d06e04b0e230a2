//! Sharing the worker through an `Arc` gives nobody leave to push.

use std::sync::Arc;

fn main() {
    let worker = Arc::new(pooldeque::bounded(4).0);
    worker.push(1).unwrap();

    let worker = Arc::new(pooldeque::unbounded().0);
    worker.push(1);
}
