//! What they borrow is there before the deque, and so is gone after it.

struct Looks<'a>(&'a String);

impl Drop for Looks<'_> {
    fn drop(&mut self) {
        assert!(!self.0.is_empty());
    }
}

pub(crate) fn main() {
    let text = String::from("dropped after the deque");
    let (worker, _stealer) = pooldeque::bounded(4);
    worker.push(Looks(&text)).unwrap();

    let text = String::from("dropped after the deque");
    let (worker, _stealer) = pooldeque::unbounded();
    worker.push(Looks(&text));
}
