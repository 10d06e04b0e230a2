//! Suites of other projects, written anew, each test with the name of the one it comes from.

#![cfg(not(any(loom, shuttle)))]

#[path = "../support/mod.rs"]
mod support;

mod concurrent_queue;
mod crossbeam_deque;
mod go;
mod rtrb;
mod st3;
