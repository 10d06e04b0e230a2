//! Two may not push, even on one thread: not while both hold the worker.

fn main() {
    let (mut worker, _stealer) = pooldeque::bounded(4);
    let first = &mut worker;
    let second = &mut worker;
    first.push(1).unwrap();
    second.push(2).unwrap();

    let (mut worker, _stealer) = pooldeque::unbounded();
    let first = &mut worker;
    let second = &mut worker;
    first.push(1);
    second.push(2);
}
