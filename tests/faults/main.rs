//! Faults that the pool once had, each as a test of what must hold instead.
//!
//! Most tests run in a process of their own: they change what the kernel allows, count what the whole process
//! has allocated, or would hang or abort if they failed.

#![cfg(all(target_os = "linux", not(any(loom, shuttle))))]

#[path = "../support/counting_allocator.rs"]
#[allow(dead_code, reason = "each test binary uses what it needs")]
mod counting_allocator;
mod kernel;
#[path = "../pool/live.rs"]
mod live;
#[path = "../support/panic_message.rs"]
mod panic_message;
#[path = "../support/patience.rs"]
#[allow(dead_code, reason = "each test binary uses what it needs")]
mod patience;
mod process;
mod workers;

mod counts;
mod deadlock;
mod endless;
mod epoch;
mod fences;
mod fork;
mod groups;
mod large;
mod memory;
mod panicking;
mod reach;
mod refusal;
mod statistics;
