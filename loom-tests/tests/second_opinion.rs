//! A second opinion on weak memory: small programs of the ring, the chain with its epoch, the owner flag and a non-empty
//! bit on models in C, under `GenMC`, which explores all executions that RC11 and IMM allow, load buffering among them.
//! The models are copies; their orderings are the crate's.
//!
//! A model that cannot fail shows nothing: each ordering is weakened, and each model of a deque is broken in several
//! ways. All of that must be noticed.
//!
//! It runs when the variable `GENMC` names the tool. `UPDATE_DOCS=1` writes `docs/reports/second-opinion.md`.

#![allow(unexpected_cfgs, reason = "the sites ask for a feature of the library")]

#[cfg(any(loom, shuttle))]
fn main() {}

#[cfg(not(any(loom, shuttle)))]
#[path = "../../src/orderings.rs"]
#[allow(dead_code, unreachable_pub, reason = "the library uses the sites; here they are put into C")]
mod orderings;

#[cfg(not(any(loom, shuttle)))]
fn main() {
    runner::main();
}

#[cfg(not(any(loom, shuttle)))]
#[path = "second_opinion/runner.rs"]
mod runner;
