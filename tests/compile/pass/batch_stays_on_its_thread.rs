//! Its values can go.

use std::thread;

pub(crate) fn main() {
    let (_worker, stealer) = pooldeque::unbounded::<u8>();
    let values = Vec::from_iter(stealer.steal_batch(2));
    thread::scope(|scope| {
        scope.spawn(move || values.len());
    });
}
