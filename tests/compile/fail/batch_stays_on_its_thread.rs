//! A batch may keep the thread that made it in an epoch, and stays there.

use std::thread;

fn main() {
    let (_worker, stealer) = pooldeque::unbounded::<u8>();
    let batch = stealer.steal_batch(2);
    thread::scope(|scope| {
        scope.spawn(move || batch.count());
    });
}
