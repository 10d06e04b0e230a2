//! A stealer is what other threads share.

use std::thread;

pub(crate) fn main() {
    let stealer = pooldeque::bounded::<u8>(4).1;
    thread::scope(|scope| {
        scope.spawn(|| stealer.len());
    });
}
