//! Pools: this crate's, what users would pick instead, plain allocation, and the floor.

pub mod names;
pub mod rows;
pub mod subjects;
