//! The search example: unit tests of its scheduler, and end-to-end tests of the program.

#![cfg(all(unix, feature = "stats", not(any(loom, shuttle))))]

#[path = "../../examples/search/scheduler/mod.rs"]
mod scheduler;

#[path = "../support/example.rs"]
mod example;

#[path = "../support/ledger.rs"]
#[expect(dead_code, reason = "shared with other tests, which use more of it")]
mod ledger;

#[path = "../support/patience.rs"]
#[expect(dead_code, reason = "shared with other tests, which use more of it")]
mod patience;

mod program;
mod terminal;
mod tree;

mod against_grep;
mod counting;
mod output_streams;
mod printing;
mod scheduling;
mod statistics;
mod troubles;
mod waking;
