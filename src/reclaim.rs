//! Memory reclamation: when may a ring that was unlinked be freed?
//!
//! A [`Node`] is a piece of shared memory that other threads may still be looking at when it is unlinked. The thread
//! that unlinks it retires it through a [`Guard`]; it is freed once every guard that existed then is gone. The contract
//! has a second half: a guard taken *after* the retirement sees everything that happened before it, so it cannot find
//! the node any more.
//!
//! Each node and each guard belongs to a [`Domain`], and a guard of one keeps no node of another.
//!
//! The implementation depends on the runtime: crossbeam-epoch on the real machine, and inside a loom model with
//! `--cfg crossbeam_loom`; in other models, a model of the contract that frees at the first moment the contract allows.

use alloc::boxed::Box;
use core::ops::Deref;
use core::ptr::NonNull;

#[cfg(all(feature = "std", any(crossbeam_loom, not(any(loom, shuttle)))))]
#[path = "reclaim/epoch.rs"]
mod scheme;
#[cfg(not(feature = "std"))]
#[path = "reclaim/absent.rs"]
mod scheme;
#[cfg(all(any(loom, shuttle), not(crossbeam_loom)))]
#[path = "reclaim/model_epoch.rs"]
mod scheme;

#[cfg(not(any(loom, shuttle)))]
#[path = "reclaim/liveness_untracked.rs"]
mod liveness;
#[cfg(loom)]
#[path = "reclaim/liveness_in_loom.rs"]
mod liveness;
#[cfg(shuttle)]
#[path = "reclaim/liveness_in_shuttle.rs"]
mod liveness;

#[cfg(any(loom, shuttle))]
mod quarantine;

use liveness::{AccessToken, Liveness};
#[cfg(any(loom, shuttle))]
pub(crate) use quarantine::{clear as clear_quarantine, freed};
pub(crate) use scheme::Guard;
#[cfg(any(loom, shuttle))]
pub(crate) use scheme::start;
#[cfg(feature = "std")]
pub(crate) use scheme::{collect_in, pin_in};

#[cfg(any(loom, shuttle))]
use crate::sync::trace;

/// The collector of a node. Nodes of different domains wait for different guards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Domain {
    /// The chains of users' deques. A user may keep a guard, in a batch, for any time.
    Deques,
    /// The chains inside pools, where a guard never outlasts a call.
    Pools,
}

/// Shared memory whose lifetime a model checker can track: an access after its end is an error.
pub(crate) struct Node<T> {
    liveness: Liveness,
    value: T,
}

impl<T> Node<T> {
    /// A new node, owned by the caller until it is shared.
    #[cfg_attr(any(loom, shuttle), track_caller)]
    pub(crate) fn allocate(value: T) -> NonNull<Self> {
        let node = NonNull::from(Box::leak(Box::new(Self { liveness: Liveness::begin(), value })));
        note_node(node);
        node
    }

    /// A new node whose value `init` makes in place.
    ///
    /// # Safety
    ///
    /// `init` initialises the value that its argument points to.
    #[cfg(feature = "std")]
    #[cfg_attr(any(loom, shuttle), track_caller)]
    pub(crate) unsafe fn allocate_in_place(init: impl FnOnce(*mut T)) -> NonNull<Self> {
        let node = Box::into_raw(Box::<Self>::new_uninit()).cast::<Self>();
        // SAFETY: within the room for the node.
        let liveness = unsafe { &raw mut (*node).liveness };
        // SAFETY: as above.
        unsafe { liveness.write(Liveness::begin()) };
        // SAFETY: within the room for the node.
        init(unsafe { &raw mut (*node).value });
        // SAFETY: it came from a box.
        let node = unsafe { NonNull::new_unchecked(node) };
        note_node(node);
        node
    }

    /// Ends the node's lifetime now.
    ///
    /// # Safety
    ///
    /// `node` comes from [`allocate`](Self::allocate), is freed once, and no other thread can reach it.
    #[cfg_attr(any(loom, shuttle), track_caller)]
    pub(crate) unsafe fn free(node: NonNull<Self>) {
        #[cfg(any(loom, shuttle))]
        let step = trace::Begun::free(node.as_ptr().addr());
        // SAFETY: the caller is the last to reach the node.
        let mut node = unsafe { Box::from_raw(node.as_ptr()) };
        node.liveness.end();
        #[cfg(shuttle)]
        crate::sync::recorder::free((&raw const *node).addr());
        #[cfg(any(loom, shuttle))]
        quarantine::keep(node);
        #[cfg(any(loom, shuttle))]
        step.end();
    }
}

/// Names a node in the recorded state, after the thread that makes it, and notes it in the trace.
#[cfg_attr(not(any(loom, shuttle)), inline(always))]
#[cfg_attr(any(loom, shuttle), track_caller)]
fn note_node<T>(_node: NonNull<Node<T>>) {
    #[cfg(shuttle)]
    let _ = crate::sync::recorder::name_of(_node.as_ptr().addr());
    #[cfg(any(loom, shuttle))]
    trace::note_node(_node.as_ptr().addr(), core::any::type_name::<T>());
}

/// A reference to a node, or to part of one, and a watch on its liveness: in a model the node's life
/// cannot end, without an error, while one of these exists.
pub(crate) struct Protected<'g, T: ?Sized> {
    value: &'g T,
    token: AccessToken,
}

impl<'g, T> Protected<'g, T> {
    /// Accesses `node`.
    ///
    /// # Safety
    ///
    /// The node lives for all of `'g`: a guard that was taken before the node was found keeps it, or
    /// it cannot have been retired.
    #[inline(always)]
    #[cfg_attr(any(loom, shuttle), track_caller)]
    pub(crate) unsafe fn new(node: NonNull<Node<T>>) -> Self {
        #[cfg(any(loom, shuttle))]
        let step = trace::Begun::touch(node.as_ptr().addr());
        // SAFETY: the caller vouches for the node.
        let node = unsafe { node.as_ref() };
        let protected = Self { token: node.liveness.access(), value: &node.value };
        #[cfg(any(loom, shuttle))]
        step.forget();
        protected
    }

    /// The same, not tied to the guard's borrow: for a caller that keeps the guard alongside.
    ///
    /// # Safety
    ///
    /// The guard or owner that keeps the node lives for all of `'a`.
    #[inline(always)]
    pub(crate) unsafe fn detached<'a>(self) -> Protected<'a, T> {
        let value: *const T = self.value;
        // SAFETY: the caller vouches for the node.
        Protected { value: unsafe { &*value }, token: self.token }
    }

    /// A value that is kept by being borrowed.
    #[inline(always)]
    pub(crate) fn borrowed(value: &'g T) -> Self {
        Self { token: AccessToken::none(), value }
    }

    /// The value alone. This reference does not track its lifetime.
    #[inline(always)]
    #[cfg(feature = "std")]
    pub(crate) fn untracked(&self) -> &'g T {
        self.value
    }

    /// A part of the value, tracked in the same way.
    #[inline(always)]
    pub(crate) fn part<U: ?Sized>(self, part: impl FnOnce(&'g T) -> &'g U) -> Protected<'g, U> {
        Protected { value: part(self.value), token: self.token }
    }
}

impl<T: ?Sized> Deref for Protected<'_, T> {
    type Target = T;

    #[inline(always)]
    fn deref(&self) -> &T {
        self.value
    }
}
