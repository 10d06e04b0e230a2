//! A shared reference pushes, pops, looks and makes stealers; one's own does the rest.

fn bounded(worker: &mut pooldeque::bounded::Worker<u8>) {
    let shared = &*worker;
    _ = shared.push(1);
    _ = shared.push_was_empty(1);
    _ = shared.pop();
    _ = (shared.len(), shared.is_empty(), shared.capacity(), shared.spare_capacity());
    _ = shared.stealer().steal();
    _ = worker.push_batch(&mut (0..2));
    _ = worker.pop_batch(2).next();
}

fn unbounded(worker: &mut pooldeque::unbounded::Worker<u8>) {
    let shared = &*worker;
    shared.push(1);
    _ = shared.push_was_empty(1);
    _ = shared.pop();
    shared.shrink_to(8);
    _ = (shared.len(), shared.is_empty());
    _ = shared.stealer().steal();
    _ = worker.push_batch(0..2);
    _ = worker.pop_batch(2).next();
}

pub(crate) fn main() {
    bounded(&mut pooldeque::bounded(4).0);
    unbounded(&mut pooldeque::unbounded().0);
}
