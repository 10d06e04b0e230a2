//! Go's three operations: what real Go did with them, and random programs over them.

mod operations;
pub mod program;
pub mod replay;
pub mod subject;
pub mod trace;

pub use operations::{Operation, ThreeOperations};
