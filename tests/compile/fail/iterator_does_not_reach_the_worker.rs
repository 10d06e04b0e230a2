//! An iterator that is being pushed cannot push or pop by itself.

fn main() {
    let (mut worker, _stealer) = pooldeque::bounded::<u8>(4);
    worker.push_batch(&mut (0..4).inspect(|_| drop(worker.pop())));

    let (mut worker, _stealer) = pooldeque::unbounded::<u8>();
    worker.push_batch(&mut (0..4).inspect(|_| drop(worker.pop())));
}
