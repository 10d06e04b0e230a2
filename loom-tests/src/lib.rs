//! Scenarios for pooldeque: small concurrent programs, written once, explored under loom and under
//! shuttle and repeated on real threads, every execution judged by the same oracle.
//!
//! From the bottom up; no two import each other:
//!
//! - [`tier`] says how much to explore, [`limits`] where to stop all the same, [`first_failure`] whether to stop at
//!   the first failure, [`search`] how;
//! - [`token`] are the values that programs pass around: each has an identity, and a leaked one is noticed;
//! - [`program`] describes a program in a few characters that can be typed on a command line,
//!   [`enumeration`] has all small ones, [`scenarios`] those with a name;
//! - [`runtime`] is the one place that knows what is underneath, and how it explores;
//! - [`deque`] is what a program needs of a deque, [`under_test`] the deques of the crate that have it;
//! - [`history`] is what the threads of one execution did and saw, [`oracle`] judges it;
//! - [`case`] is what can be explored: [`execution`] runs a program over a deque once and records it, [`pool`] is
//!   the same for programs over a pool;
//! - [`exploration`] runs a case in every way the runtime can think of, [`shrink`] makes a failing one smaller,
//!   `explanation` shows the failing execution of a model checker step by step,
//!   [`report`] prints what was explored, and [`journal`] has what need not be explored again.
//!
//! Under loom `mutants` weakens the crate's orderings one at a time, and a scenario must fail each time.

pub mod case;
pub mod deque;
pub mod enumeration;
pub mod execution;
#[cfg(any(loom, shuttle))]
pub mod explanation;
pub mod exploration;
pub mod first_failure;
pub mod history;
pub mod journal;
pub mod limits;
#[cfg(all(loom, not(crossbeam_loom)))]
pub mod mutants;
pub mod oracle;
#[cfg(not(crossbeam_loom))]
pub mod pool;
pub mod program;
pub mod report;
pub mod runtime;
pub mod scenarios;
pub mod search;
pub mod shrink;
pub mod tier;
pub mod token;
pub mod under_test;
