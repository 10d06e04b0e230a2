#![no_std]
// A model's atomics work only inside a model, so there are no doctests then. (See `build.rs`.) Attributes above this
// one would stay, and with them the examples of the page below.
#![cfg(not(all(doctest, pooldeque_model)))]

//! A lock-free deque for work stealing: one owner at one end, any number of thieves at the other; and a
//! pool of values for reuse, built on it.
//!
//! The owner pushes and pops its newest values at the *head*. Thieves take the oldest from the *tail*,
//! one at a time or many at once. It is the structure inside Go's `sync.Pool`, ported, model-checked,
//! and usable on its own.
#![cfg_attr(feature = "std", doc = "The pool is [`Pool`]; [`BufferPool`] is a pool for byte buffers.")]
//!
//! # Examples
//!
//! An owner works from one end of a deque, a thief from the other, until nothing is left:
//!
//! ```
//! # #[cfg(feature = "std")] {
//! use std::thread;
//!
//! let (mut worker, stealer) = pooldeque::unbounded();
//! worker.push_batch(&mut (1..=1000_u64));
//!
//! let thief = thread::spawn(move || {
//!     let mut sum = 0;
//!     while let Some(oldest) = stealer.steal() {
//!         sum += oldest;
//!     }
//!     sum
//! });
//!
//! let mut sum = 0;
//! while let Some(newest) = worker.pop() {
//!     sum += newest;
//! }
//! assert_eq!(sum + thief.join().unwrap(), 500_500);
//! # }
//! ```
//!
//! # Which one
//!
//! | | [`bounded()`] | [`unbounded()`] |
//! |---|---|---|
//! | capacity | fixed, a power of two | grows by rings of doubling size |
//! | a push that finds no room | returns the value in [`Full`] | makes a larger ring |
//! | memory | allocated once | allocated as it grows, freed as it drains; see [`shrink_to`] |
//! | a steal | one compare-and-swap | the same, with the epoch pinned |
//! | needs `std` | no | yes |
//!
//! Use `unbounded` for tasks that make tasks: with a full deque a scheduler would not know where to put a task. Use
//! `bounded` if the number is limited anyway, if nothing may be allocated, or without `std`. Otherwise they have the
//! same operations.
//!
//! [`PoolDequeue`] and [`PoolChain`] are the types behind the handles: the port itself, under Go's names. Their
//! producer half is `unsafe`, because a shared type cannot guarantee that there is only one producer.
//!
//! # Guarantees
//!
//! - Each value is handed out once, whole, to one thread. It is read after it has been claimed, never
//!   before.
//! - A steal that returns `None` has found the deque empty at some moment of the call. There is no "try again":
//!   concurrent calls resolve their conflicts internally.
//! - A thread that is stopped anywhere does not block any other. It has two effects. A slot that it claimed is not free
//!   until it has taken the value out, so a bounded deque may be [`Full`] with fewer values than its capacity. And
//!   while it is inside a call on an unbounded deque, or holds a [`Batch`] of one, the drained rings of all unbounded
//!   deques stay allocated.
//! - A value is dropped where it was taken out, or with the deque; never later, never by another thread.
//! - The types enforce one owner: a worker is [`Send`], but neither [`Sync`] nor [`Clone`].
//!
//! # Progress and cost
//!
//! The cost is in atomic read-modify-writes without contention. For an unbounded deque it is per ring involved, which
//! is one once the deque has grown to its load; pinning the epoch costs about as much as one more.
//!
//! | call | cost | pins the epoch (unbounded) | progress |
//! |---|---|---|---|
//! | `push` | 1 | no | wait-free, except for the allocation of a ring |
//! | `push_was_empty` | 1, and 1 for each older ring if the newest is empty | in that case | the same, and a step for each older ring |
//! | `push_batch` | 1 | no | wait-free, except for the caller's iterator and the allocation of a ring |
//! | `pop`, `pop_batch` | 1; 0 when empty | only to look into older rings | lock-free: at most one retry for each value stolen meanwhile |
//! | `steal`, `steal_batch` | 1 | once | lock-free: a retry means that another call succeeded |
//! | `steal_into`, `steal_half_into` | 2 | once | lock-free, except for the allocation of a ring |
//! | `len`, `is_empty` | 0 | once | one load, or a few per ring |
//! | `spare_capacity` (bounded) | 0 | | at most one load per slot |
//!
//! # Features and requirements
//!
//! - The feature `std`, on by default: the unbounded deque, whose memory crossbeam-epoch reclaims; and
//!   where a value's destructor panics, the other values are dropped all the same. Without it the crate
//!   is `no_std` with `alloc`, has the ring and the bounded deque, and leaks those other values.
//! - `stats`, on by default: what a pool counts. `membarrier`, on by default: on Linux the ticks of a pool
//!   make a system call, by the crate libc, that saves every `get` and `put` a fence. `pressure`: a
//!   [`Janitor`](docs::operating_a_pool) that reads the resident memory, by the crate memory-stats.
//! - With the default features three other crates on Linux: crossbeam-epoch, crossbeam-utils and libc. Elsewhere, or
//!   without `membarrier`, the first two; without `std` one.
//! - A target with 64-bit atomics, because both indexes of a ring share one word. For others the crate
//!   does not compile.
//! - Rust 1.88.
//!
//! # Models of your own
//!
//! You can model-check code that you build on these deques with this crate inside. With `RUSTFLAGS="--cfg loom"` its
//! atomics, cells and `Arc`s are those of loom 0.7, with `--cfg shuttle` those of shuttle 0.9; it needs no further
//! dependency or feature. A model of the epoch's contract then reclaims rings at the first moment that the contract
//! allows. The crate also has a module `pooldeque::model`: call `model::start()` first in the closure that you give to
//! the checker, and check with `model::rings_freed()` whether a model freed anything at all. With
//! `--cfg crossbeam_loom` in addition to `--cfg loom` the models use the real crossbeam-epoch.
//!
//! # How it works
//!
//! The pages of [`docs`] explain [the algorithm](docs::algorithm) step by step, [batches](docs::batches),
//! [reclamation](docs::reclamation), [the pool](docs::pool), [every memory ordering](docs::orderings), and
//! [what differs from Go](docs::differences). What it costs is [measured](docs::performance).
//!
#![cfg_attr(feature = "std", doc = "[`PoolChain`]: PoolChain")]
#![cfg_attr(feature = "std", doc = "[`shrink_to`]: unbounded::Worker::shrink_to")]
#![cfg_attr(feature = "std", doc = "[`unbounded()`]: unbounded()")]
//! [`PoolChain`]: #features-and-requirements
//! [`shrink_to`]: #features-and-requirements
//! [`unbounded()`]: #features-and-requirements

// On docs.rs each item says which features it needs.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(docsrs, doc(auto_cfg(hide(loom, shuttle, doctest, pooldeque_model))))]
// Without the standard library the chain is not there, and what it alone uses goes unused.
#![cfg_attr(not(feature = "std"), allow(dead_code, unused_imports, unused_macros))]

#[cfg(not(target_has_atomic = "64"))]
compile_error!(
    "pooldeque keeps two 32-bit indexes in one atomic word and needs a target with 64-bit atomics"
);

#[cfg(all(any(loom, shuttle), not(feature = "std")))]
compile_error!("the model checkers need the `std` feature");

extern crate alloc;
#[cfg(any(feature = "std", test))]
extern crate std;

#[cfg(feature = "std")]
pub mod buffers;
pub mod deque;
#[cfg(doc)]
pub mod docs;
mod drop_each;
#[cfg(all(feature = "std", any(loom, shuttle, doc)))]
pub mod model;
mod orderings;
#[cfg(feature = "std")]
pub mod pool;
mod reclaim;
mod sync;

#[cfg(feature = "std")]
pub use buffers::BufferPool;
pub use deque::{Batch, Full, PoolDequeue, bounded};
#[cfg(feature = "std")]
pub use deque::{PoolChain, unbounded};
#[cfg(feature = "std")]
pub use pool::{Janitor, OwnedPoolGuard, Pool, PoolGroup, PoolGuard, clear_all, tick_all};
