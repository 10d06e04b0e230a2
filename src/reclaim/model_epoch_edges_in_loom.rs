//! The two promises about memory, as loom sees them.

use loom::sync::atomic::AtomicUsize;
use loom::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::Domain;
use crate::sync::Global;

/// All accesses are read-modify-writes: they read the newest value, so each promise is always kept.
struct Edges {
    retirements: AtomicUsize,
    unpins: AtomicUsize,
}

impl Edges {
    fn new() -> Self {
        Self { retirements: AtomicUsize::new(0), unpins: AtomicUsize::new(0) }
    }

    /// The edges outlive the execution's main thread, and so all thread-locals.
    fn with<R>(domain: Domain, action: impl FnOnce(&Self) -> R) -> R {
        match domain {
            Domain::Deques => DEQUES.with(action),
            Domain::Pools => POOLS.with(action),
        }
    }
}

static DEQUES: Global<Edges> = Global::new(Edges::new);
static POOLS: Global<Edges> = Global::new(Edges::new);

/// Creates the edges before there are threads; created later they would order the threads that use them.
pub(super) fn start() {
    DEQUES.with(|_| ());
    POOLS.with(|_| ());
}

/// A retirement: guards taken from now on see everything before it.
pub(super) fn retire(domain: Domain) {
    Edges::with(domain, |edges| {
        edges.retirements.fetch_add(1, Release);
        // This orders no memory; it makes loom explore both orders of this and another guard's end.
        edges.unpins.fetch_add(0, Relaxed);
    });
}

/// A guard is taken.
pub(super) fn see_retirements(domain: Domain) {
    Edges::with(domain, |edges| edges.retirements.fetch_add(0, Acquire));
}

/// A guard is dropped.
pub(super) fn unpin(domain: Domain) {
    Edges::with(domain, |edges| edges.unpins.fetch_add(1, Release));
}

/// Nodes are about to be freed: everything that their guards' holders did happens before.
pub(super) fn see_unpins(domain: Domain) {
    Edges::with(domain, |edges| edges.unpins.fetch_add(0, Acquire));
}
