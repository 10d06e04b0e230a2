//! There is one worker a deque.

fn main() {
    let (worker, _stealer) = pooldeque::bounded::<u8>(4);
    let _second = worker.clone();

    let (worker, _stealer) = pooldeque::unbounded::<u8>();
    let _second = worker.clone();
}
