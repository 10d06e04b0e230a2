//! A worker in an `Arc` stays on one thread.

use std::sync::Arc;

fn main() {
    let (worker, _stealer) = pooldeque::bounded(4);
    let worker = Arc::new(worker);
    let other = Arc::clone(&worker);
    std::thread::spawn(move || _ = other.push(1));
}
