//! Programs over a pool, and what must hold of each execution.
//!
//! A pool promises less than a deque: not which value is found, only that each value is with one holder,
//! in the pool, or dropped once; that what lies in a shared part is found by whoever looks when all is
//! quiet; and that two ticks leave nothing.

mod enumeration;
mod execution;
mod program;

pub use enumeration::families;
pub use execution::PoolModel;
pub use program::{Misspelt, PoolProgram, Step};
