//! What a deque must survive: odd elements, panics in user code, stalled thieves, handles dropped
//! anywhere, refused capacities.

#![cfg(not(any(loom, shuttle)))]

#[path = "../support/mod.rs"]
mod support;

mod bombs;
mod capacities;
mod elements;
mod exactly_once;
mod full_error;
mod handles;
mod panicking_drop;
mod panicking_iterator;
mod push_was_empty;
mod stalled_thief;
mod steal_half_into;
mod steal_into;
mod thread_teardown;
