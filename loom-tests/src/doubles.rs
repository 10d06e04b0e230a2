//! Deques that are broken on purpose, to see the scenarios fail.
//!
//! Two small deques in safe code over the runtime's own atomics, made as the crate's are, each with a
//! place for one defect; without a defect they must pass. A slot holds the number of a value, and the
//! value lies in a vault until somebody comes with the number: so a defect hands out a value twice, or
//! none, but never breaks the test itself.

mod chain;
mod hunt;
mod ring;
mod vault;

use std::fmt::Debug;

pub use chain::ChainDouble;
pub use hunt::{Hunt, chain_hunts, ring_hunts};
pub use ring::RingDouble;

/// What is wrong with a deque.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Defect {
    /// Nothing.
    None,
    /// The producer does not ask whether the slot was handed back.
    NoFlagCheck,
    /// A thief moves the tail by a store in place of the compare-and-swap.
    LoadThenStore,
    /// A thief hands the slot back before it has taken the value out.
    ReleaseFirst,
    /// The distance of the indexes is a saturating difference.
    SaturatingIndexes,
    /// A thief looks for the successor only after it found the ring empty.
    LateLook,
    /// A thief that found the ring empty does not look for a successor again: Go's false empty.
    NoSecondLook,
    /// Nobody takes a guard.
    NoGuard,
    /// The guard is dropped before the slot is released.
    ShortGuard,
    /// A drained ring is retired with the way back to it still there, and that is never cut.
    NoClear,
    /// A ring is retired before the tail has moved past it.
    EarlyRetire,
}

/// A defect as a type, so that a deque can be made with it.
pub trait Broken: Debug + Send + Sync + 'static {
    /// The defect.
    const DEFECT: Defect;

    /// Whether it is this one.
    #[must_use]
    fn has(defect: Defect) -> bool {
        Self::DEFECT == defect
    }
}
