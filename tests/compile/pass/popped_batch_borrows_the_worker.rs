//! The batch is finished first.

pub(crate) fn main() {
    let (mut worker, _stealer) = pooldeque::bounded(4);
    worker.push_batch(&mut (0..4));
    let batch = worker.pop_batch(2);
    assert_eq!(batch.count(), 2);
    worker.push(4).unwrap();

    let (mut worker, _stealer) = pooldeque::unbounded();
    worker.push_batch(&mut (0..4));
    let batch = worker.pop_batch(2);
    assert_eq!(batch.count(), 2);
    worker.push(4);
}
