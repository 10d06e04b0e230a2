//! Benchmarks: this crate's deques, what users would pick instead, and the floor, in the same run.
//!
//! A *subject* is a deque under test, a *row* something it is measured at. Each row measures all the
//! subjects that can do it, one after the other, and criterion stores the results under their names.

pub mod names;
pub mod rows;
pub mod subjects;
