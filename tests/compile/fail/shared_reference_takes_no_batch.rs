//! Calls that run an iterator of the user's, or return a batch that borrows the worker, take it for themselves.

fn bounded(worker: &pooldeque::bounded::Worker<u8>) {
    _ = worker.push(1);
    _ = worker.push_was_empty(1);
    _ = worker.pop();
    _ = worker.push_batch(&mut (0..2));
    _ = worker.pop_batch(2);
}

fn unbounded(worker: &pooldeque::unbounded::Worker<u8>) {
    worker.push(1);
    _ = worker.push_was_empty(1);
    _ = worker.pop();
    worker.shrink_to(8);
    _ = worker.push_batch(0..2);
    _ = worker.pop_batch(2);
}

fn main() {
    bounded(&pooldeque::bounded(4).0);
    unbounded(&pooldeque::unbounded().0);
}
