//! The values themselves may be taken to live shorter.

use pooldeque::bounded::Worker;

fn shorten<'a>(worker: Worker<&'static str>) -> Option<&'a str> {
    worker.pop()
}

pub(crate) fn main() {
    assert!(shorten(pooldeque::bounded(4).0).is_none());
}
