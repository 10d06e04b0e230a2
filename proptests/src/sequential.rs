//! Random programs over everything the handles can do, on one thread, against the oracle.
//!
//! A program works on two deques of one kind, so that values can be stolen from each into the other
//! and into itself. Stolen batches may be kept open while it goes on: that is how a thief looks that
//! stalls.

mod batches;
mod feed;
mod program;
mod run;
mod table;

pub use program::{Program, program};
pub use run::run;
