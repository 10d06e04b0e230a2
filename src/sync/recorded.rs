//! shuttle's atomics, and cells, whose values are part of the recorded state.

use core::cell::{self, Cell};
use core::fmt;
use core::mem::MaybeUninit;
use core::sync::atomic::Ordering;

use shuttle::sync::atomic as plain;

use super::recorder::{self, Hash, Operation, mix};

/// A recorded location and its value.
struct Location {
    name: u64,
    value: Cell<u64>,
}

impl Location {
    fn new(value: u64) -> Self {
        let name = recorder::new_name();
        recorder::appear(name, value.into());
        Self { name, value: Cell::new(value) }
    }

    fn begin(&self, operation: Operation, operand: Hash) {
        recorder::begin(operation, self.name, operand);
    }

    fn set(&self, value: u64) {
        recorder::change(self.name, self.value.replace(value).into(), value.into());
    }
}

impl Drop for Location {
    fn drop(&mut self) {
        recorder::vanish(self.name, self.value.get().into());
    }
}

/// An atomic over shuttle's. `$bits` turns a value into the bits that are recorded.
macro_rules! recorded {
    ($(#[$attribute:meta])* $name:ident[$($generics:tt)*] over $inner:ty, of $value:ty, $bits:expr) => {
        $(#[$attribute])*
        pub(crate) struct $name $($generics)* {
            inner: $inner,
            location: Location,
        }

        // SAFETY: all threads of an execution run on one thread of the machine.
        unsafe impl $($generics)* Sync for $name $($generics)* {}
        // SAFETY: as above.
        unsafe impl $($generics)* Send for $name $($generics)* {}

        #[allow(dead_code, reason = "not every atomic needs each of them")]
        impl $($generics)* $name $($generics)* {
            pub(crate) fn new(value: $value) -> Self {
                Self { location: Location::new($bits(value)), inner: <$inner>::new(value) }
            }

            pub(crate) fn load(&self, ordering: Ordering) -> $value {
                self.location.begin(Operation::Load, 0);
                let value = self.inner.load(ordering);
                recorder::end($bits(value));
                value
            }

            pub(crate) fn store(&self, value: $value, ordering: Ordering) {
                self.location.begin(Operation::Store, $bits(value).into());
                self.inner.store(value, ordering);
                self.location.set($bits(value));
                recorder::end(0);
            }

            pub(crate) fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                let operand = mix($bits(current).into(), $bits(new).into());
                self.location.begin(Operation::CompareExchange, operand);
                let result = self.inner.compare_exchange(current, new, success, failure);
                if result.is_ok() {
                    self.location.set($bits(new));
                }
                recorder::end(match result {
                    Ok(before) | Err(before) => $bits(before),
                });
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
        recorded!($name[] over plain::$name, of $value, u64::from_number);

        #[allow(dead_code, reason = "not every atomic needs each of them")]
        impl $name {
            fn modify(
                &self,
                operation: Operation,
                operand: $value,
                modify: impl FnOnce(&plain::$name) -> $value,
                after: impl FnOnce($value) -> $value,
            ) -> $value {
                self.location.begin(operation, u64::from_number(operand).into());
                let before = modify(&self.inner);
                self.location.set(u64::from_number(after(before)));
                recorder::end(u64::from_number(before));
                before
            }

            pub(crate) fn fetch_add(&self, operand: $value, ordering: Ordering) -> $value {
                let add = |before: $value| before.wrapping_add(operand);
                self.modify(Operation::Add, operand, |inner| inner.fetch_add(operand, ordering), add)
            }

            pub(crate) fn fetch_sub(&self, operand: $value, ordering: Ordering) -> $value {
                let sub = |before: $value| before.wrapping_sub(operand);
                self.modify(Operation::Sub, operand, |inner| inner.fetch_sub(operand, ordering), sub)
            }

            pub(crate) fn fetch_and(&self, operand: $value, ordering: Ordering) -> $value {
                let and = |before| before & operand;
                self.modify(Operation::And, operand, |inner| inner.fetch_and(operand, ordering), and)
            }

            pub(crate) fn fetch_or(&self, operand: $value, ordering: Ordering) -> $value {
                let or = |before| before | operand;
                self.modify(Operation::Or, operand, |inner| inner.fetch_or(operand, ordering), or)
            }
        }
    )+};
}

/// The bits of a number.
trait FromNumber<N> {
    fn from_number(number: N) -> Self;
}

impl FromNumber<u64> for u64 {
    fn from_number(number: u64) -> Self {
        number
    }
}

impl FromNumber<usize> for u64 {
    fn from_number(number: usize) -> Self {
        number as Self
    }
}

impl FromNumber<u8> for u64 {
    fn from_number(number: u8) -> Self {
        number.into()
    }
}

fn bits_of_address<T>(address: *mut T) -> u64 {
    recorder::name_of(address.addr())
}

numbers! {
    AtomicU8 of u8;
    AtomicU64 of u64;
    AtomicUsize of usize;
}
recorded!(AtomicBool[] over plain::AtomicBool, of bool, u64::from);
recorded!(AtomicPtr[<T>] over plain::AtomicPtr<T>, of *mut T, bits_of_address);

/// A cell whose content is part of the recorded state.
pub(crate) struct UnsafeCell<T> {
    inner: cell::UnsafeCell<T>,
    name: u64,
    content: Cell<Hash>,
}

impl<T> UnsafeCell<T> {
    /// A cell with a value. If the execution is recorded, the value has no padding, now and later.
    pub(crate) fn new(value: T) -> Self {
        // SAFETY: a value is valid for reads, and the models that record have none with padding.
        Self::with_content(unsafe { recorder::content_of(&raw const value) }, value)
    }

    fn with_content(content: Hash, value: T) -> Self {
        let name = recorder::new_name();
        recorder::appear(name, content);
        Self { inner: cell::UnsafeCell::new(value), name, content: Cell::new(content) }
    }

    /// Lends a pointer to the value, to be read or written.
    pub(crate) fn with_mut<R>(&self, access: impl FnOnce(*mut T) -> R) -> R {
        recorder::touch(self.name, self.content.get());
        let result = access(self.inner.get());
        // SAFETY: the place is valid, and there is a value, or its bytes are still there: an access fills a vacant cell.
        let content = unsafe { recorder::content_of(self.inner.get()) };
        recorder::change(self.name, self.content.replace(content), content);
        result
    }
}

impl<T> Drop for UnsafeCell<T> {
    fn drop(&mut self) {
        recorder::vanish(self.name, self.content.get());
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
    // SAFETY: passed on.
    unsafe { place.write(UnsafeCell::with_content(0, MaybeUninit::uninit())) };
}
