//! A shared reference can ask, and make stealers.

fn bounded(worker: &pooldeque::bounded::Worker<u8>) {
    _ = (worker.len(), worker.is_empty(), worker.capacity());
    _ = worker.stealer().steal();
}

fn unbounded(worker: &pooldeque::unbounded::Worker<u8>) {
    _ = (worker.len(), worker.is_empty());
    _ = worker.stealer().steal();
}

pub(crate) fn main() {
    bounded(&pooldeque::bounded(4).0);
    unbounded(&pooldeque::unbounded().0);
}
