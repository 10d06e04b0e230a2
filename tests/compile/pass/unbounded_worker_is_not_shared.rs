//! A stealer is what other threads share.

use std::thread;

pub(crate) fn main() {
    let stealer = pooldeque::unbounded::<u8>().1;
    thread::scope(|scope| {
        scope.spawn(|| stealer.len());
    });
}
