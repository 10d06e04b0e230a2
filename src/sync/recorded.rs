//! shuttle's atomics and locks, and cells, whose values are part of the recorded state.

use core::cell::{self, Cell};
use core::fmt;
use core::mem::MaybeUninit;
use core::ops::{Deref, DerefMut};
use core::sync::atomic::{self, Ordering};
use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::vec::Vec;

use shuttle::sync::{Mutex, MutexGuard, atomic as plain};
use xxhash_rust::xxh3::xxh3_128;

use super::recorder::{self, Hash, Operation, mix};

/// Gives other threads a turn.
pub(crate) fn pause() {
    recorder::begin(Operation::Pause, 0, 0);
    plain::AtomicBool::new(false).load(Ordering::Relaxed);
    recorder::end(0);
}

/// A recorded location and its value.
struct Location {
    name: u64,
    value: atomic::AtomicU64,
}

impl Location {
    fn new(value: u64) -> Self {
        let name = recorder::new_name();
        recorder::appear(name, value.into());
        Self { name, value: value.into() }
    }

    fn begin(&self, operation: Operation, operand: Hash) {
        recorder::begin(operation, self.name, operand);
    }

    fn set(&self, value: u64) {
        recorder::change(self.name, self.value.swap(value, Ordering::Relaxed).into(), value.into());
    }
}

impl Drop for Location {
    fn drop(&mut self) {
        recorder::vanish(self.name, (*self.value.get_mut()).into());
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

/// An atomic that shuttle does not schedule. One that has its default value is recorded. One that a constant makes is
/// not: it would get its name when it is first used, and another one could then have that name.
macro_rules! plain_atomics {
    ($($name:ident over $inner:ty, of $value:ty;)+) => {$(
        #[derive(Debug)]
        pub(crate) struct $name {
            inner: $inner,
            /// 0 if it is not recorded.
            name: u64,
        }

        impl $name {
            #[allow(dead_code, reason = "some have their default value")]
            pub(crate) const fn new(value: $value) -> Self {
                Self { inner: <$inner>::new(value), name: 0 }
            }

            pub(crate) fn load(&self, ordering: Ordering) -> $value {
                let value = self.inner.load(ordering);
                if self.name != 0 {
                    recorder::touch(self.name, value as Hash);
                }
                value
            }

            pub(crate) fn store(&self, value: $value, ordering: Ordering) {
                if self.name != 0 {
                    recorder::change(self.name, self.load(Ordering::Relaxed) as Hash, value as Hash);
                }
                self.inner.store(value, ordering);
            }
        }

        impl Default for $name {
            fn default() -> Self {
                let name = recorder::new_name();
                recorder::appear(name, 0);
                Self { inner: <$inner>::default(), name }
            }
        }
    )+};
}

#[cfg(feature = "stats")]
plain_atomics! {
    PlainAtomicU64 over atomic::AtomicU64, of u64;
}
plain_atomics! {
    PlainAtomicUsize over atomic::AtomicUsize, of usize;
}

/// What a lock protects, as far as a thread that holds it can tell.
pub(crate) trait Content {
    /// Appends what distinguishes this content from others.
    fn write_to(&self, bytes: &mut Vec<u8>);

    fn hash(&self) -> Hash {
        let mut bytes = Vec::new();
        self.write_to(&mut bytes);
        xxh3_128(&bytes)
    }
}

/// Numbers, by their bits.
macro_rules! contents {
    ($($number:ty),+) => {$(
        impl Content for $number {
            fn write_to(&self, bytes: &mut Vec<u8>) {
                bytes.extend(u64::from_number(*self).to_le_bytes());
            }
        }
    )+};
}

contents!(u64, usize);

impl Content for () {
    fn write_to(&self, _bytes: &mut Vec<u8>) {}
}

impl Content for bool {
    fn write_to(&self, bytes: &mut Vec<u8>) {
        bytes.push((*self).into());
    }
}

impl<A: Content, B: Content> Content for (A, B) {
    fn write_to(&self, bytes: &mut Vec<u8>) {
        self.0.write_to(bytes);
        self.1.write_to(bytes);
    }
}

impl<T: Content> Content for Vec<T> {
    fn write_to(&self, bytes: &mut Vec<u8>) {
        (self.len(), self.capacity()).write_to(bytes);
        self.iter().for_each(|element| element.write_to(bytes));
    }
}

/// A key belongs to one value only.
impl<K: Content, V> Content for BTreeMap<K, V> {
    fn write_to(&self, bytes: &mut Vec<u8>) {
        self.len().write_to(bytes);
        self.keys().for_each(|key| key.write_to(bytes));
    }
}

/// A lock. Its content is part of the recorded state.
pub(crate) struct Lock<T> {
    /// Whether it is held.
    location: Location,
    content: u64,
    inner: Mutex<T>,
}

/// The right to the content of a lock.
pub(crate) struct LockGuard<'a, T: Content> {
    lock: &'a Lock<T>,
    /// The content when it was locked.
    before: Hash,
    inner: Option<MutexGuard<'a, T>>,
}

impl<T: Content> Lock<T> {
    pub(crate) fn new(content: T) -> Self {
        let name = recorder::new_name();
        recorder::appear(name, content.hash());
        Self { location: Location::new(0), content: name, inner: Mutex::new(content) }
    }

    fn guard<'a>(&'a self, inner: MutexGuard<'a, T>) -> LockGuard<'a, T> {
        let before = inner.hash();
        self.location.set(1);
        recorder::end(1);
        recorder::touch(self.content, before);
        LockGuard { lock: self, before, inner: Some(inner) }
    }
}

/// Locks. On the real machine a forked child may not get the lock.
pub(crate) fn lock<T: Content>(lock: &Lock<T>) -> Option<LockGuard<'_, T>> {
    lock.location.begin(Operation::Lock, 0);
    Some(lock.guard(lock.inner.lock().unwrap_or_else(PoisonError::into_inner)))
}

/// Locks, unless that would have to wait.
pub(crate) fn try_lock<T: Content>(lock: &Lock<T>) -> Option<LockGuard<'_, T>> {
    lock.location.begin(Operation::TryLock, 0);
    let Ok(guard) = lock.inner.try_lock() else {
        recorder::end(0);
        return None;
    };
    Some(lock.guard(guard))
}

impl<T: Content> Deref for LockGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.inner.as_ref().expect("it is there until the drop")
    }
}

impl<T: Content> DerefMut for LockGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.inner.as_mut().expect("it is there until the drop")
    }
}

impl<T: Content> Drop for LockGuard<'_, T> {
    fn drop(&mut self) {
        recorder::change(self.lock.content, self.before, self.hash());
        self.lock.location.begin(Operation::Unlock, 0);
        self.inner = None;
        self.lock.location.set(0);
        recorder::end(0);
    }
}
