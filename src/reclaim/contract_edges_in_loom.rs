//! The two promises about memory, as loom sees them.

use loom::sync::atomic::AtomicUsize;
use loom::sync::atomic::Ordering::{Acquire, Relaxed, Release};

use super::Domain;

/// Read-modify-writes throughout: they read the newest value, so each promise is always kept.
struct Edges {
    retirements: AtomicUsize,
    unpins: AtomicUsize,
}

impl Edges {
    fn new() -> Self {
        Self { retirements: AtomicUsize::new(0), unpins: AtomicUsize::new(0) }
    }

    fn of(domain: Domain) -> &'static Self {
        match domain {
            Domain::Deques => &DEQUES,
            Domain::Pools => &POOLS,
        }
    }
}

loom::lazy_static! {
    static ref DEQUES: Edges = Edges::new();
    static ref POOLS: Edges = Edges::new();
}

/// Makes the edges before there are threads; made later they would order the threads that use them.
pub(super) fn start() {
    let _ = (&*DEQUES, &*POOLS);
}

/// A retirement: guards taken from now on see what came before.
pub(super) fn retire(domain: Domain) {
    let edges = Edges::of(domain);
    edges.retirements.fetch_add(1, Release);
    // No memory is ordered by this; it tells loom that it matters whether another guard's end comes
    // before this or after.
    edges.unpins.fetch_add(0, Relaxed);
}

/// A guard is taken.
pub(super) fn see_retirements(domain: Domain) {
    Edges::of(domain).retirements.fetch_add(0, Acquire);
}

/// A guard is dropped.
pub(super) fn unpin(domain: Domain) {
    Edges::of(domain).unpins.fetch_add(1, Release);
}

/// Nodes are about to be freed: everything their guards' holders did came before.
pub(super) fn see_unpins(domain: Domain) {
    Edges::of(domain).unpins.fetch_add(0, Acquire);
}
