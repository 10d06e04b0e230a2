//! The lock-free deque inside Go's `sync.Pool`, as a model-checked single-producer multi-consumer deque.

#![no_std]
// A model's atomics work inside a model alone: no doctests then. (See `build.rs`.)
#![cfg(not(all(doctest, pooldeque_model)))]
// Without the standard library the chain is not there, and what it alone uses goes unused.
#![cfg_attr(not(feature = "std"), allow(dead_code, unused_imports, unused_macros))]

#[cfg(not(target_has_atomic = "64"))]
compile_error!(
    "pooldeque keeps two 32-bit indexes in one atomic word and needs a target with 64-bit atomics"
);

#[cfg(all(any(loom, shuttle), not(feature = "std")))]
compile_error!("the model checkers need the `std` feature");

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

mod batch;
pub mod bounded;
#[cfg(feature = "std")]
mod chain;
mod claim;
mod dequeue;
#[cfg(doc)]
pub mod docs;
mod drop_each;
mod full;
mod index;
#[cfg(any(loom, shuttle))]
pub mod model;
mod order;

mod reclaim;
mod slot;
mod sync;
#[cfg(feature = "std")]
pub mod unbounded;

pub use batch::Batch;
pub use bounded::bounded;
#[cfg(feature = "std")]
pub use chain::PoolChain;
pub use dequeue::PoolDequeue;
pub use full::Full;
#[cfg(feature = "std")]
pub use unbounded::unbounded;
