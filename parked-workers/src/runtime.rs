//! What is underneath: the machine, or a model checker.
//!
//! This is all that a crate must change to be checked with pooldeque inside.

// docs: runtimes
#[cfg(loom)]
pub use loom::{
    sync::atomic::{AtomicUsize, Ordering, fence},
    sync::{Arc, Condvar, Mutex},
    thread,
};
#[cfg(shuttle)]
pub use shuttle::{
    sync::atomic::{AtomicUsize, Ordering, fence},
    sync::{Arc, Condvar, Mutex},
    thread,
};
#[cfg(not(any(loom, shuttle)))]
pub use std::{
    sync::atomic::{AtomicUsize, Ordering, fence},
    sync::{Arc, Condvar, Mutex},
    thread,
};
// docs: end
