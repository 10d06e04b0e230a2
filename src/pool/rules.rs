//! What a pool keeps: the rules that a value meets on its way in.

use core::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use super::group::PoolGroup;
use crate::drop_each::discard;

/// The rules of one pool.
pub(crate) struct Rules<T> {
    /// Whether any of the following three is not as it is in [`none`](Self::none).
    pub(super) are_set: bool,
    pub(super) reset: Option<fn(&mut T)>,
    pub(super) retain: Option<fn(&T) -> bool>,
    /// The most that may lie idle under one thread slot.
    pub(super) max_idle: usize,
    /// How many slots the first ring of a shared queue has; `None` for as many as suit the values' size.
    pub(crate) first_ring: Option<usize>,
    /// The pools with which this one ages.
    pub(crate) group: Option<&'static PoolGroup>,
}

/// How many slots the first ring of a shared queue has, if the values are small.
const FIRST_RING: usize = 8;

/// How many bytes the first ring of a shared queue takes at most, if that is room for a value.
const FIRST_RING_BYTES: usize = 16 << 10;

impl<T> Rules<T> {
    /// Everything is kept as it comes.
    pub(super) const fn none() -> Self {
        Self {
            are_set: false,
            reset: None,
            retain: None,
            max_idle: usize::MAX,
            first_ring: None,
            group: None,
        }
    }

    /// How many slots the first ring of a shared queue has.
    pub(super) fn first_ring(&self) -> usize {
        let fit = FIRST_RING_BYTES / size_of::<T>().max(1);
        self.first_ring.unwrap_or_else(|| FIRST_RING.min(1 << fit.max(1).ilog2()))
    }

    /// Resets a value, and returns whether to keep it.
    ///
    /// # Safety
    ///
    /// There is a value in `value`. If this is `false` or panics, it has been dropped.
    #[inline(always)]
    pub(super) unsafe fn accept(&self, value: &mut ManuallyDrop<T>) -> bool {
        if self.reset.is_none() && self.retain.is_none() {
            return true;
        }
        // SAFETY: passed on.
        unless_panicking(|| unsafe { self.ask(value) }).unwrap_or(false)
    }

    /// # Safety
    ///
    /// As [`accept`](Self::accept).
    unsafe fn ask(&self, value: &mut ManuallyDrop<T>) -> bool {
        let mut value = DropUnlessKept { value, kept: false };
        if let Some(reset) = self.reset {
            reset(value.value);
        }
        value.kept = self.retain.is_none_or(|retain| retain(value.value));
        value.kept
    }
}

struct DropUnlessKept<'a, T> {
    value: &'a mut ManuallyDrop<T>,
    kept: bool,
}

impl<T> Drop for DropUnlessKept<'_, T> {
    #[inline(always)]
    fn drop(&mut self) {
        if !self.kept {
            // After a panic of the rules, one of the destructor would end the process.
            // SAFETY: the caller of `accept` does not use it again.
            unless_panicking(|| unsafe { ManuallyDrop::drop(self.value) });
        }
    }
}

/// Runs code of the user's. A panic passes on, unless the thread is already panicking: a second one would
/// end the process, and is swallowed.
#[inline(always)]
pub(super) fn unless_panicking<R>(code: impl FnOnce() -> R) -> Option<R> {
    if thread::panicking() { swallow_panic(code) } else { Some(code()) }
}

#[cold]
fn swallow_panic<R>(code: impl FnOnce() -> R) -> Option<R> {
    catch_unwind(AssertUnwindSafe(code)).map_err(discard).ok()
}
