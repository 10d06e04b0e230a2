//! Scenarios for pooldeque: small concurrent programs, written once, explored under loom and under
//! shuttle and repeated on real threads, every execution judged by the same oracle.
//!
//! From the bottom up:
//!
//! - [`runtime`] is the one place that knows what is underneath, and how it explores;
//! - [`token`] are the values that programs pass around: each knows who it is and is missed when lost;
//! - [`deque`] is what a program needs of a deque, [`under_test`] the deques of the crate that have it;
//! - [`program`] describes a program in a few characters that can be typed on a command line;
//! - [`history`] is what the threads of one execution did and saw, [`execution`] runs a program once
//!   and records it, [`oracle`] judges it;
//! - [`exploration`] runs a program in every way the runtime can think of, [`shrink`] makes a failing
//!   program smaller, [`report`] prints what was explored, [`tier`] says how much that should be,
//!   [`limits`] where to stop all the same, and [`journal`] what need not be explored again;
//! - [`scenarios`] are the programs with a name, [`enumeration`] has all small ones. Under loom `mutants` weakens
//!   the crate's orderings one at a time, and a scenario must fail each time.

pub mod deque;
pub mod enumeration;
pub mod execution;
pub mod exploration;
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
pub mod shrink;
pub mod tier;
pub mod token;
pub mod under_test;
