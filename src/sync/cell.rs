//! The standard library's `UnsafeCell` with loom's closure interface.

use core::cell;
use core::mem::MaybeUninit;

/// A cell with the interface that a model checker tracks; here the accesses cost nothing.
#[derive(Debug)]
#[repr(transparent)]
pub(crate) struct UnsafeCell<T>(cell::UnsafeCell<T>);

impl<T> UnsafeCell<T> {
    pub(crate) const fn new(value: T) -> Self {
        Self(cell::UnsafeCell::new(value))
    }

    /// Lends a pointer to the value, to be read or written.
    #[inline(always)]
    pub(crate) fn with_mut<R>(&self, access: impl FnOnce(*mut T) -> R) -> R {
        access(self.0.get())
    }
}

/// Initialises a cell in place, without a value: any bits are valid.
///
/// # Safety
///
/// `place` is valid for writes.
#[inline(always)]
pub(crate) unsafe fn init_vacant<T>(_place: *mut UnsafeCell<MaybeUninit<T>>) {}
