//! What they refer to outlives the deque.

pub(crate) fn main() {
    let text = String::from("still there when it is stolen");
    let (worker, stealer) = pooldeque::bounded(4);
    {
        worker.push(text.as_str()).unwrap();
    }
    assert!(stealer.steal().is_some());

    let text = String::from("still there when it is stolen");
    let (worker, stealer) = pooldeque::unbounded();
    {
        worker.push(text.as_str());
    }
    assert!(stealer.steal().is_some());
}
