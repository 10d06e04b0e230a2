//! The contract, implemented by crossbeam-epoch with this crate's own collectors.
//!
//! Each domain has a collector, and each thread takes part in it from its first guard on. All users in the process
//! share the default collector: one guard that is kept there would keep the garbage of all,
//! and a thread that pins it runs functions that others have deferred.

use core::ptr::NonNull;

use crossbeam_epoch::{Collector, LocalHandle};

use super::{Domain, Node};

#[cfg(loom)]
use loom::thread_local;
#[cfg(not(loom))]
use std::thread_local;

/// Keeps every node of its domain that is not yet retired when it is taken.
pub(crate) struct Guard(crossbeam_epoch::Guard);

thread_local! {
    /// This thread's participant in the deques' collector.
    static IN_DEQUES: LocalHandle = collector(Domain::Deques).register();
    /// This thread's participant in the pools' collector.
    static IN_POOLS: LocalHandle = collector(Domain::Pools).register();
}

#[cfg(not(loom))]
fn collector(domain: Domain) -> &'static Collector {
    use crate::sync::MadeOnce;

    static DEQUES: MadeOnce<Collector> = MadeOnce::new();
    static POOLS: MadeOnce<Collector> = MadeOnce::new();
    let collector = match domain {
        Domain::Deques => &DEQUES,
        Domain::Pools => &POOLS,
    };
    collector.get_or_make(Collector::new)
}

/// The collector of the running execution.
#[cfg(loom)]
fn collector(domain: Domain) -> &'static Collector {
    loom::lazy_static! {
        static ref DEQUES: Collector = Collector::new();
        static ref POOLS: Collector = Collector::new();
    }
    match domain {
        Domain::Deques => &DEQUES,
        Domain::Pools => &POOLS,
    }
}

/// Takes a guard in `domain`.
#[inline]
pub(crate) fn pin_in(domain: Domain) -> Guard {
    match domain {
        Domain::Deques => Guard(
            IN_DEQUES.try_with(LocalHandle::pin).unwrap_or_else(|_| pin_without_a_local(Domain::Deques)),
        ),
        Domain::Pools => pin_in_pools(),
    }
}

/// Out of line: a pool pins its epoch only when it finds nothing closer, and a steal from a deque stays small enough to
/// be inlined.
#[inline(never)]
fn pin_in_pools() -> Guard {
    Guard(IN_POOLS.try_with(LocalHandle::pin).unwrap_or_else(|_| pin_without_a_local(Domain::Pools)))
}

/// At a thread's end its participant may be gone: then the guard gets its own.
#[cold]
fn pin_without_a_local(domain: Domain) -> crossbeam_epoch::Guard {
    collector(domain).register().pin()
}

/// No state of crossbeam-epoch outlives a model's execution.
#[cfg(loom)]
pub(crate) fn start() {}

/// Tries to advance the epoch of `domain`, and frees the nodes that this allows.
pub(crate) fn collect_in(domain: Domain) {
    pin_in(domain).0.flush();
}

impl Guard {
    /// Frees `node` once every guard of this domain that exists now is gone.
    ///
    /// # Safety
    ///
    /// `node` comes from [`Node::allocate`], is retired once, and can no longer be reached from
    /// shared memory. Only guards of this domain are taken to reach it. Its value borrows nothing that
    /// its destructor would look at.
    pub(crate) unsafe fn retire<T>(&self, node: NonNull<Node<T>>) {
        // SAFETY: under the epoch's contract only the deferred call can reach the node.
        let free = move || unsafe { Node::free(node) };
        // SAFETY: the caller vouches for the destructor, and `NonNull` is not `Send` only by convention.
        unsafe { self.0.defer_unchecked(free) };
        // Rings are few and may be large: do not leave one in a half-empty bag.
        self.0.flush();
    }
}
