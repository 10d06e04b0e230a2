//! A deque of references goes before what they refer to.

fn main() {
    let (mut worker, stealer) = pooldeque::bounded(4);
    {
        let text = String::from("gone when it is stolen");
        worker.push(text.as_str()).unwrap();
    }
    assert!(stealer.steal().is_some());

    let (mut worker, stealer) = pooldeque::unbounded();
    {
        let text = String::from("gone when it is stolen");
        worker.push(text.as_str());
    }
    assert!(stealer.steal().is_some());
}
