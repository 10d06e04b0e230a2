//! Where a model keeps the nodes it has freed: whoever still touches one finds its life ended, not
//! memory that is something else by now.

use alloc::boxed::Box;
use core::alloc::Layout;
use core::cell::{Cell, RefCell};
use std::vec::Vec;

use super::Node;

std::thread_local! {
    static GRAVES: RefCell<Vec<(*mut u8, Layout)>> = const { RefCell::new(Vec::new()) };
    static BURIED: Cell<usize> = const { Cell::new(0) };
}

/// Drops the node's value and keeps its memory until [`clear`].
pub(super) fn bury<T>(node: Box<Node<T>>) {
    let node = Box::into_raw(node);
    // SAFETY: the box owned its node, so the place is valid.
    let value = unsafe { &raw mut (*node).value };
    // SAFETY: the box owned the value; it is dropped once, here.
    unsafe { value.drop_in_place() };
    GRAVES.with_borrow_mut(|graves| graves.push((node.cast(), Layout::new::<Node<T>>())));
    BURIED.set(BURIED.get() + 1);
}

/// How many nodes were buried on this thread of the machine so far.
pub(crate) fn buried() -> usize {
    BURIED.get()
}

/// Gives the memory back, at the start of an execution.
pub(crate) fn clear() {
    for (memory, layout) in GRAVES.take() {
        // SAFETY: the memory came from a box of this layout, and nobody from an earlier execution is left.
        unsafe { std::alloc::dealloc(memory, layout) };
    }
}
