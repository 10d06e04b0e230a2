//! A worker is in one place at a time.

use std::thread;

fn main() {
    let worker = pooldeque::unbounded::<u8>().0;
    thread::scope(|scope| {
        scope.spawn(|| worker.len());
    });
}
