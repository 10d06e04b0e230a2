//! Values on loan, that find their own way back.

use core::mem::ManuallyDrop;
use core::ptr;

/// Where values on loan go back to.
pub(super) trait Home<T> {
    /// Takes a value back. It may run code of the user's; while the thread is panicking it does not panic.
    ///
    /// # Safety
    ///
    /// There is a value in `value`, and it is not used again.
    unsafe fn take_back(&self, value: &mut ManuallyDrop<T>);
}

/// A value on loan: it goes back when this is dropped.
pub(super) struct Loan<T, H: Home<T>> {
    pub(super) value: ManuallyDrop<T>,
    home: H,
}

impl<T, H: Home<T>> Loan<T, H> {
    #[inline(always)]
    pub(super) fn new(home: H, value: T) -> Self {
        Self { value: ManuallyDrop::new(value), home }
    }

    /// Keeps the value for good. Where the home's destructor panics, the value is dropped.
    pub(super) fn keep(self) -> T {
        let mut loan = ManuallyDrop::new(self);
        // SAFETY: the loan is not dropped and its value not used again.
        let value = unsafe { ManuallyDrop::take(&mut loan.value) };
        // SAFETY: the loan is not dropped and its home not used again.
        drop(unsafe { ptr::read(&raw const loan.home) });
        value
    }
}

impl<T, H: Home<T>> Drop for Loan<T, H> {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: the value is not used again.
        unsafe { self.home.take_back(&mut self.value) };
    }
}

/// What every public guard can do: `$guard` has a field `loan` for a `$target`.
macro_rules! lends {
    ([$($generics:tt)*] $guard:ty, $target:ty) => {
        impl<$($generics)*> core::ops::Deref for $guard {
            type Target = $target;

            #[inline(always)]
            fn deref(&self) -> &$target {
                &self.loan.value
            }
        }

        impl<$($generics)*> core::ops::DerefMut for $guard {
            #[inline(always)]
            fn deref_mut(&mut self) -> &mut $target {
                &mut self.loan.value
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
pub(super) use lends;
