//! What the pool promises, on real threads.

#![cfg(not(any(loom, shuttle)))]

mod ageing;
mod budget;
mod elements;
mod formats;
mod go;
mod guards;
mod live;
mod panics;
mod reentrancy;
mod rules;
mod scoped;
mod soak;
mod statistics;
mod threads;
