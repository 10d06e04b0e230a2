//! The two promises about memory, as loom sees them.

use loom::sync::atomic::AtomicUsize;
use loom::sync::atomic::Ordering::{Acquire, Relaxed, Release};

/// Read-modify-writes throughout: they read the newest value, so each promise is always kept.
struct Edges {
    retirements: AtomicUsize,
    unpins: AtomicUsize,
}

loom::lazy_static! {
    static ref EDGES: Edges = Edges { retirements: AtomicUsize::new(0), unpins: AtomicUsize::new(0) };
}

/// Makes the edges before there are threads, lest their making order the threads that use them.
pub(super) fn start() {
    let _ = &*EDGES;
}

/// A retirement: guards taken from now on see what came before.
pub(super) fn retire() {
    EDGES.retirements.fetch_add(1, Release);
    // No memory is ordered by this; it tells loom that it matters whether another guard's end comes
    // before this or after.
    EDGES.unpins.fetch_add(0, Relaxed);
}

/// A guard is taken.
pub(super) fn see_retirements() {
    EDGES.retirements.fetch_add(0, Acquire);
}

/// A guard is dropped.
pub(super) fn unpin() {
    EDGES.unpins.fetch_add(1, Release);
}

/// Nodes are about to be freed: everything their guards' holders did came before.
pub(super) fn see_unpins() {
    EDGES.unpins.fetch_add(0, Acquire);
}
