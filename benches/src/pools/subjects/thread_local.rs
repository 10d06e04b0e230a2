//! What a thread has for itself, with no pool around it: one for the whole program.

use std::cell::{Cell, RefCell};

use super::{Buffer, Store};

thread_local! {
    static VECTOR: RefCell<Vec<Buffer>> = const { RefCell::new(Vec::new()) };
    static SLOT: Cell<Option<Buffer>> = const { Cell::new(None) };
}

/// A vector in a thread-local.
pub struct Vector;

impl Vector {
    /// This thread's is empty.
    #[must_use]
    pub fn emptied() -> Self {
        VECTOR.take();
        Self
    }
}

impl Store for Vector {
    #[inline]
    fn take(&self) -> Option<Buffer> {
        VECTOR.with_borrow_mut(Vec::pop)
    }

    #[inline]
    fn put(&self, buffer: Buffer) {
        VECTOR.with_borrow_mut(|vector| vector.push(buffer));
    }
}

/// A place for one buffer in a thread-local: the floor.
pub struct OneSlot;

impl OneSlot {
    /// This thread's is empty.
    #[must_use]
    pub fn emptied() -> Self {
        SLOT.take();
        Self
    }
}

impl Store for OneSlot {
    #[inline]
    fn take(&self) -> Option<Buffer> {
        SLOT.take()
    }

    #[inline]
    fn put(&self, buffer: Buffer) {
        SLOT.set(Some(buffer));
    }
}
