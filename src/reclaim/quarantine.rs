//! A model keeps the nodes that it has freed here: a thread that still accesses one finds that it is not alive, rather
//! than reused memory.

use alloc::boxed::Box;
use core::cell::{Cell, RefCell};
use core::mem::MaybeUninit;
use std::vec::Vec;

use super::Node;

/// A node whose value is gone. Its liveness can still be checked.
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

/// The number of nodes freed on this OS thread so far.
pub(crate) fn freed() -> usize {
    FREED.get()
}

/// Frees the memory, at the start of an execution.
pub(crate) fn clear() {
    for node in QUARANTINED.take() {
        // SAFETY: no thread of an earlier execution is left, and each node is freed once.
        unsafe { (node.free)(node.node) };
    }
}

/// Drops the rest of a node in quarantine, and frees its memory.
///
/// # Safety
///
/// `node` was a box of `Node<T>`, its value has been dropped, and no thread accesses it any more.
unsafe fn free<T>(node: *mut ()) {
    let node: *mut Node<T> = node.cast();
    // SAFETY: the caller's node is valid except for its value.
    let liveness = unsafe { &raw mut (*node).liveness };
    // SAFETY: no thread accesses it, and it is dropped once, here.
    unsafe { liveness.drop_in_place() };
    // SAFETY: the memory belongs to a box; nothing in it is left to be dropped.
    drop(unsafe { Box::from_raw(node.cast::<MaybeUninit<Node<T>>>()) });
}
