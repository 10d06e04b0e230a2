//! How the deque works, and why: the files of `docs/` as pages.
//!
//! - [`algorithm`]: the ring, the chain, batches and reclamation, step by step, for a reader who has
//!   seen none of it before.
//! - [`orderings`]: every atomic access, its ordering, what it pairs with, and what breaks without it.
//! - [`differences`]: where this port departs from Go's original, and why.

// A page links to its neighbours by references whose definitions, at its end, name files: right on a forge.
// Here other definitions come before it, and of two the first counts. (An empty line must part them from
// the line above, or they would be text.)

/// The ring, the chain, batches and reclamation, step by step.
pub mod algorithm {
    //!
    //! [ring-type]: crate::PoolDequeue
    //! [chain-type]: crate::PoolChain
    //! [batch-type]: crate::Batch
    //! [differences]: crate::docs::differences
    //! [orderings]: crate::docs::orderings
    //!
    #![doc = include_str!("../docs/algorithm.md")]
}

/// Every atomic access and its memory ordering.
pub mod orderings {
    //!
    //! [algorithm]: crate::docs::algorithm
    //! [differences]: crate::docs::differences
    //!
    #![doc = include_str!("../docs/orderings.md")]
}

/// Where this port departs from Go's original, and why.
pub mod differences {
    //!
    //! [algorithm]: crate::docs::algorithm
    //! [orderings]: crate::docs::orderings
    //!
    #![doc = include_str!("../docs/differences.md")]
}
