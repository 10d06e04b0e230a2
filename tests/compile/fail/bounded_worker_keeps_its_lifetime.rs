//! A handle to a deque of `'static` values is none to a deque of values that live shorter: the other
//! handles would hand out, as `'static`, what was pushed there.

use pooldeque::bounded::Worker;

fn shorten<'a>(worker: Worker<&'static str>) -> Worker<&'a str> {
    worker
}

fn main() {
    drop(shorten(pooldeque::bounded(4).0));
}
