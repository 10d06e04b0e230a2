//! Sharing it would let another thread take values that are bound to this one.

use std::thread;

fn main() {
    let shared = pooldeque::PoolChain::<std::rc::Rc<u8>>::new();
    thread::scope(|scope| {
        scope.spawn(|| assert!(shared.pop_tail().is_none()));
    });
}
