//! It can steal.

pub(crate) fn main() {
    let (mut worker, stealer) = pooldeque::bounded::<u8>(4);
    worker.push_batch(&mut (0..4).inspect(|_| assert_eq!(stealer.steal(), None)));

    let (mut worker, stealer) = pooldeque::unbounded::<u8>();
    worker.push_batch(&mut (0..4).inspect(|_| assert_eq!(stealer.steal(), None)));
}
