//! A batch lies in the memory that its handle keeps.

fn main() {
    let (_worker, stealer) = pooldeque::bounded::<u8>(4);
    let batch = stealer.steal_batch(2);
    drop(stealer);
    assert_eq!(batch.count(), 0);

    let (_worker, stealer) = pooldeque::unbounded::<u8>();
    let batch = stealer.steal_batch(2);
    drop(stealer);
    assert_eq!(batch.count(), 0);

    let (mut worker, _stealer) = pooldeque::bounded::<u8>(4);
    let batch = worker.pop_batch(2);
    drop(worker);
    assert_eq!(batch.count(), 0);

    let (mut worker, _stealer) = pooldeque::unbounded::<u8>();
    let batch = worker.pop_batch(2);
    drop(worker);
    assert_eq!(batch.count(), 0);
}
