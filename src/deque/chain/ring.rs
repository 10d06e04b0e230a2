//! A ring's place in the chain, and the links from ring to ring.

use core::iter;
use core::ptr::NonNull;

use crate::deque::dequeue::PoolDequeue;
use crate::orderings;
use crate::reclaim::{Guard, Node, Protected};
use crate::sync::AtomicPtr;

/// A ring and its place in the chain.
pub(super) struct Ring<T> {
    pub(super) dequeue: PoolDequeue<T>,
    /// The next larger ring. Written once, by the producer, which then no longer pushes to this ring.
    pub(super) next: AtomicPtr<Node<Ring<T>>>,
    /// The next smaller ring, for the producer's pops. Cleared by the consumer that unlinks that ring.
    pub(super) prev: AtomicPtr<Node<Ring<T>>>,
}

/// A link to a ring, not accessed yet.
pub(super) type Link<T> = NonNull<Node<Ring<T>>>;

impl<T> Ring<T> {
    /// The successor of this ring, if there is one yet.
    #[inline(always)]
    pub(super) fn successor(&self) -> Option<Link<T>> {
        // Acquire: pairs with NEXT_LINK.
        NonNull::new(self.next.load(orderings::NEXT_READ.get()))
    }

    /// The predecessor of this ring, unless it was unlinked.
    #[inline(always)]
    pub(super) fn predecessor(&self) -> Option<Link<T>> {
        // Relaxed: the producer wrote the address itself when it made the ring.
        NonNull::new(self.prev.load(orderings::PREV_READ.get()))
    }

    /// The rings before this one that are not unlinked.
    pub(super) fn older<'g>(&self, guard: &'g Guard) -> impl Iterator<Item = Protected<'g, Self>>
    where
        T: 'g,
    {
        let mut link = self.predecessor();
        iter::from_fn(move || {
            // SAFETY: found after the guard was taken.
            let ring = unsafe { protect(link?, guard) };
            link = ring.predecessor();
            Some(ring)
        })
    }
}

/// Accesses a ring for as long as `guard` lasts.
///
/// # Safety
///
/// The ring was found after `guard` was taken.
#[inline(always)]
pub(super) unsafe fn protect<T>(link: Link<T>, _guard: &Guard) -> Protected<'_, Ring<T>> {
    // SAFETY: the guard keeps every ring that can be found after it was taken.
    unsafe { Protected::new(link) }
}
