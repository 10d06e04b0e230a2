//! Values on loan, that find their own way back.

use core::mem::ManuallyDrop;
use core::ptr;

/// Where values on loan go back to.
pub(crate) trait Recycle<T> {
    /// Takes a value back. It may run code of the user's; while the thread is panicking it does not panic.
    ///
    /// # Safety
    ///
    /// There is a value in `value`, and it is not used again.
    unsafe fn recycle(&self, value: &mut ManuallyDrop<T>);
}

/// A value on loan: it goes back when this is dropped.
pub(crate) struct GuardCore<T, H: Recycle<T>> {
    pub(crate) value: ManuallyDrop<T>,
    recycler: H,
}

impl<T, H: Recycle<T>> GuardCore<T, H> {
    #[inline(always)]
    pub(crate) fn new(recycler: H, value: T) -> Self {
        Self { value: ManuallyDrop::new(value), recycler }
    }

    /// Keeps the value for good. Where the home's destructor panics, the value is dropped.
    pub(crate) fn keep(self) -> T {
        let mut loan = ManuallyDrop::new(self);
        // SAFETY: the loan is not dropped and its value not used again.
        let value = unsafe { ManuallyDrop::take(&mut loan.value) };
        // SAFETY: the loan is not dropped and its recycler not used again.
        drop(unsafe { ptr::read(&raw const loan.recycler) });
        value
    }
}

impl<T, H: Recycle<T>> Drop for GuardCore<T, H> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: the value is not used again.
        unsafe { self.recycler.recycle(&mut self.value) };
    }
}

/// What every public guard can do: `$guard` has a field `core` for a `$target`. The generics end with a comma.
macro_rules! guard_impls {
    ([$($generics:tt)*] $guard:ty, $target:ty) => {
        impl<$($generics)*> core::ops::Deref for $guard {
            type Target = $target;

            #[inline(always)]
            fn deref(&self) -> &$target {
                &self.core.value
            }
        }

        impl<$($generics)*> core::ops::DerefMut for $guard {
            #[inline(always)]
            fn deref_mut(&mut self) -> &mut $target {
                &mut self.core.value
            }
        }

        impl<$($generics)* U: ?Sized> AsRef<U> for $guard
        where
            $target: AsRef<U>,
        {
            #[inline]
            fn as_ref(&self) -> &U {
                AsRef::as_ref(&**self)
            }
        }

        impl<$($generics)* U: ?Sized> AsMut<U> for $guard
        where
            $target: AsMut<U>,
        {
            #[inline]
            fn as_mut(&mut self) -> &mut U {
                AsMut::as_mut(&mut **self)
            }
        }

        impl<$($generics)*> core::borrow::Borrow<$target> for $guard {
            #[inline]
            fn borrow(&self) -> &$target {
                self
            }
        }

        impl<$($generics)*> core::borrow::BorrowMut<$target> for $guard {
            #[inline]
            fn borrow_mut(&mut self) -> &mut $target {
                self
            }
        }

        impl<$($generics)*> core::fmt::Debug for $guard
        where
            $target: core::fmt::Debug,
        {
            fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                core::fmt::Debug::fmt(&**self, formatter)
            }
        }
    };
}
pub(crate) use guard_impls;
