//! Values that can be sent can be stolen from another thread.

pub(crate) fn main() {
    let stealer = pooldeque::bounded::<std::sync::Arc<u8>>(4).1;
    std::thread::spawn(move || drop(stealer)).join().unwrap();
}
