//! The deque: one owner at the head, any number of thieves at the tail.
//!
//! The layers, from the bottom: the packed index, the slot, the ring ([`PoolDequeue`]), the chain of rings
//! (`PoolChain`), and the handles (`bounded` and `unbounded`) that make them safe. A [`Batch`] holds the values claimed
//! with one compare-and-swap per ring. The root of the crate re-exports all of them.

mod batch;
pub mod bounded;
#[cfg(feature = "std")]
pub(crate) mod chain;
mod claim;
pub(crate) mod dequeue;
mod full;
mod index;
mod slot;
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
