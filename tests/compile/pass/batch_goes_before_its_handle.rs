//! The handle goes after the batch; the others may go before.

pub(crate) fn main() {
    let (worker, stealer) = pooldeque::bounded::<u8>(4);
    let batch = stealer.steal_batch(2);
    drop(worker);
    assert_eq!(batch.count(), 0);
    drop(stealer);

    let (worker, stealer) = pooldeque::unbounded::<u8>();
    let batch = stealer.steal_batch(2);
    drop(worker);
    assert_eq!(batch.count(), 0);
    drop(stealer);

    let (mut worker, stealer) = pooldeque::bounded::<u8>(4);
    let batch = worker.pop_batch(2);
    drop(stealer);
    assert_eq!(batch.count(), 0);
    drop(worker);

    let (mut worker, stealer) = pooldeque::unbounded::<u8>();
    let batch = worker.pop_batch(2);
    drop(stealer);
    assert_eq!(batch.count(), 0);
    drop(worker);
}
