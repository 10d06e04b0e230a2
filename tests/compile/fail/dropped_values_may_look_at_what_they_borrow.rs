//! Dropping a deque drops its values, and their destructors may look at what they borrow.

struct Looks<'a>(&'a String);

impl Drop for Looks<'_> {
    fn drop(&mut self) {
        assert!(!self.0.is_empty());
    }
}

fn main() {
    let (mut worker, _stealer) = pooldeque::bounded(4);
    let text = String::from("dropped before the deque");
    worker.push(Looks(&text)).unwrap();

    let (mut worker, _stealer) = pooldeque::unbounded();
    let text = String::from("dropped before the deque");
    worker.push(Looks(&text));
}
