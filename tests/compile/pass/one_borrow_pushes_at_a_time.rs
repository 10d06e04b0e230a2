//! They take turns.

pub(crate) fn main() {
    let (mut worker, _stealer) = pooldeque::bounded(4);
    let first = &mut worker;
    first.push(1).unwrap();
    let second = &mut worker;
    second.push(2).unwrap();

    let (mut worker, _stealer) = pooldeque::unbounded();
    let first = &mut worker;
    first.push(1);
    let second = &mut worker;
    second.push(2);
}
