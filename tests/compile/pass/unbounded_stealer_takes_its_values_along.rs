//! Values that can be sent can be stolen from another thread.

pub(crate) fn main() {
    let stealer = pooldeque::unbounded::<std::sync::Arc<u8>>().1;
    std::thread::spawn(move || drop(stealer)).join().unwrap();
}
