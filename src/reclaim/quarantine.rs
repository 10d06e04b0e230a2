//! Where a model keeps the nodes it has freed: a thread that still touches one finds that it is not alive,
//! and not memory that was reused.

use alloc::boxed::Box;
use core::cell::{Cell, RefCell};
use core::mem::MaybeUninit;
use std::vec::Vec;

use super::Node;

/// A node whose value is gone. What is known of its life is kept.
struct Quarantined {
    node: *mut (),
    free: unsafe fn(*mut ()),
}

std::thread_local! {
    static QUARANTINED: RefCell<Vec<Quarantined>> = const { RefCell::new(Vec::new()) };
    static FREED: Cell<usize> = const { Cell::new(0) };
}

/// Drops the node's value and keeps the rest of it until [`clear`].
pub(super) fn keep<T>(node: Box<Node<T>>) {
    let node = Box::into_raw(node);
    // SAFETY: the box owned its node, so the place is valid.
    let value = unsafe { &raw mut (*node).value };
    // SAFETY: the box owned the value; it is dropped once, here.
    unsafe { value.drop_in_place() };
    QUARANTINED
        .with_borrow_mut(|quarantined| quarantined.push(Quarantined { node: node.cast(), free: free::<T> }));
    FREED.set(FREED.get() + 1);
}

/// How many nodes were freed on this thread of the machine so far.
pub(crate) fn freed() -> usize {
    FREED.get()
}

/// Gives the memory back, at the start of an execution.
pub(crate) fn clear() {
    for node in QUARANTINED.take() {
        // SAFETY: no thread of an earlier execution is left, and each node is freed once.
        unsafe { (node.free)(node.node) };
    }
}

/// Drops what is left of a node in quarantine, and gives its memory back.
///
/// # Safety
///
/// `node` was a box of `Node<T>`, its value has been dropped, and no thread looks at it any more.
unsafe fn free<T>(node: *mut ()) {
    let node: *mut Node<T> = node.cast();
    // SAFETY: the caller's node is valid but for its value.
    let liveness = unsafe { &raw mut (*node).liveness };
    // SAFETY: no thread looks at it, and it is dropped once, here.
    unsafe { liveness.drop_in_place() };
    // SAFETY: the memory is that of a box; of what was in it nothing is left to be dropped.
    drop(unsafe { Box::from_raw(node.cast::<MaybeUninit<Node<T>>>()) });
}
