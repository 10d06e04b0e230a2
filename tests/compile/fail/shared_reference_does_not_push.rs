//! Nothing that a worker does to its deque can be done through a shared reference.

fn bounded(worker: &pooldeque::bounded::Worker<u8>) {
    _ = worker.push(1);
    _ = worker.push_was_empty(1);
    _ = worker.pop();
    _ = worker.push_batch(&mut (0..2));
    _ = worker.pop_batch(2);
}

fn unbounded(worker: &pooldeque::unbounded::Worker<u8>) {
    _ = worker.push(1);
    _ = worker.push_was_empty(1);
    _ = worker.pop();
    _ = worker.push_batch(&mut (0..2));
    _ = worker.pop_batch(2);
    worker.shrink_to(8);
}

fn main() {
    bounded(&pooldeque::bounded(4).0);
    unbounded(&pooldeque::unbounded().0);
}
