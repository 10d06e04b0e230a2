//! The atomics and the cell of a model checker, with each access noted in the trace.

use core::any::type_name;
use core::fmt;
use core::mem::MaybeUninit;
use core::sync::atomic::Ordering;

use super::runtime::untraced;
use super::trace::{Begun, new_location};

/// A value as the trace has it.
trait Bits: Copy {
    fn bits(self) -> u64;
}

macro_rules! bits {
    ($($type:ty: |$value:ident| $bits:expr;)+) => {$(
        impl Bits for $type {
            fn bits(self) -> u64 {
                let $value = self;
                $bits
            }
        }
    )+};
}

bits! {
    bool: |value| value.into();
    u8: |value| value.into();
    u64: |value| value;
    usize: |value| value as u64;
}

impl<T> Bits for *mut T {
    fn bits(self) -> u64 {
        self.addr() as u64
    }
}

/// An atomic over that of the model checker.
macro_rules! traced {
    ($name:ident[$($generics:tt)*] of $value:ty) => {
        pub(crate) struct $name $($generics)* {
            inner: untraced::$name $($generics)*,
            location: u64,
        }

        #[allow(dead_code, reason = "not every atomic needs each of them")]
        impl $($generics)* $name $($generics)* {
            #[track_caller]
            pub(crate) fn new(value: $value) -> Self {
                Self { inner: untraced::$name::new(value), location: new_location(type_name::<$value>(), value.bits()) }
            }

            #[track_caller]
            pub(crate) fn load(&self, ordering: Ordering) -> $value {
                let mut step = Begun::atomic(self.location, type_name::<$value>());
                let value = self.inner.load(ordering);
                step.saw(Some(value.bits()), None);
                step.end();
                value
            }

            #[track_caller]
            pub(crate) fn store(&self, value: $value, ordering: Ordering) {
                let mut step = Begun::atomic(self.location, type_name::<$value>());
                self.inner.store(value, ordering);
                step.saw(None, Some(value.bits()));
                step.end();
            }

            #[track_caller]
            pub(crate) fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                let mut step = Begun::compare_exchange(self.location, type_name::<$value>());
                let result = self.inner.compare_exchange(current, new, success, failure);
                let (Ok(before) | Err(before)) = result;
                step.saw(Some(before.bits()), result.is_ok().then(|| new.bits()));
                step.end();
                result
            }
        }

        impl $($generics)* fmt::Debug for $name $($generics)* {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.inner.fmt(formatter)
            }
        }
    };
}

/// The read-modify-writes of a number.
macro_rules! numbers {
    ($($name:ident of $value:ty;)+) => {$(
        traced!($name[] of $value);

        numbers!(@modify $name of $value: fetch_add |before, operand| before.wrapping_add(operand));
        numbers!(@modify $name of $value: fetch_sub |before, operand| before.wrapping_sub(operand));
        numbers!(@modify $name of $value: fetch_and |before, operand| before & operand);
        numbers!(@modify $name of $value: fetch_or |before, operand| before | operand);
    )+};
    (@modify $name:ident of $value:ty: $method:ident |$before:ident, $operand:ident| $after:expr) => {
        #[allow(dead_code, reason = "not every atomic needs each of them")]
        impl $name {
            #[track_caller]
            pub(crate) fn $method(&self, $operand: $value, ordering: Ordering) -> $value {
                let mut step = Begun::atomic(self.location, type_name::<$value>());
                let $before = self.inner.$method($operand, ordering);
                step.saw(Some($before.bits()), Some(($after).bits()));
                step.end();
                $before
            }
        }
    };
}

numbers! {
    AtomicU8 of u8;
    AtomicU64 of u64;
    AtomicUsize of usize;
}
traced!(AtomicBool[] of bool);
traced!(AtomicPtr[<T>] of *mut T);

/// A cell over that of the model checker.
pub(crate) struct UnsafeCell<T> {
    inner: untraced::UnsafeCell<T>,
    location: u64,
}

impl<T> UnsafeCell<T> {
    #[track_caller]
    pub(crate) fn new(value: T) -> Self {
        Self { inner: untraced::UnsafeCell::new(value), location: new_location(type_name::<T>(), 0) }
    }

    /// Lends a pointer to the value, to be read or written.
    #[track_caller]
    pub(crate) fn with_mut<R>(&self, access: impl FnOnce(*mut T) -> R) -> R {
        let step = Begun::cell(self.location, type_name::<T>());
        let result = self.inner.with_mut(access);
        step.end();
        result
    }
}

impl<T> fmt::Debug for UnsafeCell<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("UnsafeCell").finish_non_exhaustive()
    }
}

/// Makes a cell with no value yet where there is room for one.
///
/// # Safety
///
/// `place` is valid for writes.
pub(crate) unsafe fn init_vacant<T>(place: *mut UnsafeCell<MaybeUninit<T>>) {
    // SAFETY: within the room for the cell.
    let inner = unsafe { &raw mut (*place).inner };
    // SAFETY: passed on.
    unsafe { untraced::init_vacant(inner) };
    // SAFETY: within the room for the cell.
    let location = unsafe { &raw mut (*place).location };
    // SAFETY: as above.
    unsafe { location.write(new_location(type_name::<MaybeUninit<T>>(), 0)) };
}
