//! Nothing is pushed while a popped batch still has values in its slots.

fn main() {
    let (mut worker, _stealer) = pooldeque::bounded(4);
    worker.push_batch(&mut (0..4));
    let batch = worker.pop_batch(2);
    worker.push(4).unwrap();
    assert_eq!(batch.count(), 2);

    let (mut worker, _stealer) = pooldeque::unbounded();
    worker.push_batch(&mut (0..4));
    let batch = worker.pop_batch(2);
    worker.push(4);
    assert_eq!(batch.count(), 2);
}
