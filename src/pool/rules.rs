//! Making a pool, and the rules that it is given before its first value.

use core::marker::PhantomData;
use core::mem::{self, ManuallyDrop, MaybeUninit};
use core::ptr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use super::Pool;
use super::budget::IdleBudget;
use super::registry::PoolGroup;
use crate::drop_each::discard;
use crate::sync::{AtomicPtr, const_unless_model};

/// The rules of one pool.
pub(crate) struct Rules<T> {
    /// Whether a value that comes back must be looked at: any of `reset`, `retain`, `max_idle` and `budget` is set.
    pub(super) are_set: bool,
    reset: Option<Rule<T, ()>>,
    retain: Option<Rule<T, bool>>,
    /// The most values that may be idle under one thread slot.
    pub(super) max_idle: usize,
    /// What idle values are charged to, and the number of bytes of a value.
    pub(super) budget: Option<Charge<T>>,
    /// The number of slots of a shared queue's first ring; `None` for as many as suit the values' size.
    pub(crate) first_ring: Option<usize>,
    /// With which pools this one ages.
    pub(crate) ages: Ages,
}

/// With which pools a pool ages.
#[derive(Clone, Copy)]
pub(crate) enum Ages {
    /// With all that are in no group.
    WithAll,
    With(&'static PoolGroup),
    /// With none: through a reference to the pool only, because its values may borrow.
    Alone,
}

/// An idle budget, and the number of bytes that a value is charged with.
pub(super) struct Charge<T> {
    budget: &'static IdleBudget,
    size: fn(&T) -> usize,
}

/// The number of slots of a shared queue's first ring, if the values are small.
const FIRST_RING: usize = 8;

/// The number of bytes that a shared queue's first ring takes at most, if that is room for a value.
const FIRST_RING_BYTES: usize = 16 << 10;

impl<T, F: Fn() -> T> Pool<T, F> {
    const_unless_model! {
        /// A pool whose values `create` makes. It allocates nothing until its first use.
        ///
        /// `create` may be a closure that captures. Its type is then part of the pool's; [`DynPool`](super::DynPool)
        /// has a name without it. Where `create` is a function and rules follow, [`from_fn`](Pool::from_fn) spares
        /// naming the type twice.
        ///
        /// # Examples
        ///
        /// ```
        /// use pooldeque::Pool;
        ///
        /// static BUFFERS: Pool<Vec<u8>> = Pool::new(Vec::new);
        /// let size = 4096;
        /// let pages = Pool::new(move || vec![0_u8; size]);
        /// assert!(BUFFERS.get().is_empty());
        /// assert_eq!(pages.get().len(), 4096);
        /// ```
        #[must_use]
        pub fn new(create: F) -> Self
        where
            T: 'static,
        {
            Self { state: AtomicPtr::new(ptr::null_mut()), rules: Rules::none(Ages::WithAll), create }
        }
    }

    const_unless_model! {
        /// A pool whose values may borrow, for use while what they borrow lives.
        ///
        /// Neither [`tick_all`](crate::tick_all) nor a group nor a [`Janitor`](crate::Janitor) reaches it, because
        /// each of them may drop values at any later time: call [`tick`](Self::tick) or
        /// [`clear`](Self::clear). Its values are gone when its drop returns. Write a rule as a closure, as below:
        /// the type of a function such as `Vec::<&str>::clear` is not `'static`.
        ///
        /// # Examples
        ///
        /// ```
        /// use pooldeque::Pool;
        ///
        /// let text = String::from("a b c");
        /// let lists = Pool::scoped(Vec::<&str>::new).with_reset(|list| list.clear());
        /// std::thread::scope(|scope| {
        ///     scope.spawn(|| lists.get().extend(text.split(' ')));
        /// });
        /// assert!(lists.get().is_empty());
        /// ```
        #[must_use]
        pub fn scoped(create: F) -> Self {
            Self { state: AtomicPtr::new(ptr::null_mut()), rules: Rules::none(Ages::Alone), create }
        }
    }
}

impl<T: 'static> Pool<T> {
    const_unless_model! {
        /// As [`new`](Self::new), for a function: the pool's type is `Pool<T>`, whatever rules follow.
        ///
        /// # Examples
        ///
        /// ```
        /// use pooldeque::Pool;
        ///
        /// static LINES: Pool<String> = Pool::from_fn(String::new).with_reset(String::clear);
        /// assert!(LINES.get().is_empty());
        /// ```
        #[must_use]
        pub fn from_fn(create: fn() -> T) -> Self {
            Self::new(create)
        }
    }
}

impl<T, F> Pool<T, F> {
    /// Calls `reset` on each value that comes back, by a guard or by [`put`](Self::put).
    ///
    /// The next user finds the value as `reset` has left it; a value that `create` makes is not reset.
    ///
    /// The pool stores the closure in place, so it may capture two `usize`s: a few numbers, a reference, an `Arc`. A
    /// larger one does not compile; box it, as in `with_reset(Box::new(..) as Box<dyn Fn(&mut T) + Send + Sync>)`.
    ///
    /// # Panics
    ///
    /// If the pool has a reset already.
    ///
    /// # Examples
    ///
    /// ```
    /// use pooldeque::Pool;
    ///
    /// let pool = Pool::new(Vec::<u8>::new).with_reset(Vec::clear);
    /// pool.get().extend(b"old");
    /// assert!(pool.get().is_empty());
    /// ```
    #[must_use]
    pub const fn with_reset(mut self, reset: impl Fn(&mut T) + Send + Sync + 'static) -> Self {
        set_once(&mut self.rules.reset, Rule::reset(reset), "a pool can have one reset");
        self.rules.are_set = true;
        self
    }

    /// Keeps a value that comes back only if `retain` returns `true`, and drops it otherwise. The rule sees the
    /// value after the reset.
    ///
    /// Without such a rule one large request leaves its large buffer in the pool for as long as small ones
    /// use it; ageing does not help, because the buffer is in use. The closure may capture two `usize`s, as for
    /// [`with_reset`](Self::with_reset).
    ///
    /// # Panics
    ///
    /// If the pool has such a rule already.
    ///
    /// # Examples
    ///
    /// ```
    /// use pooldeque::Pool;
    ///
    /// let limit: usize = "65536".parse().unwrap();
    /// let pool = Pool::new(Vec::<u8>::new).with_retain(move |buffer| buffer.capacity() <= limit);
    /// pool.put(Vec::with_capacity(1 << 20));
    /// assert_eq!(pool.take(), None);
    /// ```
    #[must_use]
    pub const fn with_retain(mut self, retain: impl Fn(&T) -> bool + Send + Sync + 'static) -> Self {
        set_once(&mut self.rules.retain, Rule::retain(retain), "a pool can have one rule of what to retain");
        self.rules.are_set = true;
        self
    }

    /// Keeps at most `most` idle values for each thread, and drops what comes back beyond.
    ///
    /// A thread counts what is idle in its own entry, last tick's values included. The count is exact, except for
    /// values that others take just then. Counting costs a few loads for each put. For a cap on the whole pool see
    /// [`with_budget`](Self::with_budget).
    ///
    /// # Panics
    ///
    /// If `most` is 0: a pool that keeps nothing is no pool.
    ///
    /// # Examples
    ///
    /// ```
    /// use pooldeque::Pool;
    ///
    /// let pool = Pool::new(String::new).with_max_idle(2);
    /// for _ in 0..3 {
    ///     pool.put(String::new());
    /// }
    /// assert!(pool.take().is_some() && pool.take().is_some());
    /// assert_eq!(pool.take(), None);
    /// ```
    #[must_use]
    pub const fn with_max_idle(mut self, most: usize) -> Self {
        assert!(most != 0, "at least one value must be allowed to lie idle for each thread");
        self.rules.max_idle = most;
        self.rules.are_set = true;
        self
    }

    /// Charges idle values to `budget`, each with the number of bytes that `size` returns, and drops what comes back
    /// beyond it.
    ///
    /// Several pools can share one budget. `size` must return the same for a value for as long as it is idle;
    /// otherwise the budget is charged wrongly, and nothing worse. A pool with a budget keeps no value in private
    /// cells: each `put` and `take` costs a read-modify-write in a shared queue and one of the budget, which
    /// all threads share. Otherwise see [`IdleBudget`].
    ///
    /// # Examples
    ///
    /// ```
    /// use pooldeque::Pool;
    /// use pooldeque::pool::IdleBudget;
    ///
    /// static BUDGET: IdleBudget = IdleBudget::new(64 << 20);
    /// static PAGES: Pool<Vec<u8>> = Pool::from_fn(Vec::new).with_budget(&BUDGET, Vec::capacity);
    ///
    /// PAGES.put(Vec::with_capacity(60 << 20));
    /// PAGES.put(Vec::with_capacity(5 << 20));
    /// assert_eq!(BUDGET.used(), 60 << 20);
    /// ```
    #[must_use]
    pub const fn with_budget(mut self, budget: &'static IdleBudget, size: fn(&T) -> usize) -> Self {
        self.rules.set_budget(budget, size);
        self
    }

    /// Lets this pool age with the pools of `group`, and with no others.
    ///
    /// # Examples
    ///
    /// See [`PoolGroup`].
    ///
    /// ```
    /// use pooldeque::{Pool, PoolGroup};
    ///
    /// static GROUP: PoolGroup = PoolGroup::new();
    /// static POOL: Pool<String> = Pool::from_fn(String::new).with_group(&GROUP);
    /// # POOL.put(String::new());
    /// # GROUP.clear();
    /// # assert!(POOL.take().is_none());
    /// ```
    #[must_use]
    pub const fn with_group(mut self, group: &'static PoolGroup) -> Self
    where
        T: 'static,
    {
        self.rules.ages = Ages::With(group);
        self
    }
}

/// Sets what may be set once. (A constant function cannot drop what it replaces.)
const fn set_once<R>(place: &mut Option<R>, value: R, complaint: &'static str) {
    assert!(place.is_none(), "{}", complaint);
    mem::forget(place.replace(value));
}

impl<T> Rules<T> {
    /// Everything is kept as it comes.
    const fn none(ages: Ages) -> Self {
        Self {
            are_set: false,
            reset: None,
            retain: None,
            max_idle: usize::MAX,
            budget: None,
            first_ring: None,
            ages,
        }
    }

    pub(crate) const fn set_budget(&mut self, budget: &'static IdleBudget, size: fn(&T) -> usize) {
        self.budget = Some(Charge { budget, size });
        self.are_set = true;
    }

    /// The number of slots of a shared queue's first ring.
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
        unless_panicking(|| unsafe { self.apply(value) }).unwrap_or(false)
    }

    /// # Safety
    ///
    /// As [`accept`](Self::accept).
    unsafe fn apply(&self, value: &mut ManuallyDrop<T>) -> bool {
        let mut value = DropUnlessKept { value, kept: false };
        if let Some(reset) = &self.reset {
            reset.call(value.value);
        }
        value.kept = self.retain.as_ref().is_none_or(|retain| retain.call(value.value));
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

impl<T> Charge<T> {
    /// Charges the budget with a value that is about to become idle. `false` if it does not fit.
    pub(super) fn charge(&self, value: &T) -> bool {
        unless_panicking(|| (self.size)(value)).is_some_and(|bytes| self.budget.charge(bytes))
    }

    /// Gives back what a value was charged with that is idle no more.
    pub(super) fn refund(&self, value: &T) {
        // A value is on its way to its user or its end here: a panic would lose it, or keep others from ending.
        if let Some(bytes) = swallow_panic(|| (self.size)(value)) {
            self.budget.refund(bytes);
        }
    }
}

impl<T> Clone for Charge<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Charge<T> {}

/// Room for what a rule captures.
type Captured = MaybeUninit<[*const (); 2]>;

/// A closure that captures at most two `usize`s, stored in place, so that a static can have one.
struct Rule<T, R> {
    captured: Captured,
    /// # Safety
    ///
    /// The first argument is `captured`, the second refers to a value that is the caller's for the call.
    call: unsafe fn(&Captured, &mut T) -> R,
    /// # Safety
    ///
    /// The argument is `captured`, which is not used again.
    drop: unsafe fn(&mut Captured),
    /// The closure, which is [`Send`] and [`Sync`].
    _closure: PhantomData<fn()>,
}

// SAFETY: the closure in it is `Send`.
unsafe impl<T, R> Send for Rule<T, R> {}
// SAFETY: the closure in it is `Sync`.
unsafe impl<T, R> Sync for Rule<T, R> {}

impl<T> Rule<T, ()> {
    const fn reset<C: Fn(&mut T) + Send + Sync + 'static>(closure: C) -> Self {
        // SAFETY: the first argument holds a `C`.
        Self::new(closure, |captured, value| unsafe { closure_in::<C>(captured) }(value))
    }
}

impl<T> Rule<T, bool> {
    const fn retain<C: Fn(&T) -> bool + Send + Sync + 'static>(closure: C) -> Self {
        // SAFETY: the first argument holds a `C`.
        Self::new(closure, |captured, value| unsafe { closure_in::<C>(captured) }(value))
    }
}

impl<T, R> Rule<T, R> {
    /// `call` finds the closure where it expects it: in its first argument.
    const fn new<C: Send + Sync + 'static>(closure: C, call: unsafe fn(&Captured, &mut T) -> R) -> Self {
        const {
            assert!(
                size_of::<C>() <= size_of::<Captured>() && align_of::<C>() <= align_of::<Captured>(),
                "a pool's rule can capture two `usize`s at most: box a larger closure"
            );
        }
        let mut captured = Captured::uninit();
        // SAFETY: there is room for it, as was just checked.
        unsafe { captured.as_mut_ptr().cast::<C>().write(closure) };
        // SAFETY: there is a closure, which is dropped once.
        let drop = |captured: &mut Captured| unsafe { captured.as_mut_ptr().cast::<C>().drop_in_place() };
        Self { captured, call, drop, _closure: PhantomData }
    }

    #[inline(always)]
    fn call(&self, value: &mut T) -> R {
        // SAFETY: this is what was captured.
        unsafe { (self.call)(&self.captured, value) }
    }
}

impl<T, R> Drop for Rule<T, R> {
    fn drop(&mut self) {
        // SAFETY: it is not used again.
        unsafe { (self.drop)(&mut self.captured) };
    }
}

/// # Safety
///
/// `captured` holds a `C`.
#[inline(always)]
unsafe fn closure_in<C>(captured: &Captured) -> &C {
    // SAFETY: passed on.
    unsafe { &*captured.as_ptr().cast::<C>() }
}

/// Runs user code. A panic passes on, unless the thread is already panicking: a second one would
/// end the process, and is swallowed.
#[inline(always)]
pub(super) fn unless_panicking<R>(code: impl FnOnce() -> R) -> Option<R> {
    if thread::panicking() { swallow_panic(code) } else { Some(code()) }
}

#[cold]
fn swallow_panic<R>(code: impl FnOnce() -> R) -> Option<R> {
    catch_unwind(AssertUnwindSafe(code)).map_err(discard).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_ring_has_eight_slots_or_as_many_as_fit_or_one() {
        fn first_ring_of<T>() -> usize {
            Rules::<T>::none(Ages::WithAll).first_ring()
        }
        assert_eq!([first_ring_of::<()>(), first_ring_of::<u64>(), first_ring_of::<[u8; 2048]>()], [8; 3]);
        assert_eq!([first_ring_of::<[u8; 4096]>(), first_ring_of::<[u8; 5000]>()], [4, 2]);
        assert_eq!([first_ring_of::<[u8; 16 << 10]>(), first_ring_of::<[u8; 1 << 20]>()], [1; 2]);
    }
}
