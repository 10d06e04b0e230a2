//! Programs over a pool, and what must hold of each execution.
//!
//! A pool promises less than a deque: not which value is found, only that each value is with one holder,
//! in the pool, or dropped once; that any thread finds what is in a shared queue when all is
//! quiet; and that two ticks leave nothing.

mod enumeration;
mod execution;
mod program;

pub use enumeration::families;
pub use execution::PoolModel;
pub use program::{InvalidProgram, Kind, PoolProgram, Step};
