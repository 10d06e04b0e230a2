//! How the deque works, and why: the files of `docs/` as pages.
//!
//! - [`using_the_deque`]: how to choose a deque, programs to start from, and how to migrate from another crate.
//! - [`algorithm`]: the ring and the chain, step by step, for a reader who has seen none of it before.
//! - [`batches`]: many values at once.
//! - [`reclamation`]: how the memory of drained rings is freed.
//! - [`pool`]: Go's `sync.Pool` rebuilt: thread slots, owner flags, ticks and non-empty bits.
//! - [`orderings`]: every atomic access, its ordering, what it pairs with, and what breaks without it.
//! - [`differences`]: where this port departs from Go's original, and why.
//! - [`verification`]: what checks each claim, how to repeat it, and what that does not prove.
//! - [`code_mutants`]: small changes to the code, and the tests that catch them.
//! - [`sanitizers`]: data races, invalid accesses and leaks on real threads.
//! - [`checking_your_own`]: model-checking your own code with this crate inside.
//! - [`operating_a_pool`]: whether a pool helps, what to watch, and what to do about it.
//! - [`performance`]: the cost of the deques, compared with alternatives, and how to measure it.
//! - [`pool_performance`]: the same for the pool.

// A page links to its neighbours by references. Their definitions at its end name files, which is right on a forge.
// Other definitions come before the page, and the first of two wins. (An empty line must separate them from the
// line above, or they would be text.)

/// How to choose a deque, programs to start from, and how to migrate from another crate.
pub mod using_the_deque {
    //!
    //! [ring-type]: crate::PoolDequeue
    //! [batch-type]: crate::Batch
    //! [performance]: crate::docs::performance
    //! [algorithm]: crate::docs::algorithm
    //! [checking-your-own]: crate::docs::checking_your_own
    //!
    #![cfg_attr(feature = "std", doc = "[chain-type]: crate::PoolChain\n")]
    #![cfg_attr(feature = "std", doc = include_str!("../docs/using-the-deque.md"))]
}

/// The ring and the chain, step by step.
pub mod algorithm {
    //!
    //! [ring-type]: crate::PoolDequeue
    //! [batches]: crate::docs::batches
    //! [reclamation]: crate::docs::reclamation
    //! [differences]: crate::docs::differences
    //! [orderings]: crate::docs::orderings
    //!
    #![cfg_attr(feature = "std", doc = "[chain-type]: crate::PoolChain\n")]
    #![doc = include_str!("../docs/algorithm.md")]
}

/// Many values at once.
pub mod batches {
    //!
    //! [batch-type]: crate::Batch
    //! [algorithm]: crate::docs::algorithm
    //! [reclamation]: crate::docs::reclamation
    //!
    #![doc = include_str!("../docs/batches.md")]
}

/// How the memory of drained rings is freed.
pub mod reclamation {
    //!
    //! [algorithm]: crate::docs::algorithm
    //! [batches]: crate::docs::batches
    //!
    #![doc = include_str!("../docs/reclamation.md")]
}

/// Go's `sync.Pool` rebuilt: thread slots, owner flags, ticks and non-empty bits.
pub mod pool {
    //!
    //! [algorithm]: crate::docs::algorithm
    //! [batches]: crate::docs::batches
    //! [operating]: crate::docs::operating_a_pool
    //! [pool-performance]: crate::docs::pool_performance
    //!
    #![doc = include_str!("../docs/pool.md")]
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
    //! [batches]: crate::docs::batches
    //! [reclamation]: crate::docs::reclamation
    //! [orderings]: crate::docs::orderings
    //! [pool]: crate::docs::pool
    //!
    #![doc = include_str!("../docs/differences.md")]
}

/// What checks each claim, how to repeat it, and what that does not prove.
pub mod verification {
    //!
    //! [code-mutants]: crate::docs::code_mutants
    //! [sanitizers]: crate::docs::sanitizers
    //! [reclamation]: crate::docs::reclamation
    //! [orderings]: crate::docs::orderings
    //! [differences]: crate::docs::differences
    //! [checking-your-own]: crate::docs::checking_your_own
    //! [pool]: crate::docs::pool
    //! [promises]: crate::docs::promises
    //! [ordinary-report]: crate::docs::repository
    //! [second-opinion-report]: crate::docs::repository
    //! [changelog]: crate::docs::repository
    //!
    #![doc = include_str!("../docs/verification.md")]
}

/// Small changes to the code, and the tests that catch them.
pub mod code_mutants {
    //!
    //! [configuration]: crate::docs::repository
    //!
    #![doc = include_str!("../docs/code-mutants.md")]
}

/// Data races, invalid accesses and leaks on real threads.
pub mod sanitizers {
    #![doc = include_str!("../docs/sanitizers.md")]
}

/// Model-checking your own code with this crate inside.
pub mod checking_your_own {
    //!
    //! [orderings]: crate::docs::orderings
    //! [reclamation]: crate::docs::reclamation
    //!
    #![doc = include_str!("../docs/checking-your-own.md")]
}

/// Whether a pool helps, what to watch, and what to do about it.
pub mod operating_a_pool {
    //!
    #![cfg_attr(feature = "stats", doc = "[stats-type]: crate::pool::Stats")]
    #![cfg_attr(feature = "std", doc = "[buffers-type]: crate::BufferPool")]
    #![cfg_attr(feature = "std", doc = "[janitor-type]: crate::Janitor")]
    #![cfg_attr(feature = "std", doc = "[budget-type]: crate::pool::IdleBudget")]
    //! [performance]: crate::docs::performance
    //!
    #![cfg_attr(feature = "stats", doc = include_str!("../docs/operating-a-pool.md"))]
}

/// The cost of the deques, compared with alternatives, and how to measure it.
pub mod performance {
    //!
    #![doc = include_str!("../docs/performance.svg.ref")]
    //!
    #![doc = include_str!("../docs/performance.md")]
}

/// The cost of the pool, compared with alternatives, when it pays, and how to measure it.
pub mod pool_performance {
    //!
    #![doc = include_str!("../docs/pool-performance.svg.ref")]
    //!
    #![doc = include_str!("../docs/pool-performance.md")]
}

/// Files that are in the repository and not on these pages.
///
/// - `CHANGELOG.md`, `ARCHITECTURE.md`, `CONTRIBUTING.md`
/// - `docs/reports/`: the reports of the latest saved runs of `cargo xtask verify`
/// - `.cargo/mutants.toml` and those beside it: the tests that each change of the code is tried on, and the changes that
///   no test needs to catch, with the reasons
pub mod repository {}

// The README's examples are tested with the others.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../README.md")]
struct Readme;

/// Each promise of the documentation, and what checks it.
pub mod promises {
    //!
    //! [verification]: crate::docs::verification
    //!
    #![doc = include_str!("../docs/promises.md")]
}
