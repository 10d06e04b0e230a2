//! The seam: the only place that knows which runtime is underneath.
//!
//! The algorithm is written once over these names. They are the standard library's atomics, or those
//! of a model checker: loom with `--cfg loom`, shuttle with `--cfg shuttle`. The choice depends only on
//! those two, never on `cfg(test)`: an integration test links this library without
//! `cfg(test)`, the shims would vanish, and every model would pass in a single execution.
//!
//! The seam contains no part of the algorithm and changes no semantics.

#[cfg(all(loom, shuttle))]
compile_error!("choose one model checker: `--cfg loom` or `--cfg shuttle`, not both");

#[cfg(not(any(loom, shuttle)))]
#[path = "sync/with_std.rs"]
mod runtime;

#[cfg(loom)]
#[path = "sync/with_loom.rs"]
mod runtime;

#[cfg(shuttle)]
#[path = "sync/with_shuttle.rs"]
mod runtime;

#[cfg(all(feature = "std", not(any(loom, shuttle))))]
mod asymmetric;
#[cfg(not(any(loom, shuttle)))]
mod cell;
#[cfg(all(feature = "std", not(any(loom, shuttle))))]
mod fork;
#[cfg(any(loom, shuttle))]
mod in_models;
#[cfg(feature = "std")]
mod made_once;
#[cfg(any(loom, shuttle))]
mod per_execution;
#[cfg(shuttle)]
mod recorded;
#[cfg(shuttle)]
pub mod recorder;
#[cfg(any(loom, shuttle))]
pub mod trace;
#[cfg(any(loom, shuttle))]
mod traced;

#[cfg(any(loom, shuttle))]
pub(crate) use in_models::*;
#[cfg(feature = "std")]
pub(crate) use made_once::MadeOnce;
pub(crate) use runtime::*;

/// Declares a `const fn` wherever the runtime can build an atomic in a constant: everywhere but
/// under a model checker, where atomics register with the running model or are recorded.
macro_rules! const_unless_model {
    ($(#[$attribute:meta])* $visibility:vis fn $($rest:tt)*) => {
        #[cfg(not(any(loom, shuttle)))]
        $(#[$attribute])*
        $visibility const fn $($rest)*

        #[cfg(any(loom, shuttle))]
        $(#[$attribute])*
        $visibility fn $($rest)*
    };
}
pub(crate) use const_unless_model;
