//! Random programs on real threads.
//!
//! A program has one to three deques, each with an owner's thread, and up to two threads that only
//! steal. Each thread repeats a short pattern of operations many times, so that full rings, empty
//! rings and last values are met again and again. Every thread records what it saw; nothing is judged
//! before all have ended.
//!
//! A failing program need not fail again: the machine's schedule is not part of it.

mod activity;
pub mod check;
pub mod history;
mod program;
mod run;

pub use program::{Program, program};
pub use run::run;
