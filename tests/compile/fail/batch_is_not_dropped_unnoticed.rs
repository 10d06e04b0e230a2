//! Dropping a batch drops its values: not something to do by the way.

#![deny(unused_must_use)]

fn main() {
    let (mut worker, stealer) = pooldeque::bounded(4);
    worker.push_batch(&mut (0..4));
    stealer.steal_batch(2);
    worker.pop_batch(2);
}
