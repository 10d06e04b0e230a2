//! Sharing it would let another thread take values that are bound to this one.

use std::thread;

fn main() {
    let shared = pooldeque::unbounded::<std::rc::Rc<u8>>().1;
    thread::scope(|scope| {
        scope.spawn(|| assert!(shared.steal().is_none()));
    });
}
