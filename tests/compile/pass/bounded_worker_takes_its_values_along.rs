//! Values that can be sent go along with the worker.

pub(crate) fn main() {
    let worker = pooldeque::bounded::<std::sync::Arc<u8>>(4).0;
    std::thread::spawn(move || drop(worker)).join().unwrap();
}
