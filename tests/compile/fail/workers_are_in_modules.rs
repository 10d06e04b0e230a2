//! Each deque has a worker of its own, and the compiler suggests nothing else in their place.

use pooldeque::{Stealer, Worker};

fn main() {
    let _: Option<(Worker<u8>, Stealer<u8>)> = None;
}
