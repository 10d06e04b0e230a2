//! The function and its types come from one module.

use pooldeque::unbounded::{Stealer, Worker, unbounded};

pub(crate) fn main() {
    let (worker, stealer): (Worker<u8>, Stealer<u8>) = unbounded();
    drop((worker, stealer));
}
