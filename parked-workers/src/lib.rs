//! A scheduler as somebody might build one on pooldeque, and check with loom and shuttle.
//!
//! Tasks make tasks. Each worker has a deque, takes its own newest task first, steals the others'
//! oldest when it has none, and parks when there is nothing to steal.
//!
//! - [`runtime`] is what the scheduler needs of the machine, or of a model checker in its place;
//! - [`sleepers`] is the part that everybody gets wrong once: how to fall asleep without missing a task;
//! - [`scheduler`] is the rest.
//!
//! The models are in `tests/models`; their reasons are in `docs/checking-your-own.md`.

pub mod runtime;
pub mod scheduler;
pub mod sleepers;
