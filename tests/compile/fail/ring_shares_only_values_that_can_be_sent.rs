//! Sharing it would let another thread take values that are bound to this one.

use std::thread;

fn main() {
    let shared = pooldeque::PoolDequeue::<std::rc::Rc<u8>>::new(4);
    thread::scope(|scope| {
        scope.spawn(|| assert!(shared.pop_tail().is_none()));
    });
}
