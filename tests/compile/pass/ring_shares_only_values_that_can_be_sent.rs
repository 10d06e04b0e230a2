//! Values that can be sent may be taken by any thread; shared they never are.

use std::thread;

pub(crate) fn main() {
    let shared = pooldeque::PoolDequeue::<std::cell::Cell<u8>>::new(4);
    thread::scope(|scope| {
        scope.spawn(|| assert!(shared.pop_tail().is_none()));
    });
}
