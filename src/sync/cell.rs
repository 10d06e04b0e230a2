//! The standard library's `UnsafeCell` with loom's closure interface.

use core::cell;
use core::mem::MaybeUninit;

/// A cell whose accesses a model checker could follow; here they cost nothing.
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

/// Makes a cell with no value yet where there is room for one: all bits are as good as any.
///
/// # Safety
///
/// `place` is valid for writes.
#[inline(always)]
pub(crate) unsafe fn init_vacant<T>(_place: *mut UnsafeCell<MaybeUninit<T>>) {}
