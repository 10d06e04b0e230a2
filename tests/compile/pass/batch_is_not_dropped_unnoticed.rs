//! To drop it says so.

#![deny(unused_must_use)]

pub(crate) fn main() {
    let (mut worker, stealer) = pooldeque::bounded(4);
    worker.push_batch(&mut (0..4));
    drop(stealer.steal_batch(2));
    drop(worker.pop_batch(2));
}
