//! The contract kept by crossbeam-epoch.

use core::ptr::NonNull;

use super::Node;

/// Keeps every node that is not yet retired when it is taken.
pub(crate) struct Guard(crossbeam_epoch::Guard);

/// Takes a guard.
#[inline]
pub(crate) fn pin() -> Guard {
    Guard(crossbeam_epoch::pin())
}

/// Nothing of crossbeam's outlives a model's execution.
#[cfg(loom)]
pub(crate) fn start() {}

/// Tries to move the epoch on, and frees what that allows.
#[cfg(loom)]
pub(crate) fn collect() {
    pin().0.flush();
}

impl Guard {
    /// Frees `node` once every guard that exists now is gone.
    ///
    /// # Safety
    ///
    /// `node` comes from [`Node::allocate`], is retired once, and can no longer be reached from
    /// shared memory. Its value borrows nothing that its destructor would look at.
    pub(crate) unsafe fn retire<T>(&self, node: NonNull<Node<T>>) {
        // SAFETY: the epoch lets nobody but the deferred call reach the node.
        let free = move || unsafe { Node::free(node) };
        // SAFETY: the caller vouches for the destructor, and `NonNull` is kept from being `Send` by
        // convention only.
        unsafe { self.0.defer_unchecked(free) };
        // Rings are few and may be large: do not leave one lying in a half-empty bag.
        self.0.flush();
    }
}
