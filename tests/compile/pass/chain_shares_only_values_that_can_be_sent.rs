//! Values that can be sent may be taken by any thread; shared they never are.

use std::thread;

pub(crate) fn main() {
    let shared = pooldeque::PoolChain::<std::cell::Cell<u8>>::new();
    thread::scope(|scope| {
        scope.spawn(|| assert!(shared.pop_tail().is_none()));
    });
}
