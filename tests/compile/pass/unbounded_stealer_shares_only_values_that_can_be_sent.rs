//! Values that can be sent may be taken by any thread; shared they never are.

use std::thread;

pub(crate) fn main() {
    let shared = pooldeque::unbounded::<std::cell::Cell<u8>>().1;
    thread::scope(|scope| {
        scope.spawn(|| assert!(shared.steal().is_none()));
    });
}
