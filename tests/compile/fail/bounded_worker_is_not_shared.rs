//! A worker is in one place at a time.

use std::thread;

fn main() {
    let worker = pooldeque::bounded::<u8>(4).0;
    thread::scope(|scope| {
        scope.spawn(|| worker.len());
    });
}
