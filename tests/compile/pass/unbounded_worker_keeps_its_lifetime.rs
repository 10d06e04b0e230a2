//! The values themselves may be taken to live shorter.

use pooldeque::unbounded::Worker;

fn shorten<'a>(worker: Worker<&'static str>) -> Option<&'a str> {
    worker.pop()
}

pub(crate) fn main() {
    assert!(shorten(pooldeque::unbounded().0).is_none());
}
