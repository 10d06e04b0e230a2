//! What holds of the types whoever uses them: which may be sent, shared, moved and caught with.
//!
//! All of it is checked when this file is compiled; there is nothing to run. Code that must not
//! compile for want of these is in `tests/compile`.

#![cfg(not(any(loom, shuttle)))]

use std::cell::Cell;
use std::error::Error;
use std::fmt::{Debug, Display};
use std::iter::FusedIterator;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::rc::Rc;

use pooldeque::buffers::{Buffer, OwnedBuffer};
use pooldeque::pool::{DynPool, IdleBudget};
use pooldeque::{
    Batch, BufferPool, Full, Janitor, OwnedPoolGuard, Pool, PoolChain, PoolDequeue, PoolGuard, bounded,
    unbounded,
};
use static_assertions::{assert_impl_all, assert_not_impl_any};

/// Can be sent to another thread, but not shared with one.
type SendOnly = Cell<u8>;
/// Bound to its thread.
type Neither = Rc<u8>;

macro_rules! every_type {
    ($check:ident!(Worker<$value:ty>: $($bound:path),+)) => {
        $check!(bounded::Worker<$value>: $($bound),+);
        $check!(unbounded::Worker<$value>: $($bound),+);
    };
    ($check:ident!(Stealer<$value:ty>: $($bound:path),+)) => {
        $check!(bounded::Stealer<$value>: $($bound),+);
        $check!(unbounded::Stealer<$value>: $($bound),+);
        $check!(PoolDequeue<$value>: $($bound),+);
        $check!(PoolChain<$value>: $($bound),+);
    };
}

// The worker goes from thread to thread with its values, and is always in one place.
every_type!(assert_impl_all!(Worker<SendOnly>: Send, Unpin, UnwindSafe, Debug));
every_type!(assert_not_impl_any!(Worker<u8>: Sync, Clone, Copy));
every_type!(assert_not_impl_any!(Worker<Neither>: Send, Sync));

// Stealers, and what they share, are used by all threads at once. Values go by value, so they need not
// be `Sync`.
every_type!(assert_impl_all!(Stealer<SendOnly>: Send, Sync, Unpin, UnwindSafe, RefUnwindSafe, Debug));
every_type!(assert_not_impl_any!(Stealer<Neither>: Send, Sync));
every_type!(assert_impl_all!(Stealer<Neither>: Unpin, UnwindSafe, RefUnwindSafe, Debug));
assert_impl_all!(bounded::Stealer<Neither>: Clone);
assert_impl_all!(unbounded::Stealer<Neither>: Clone);
assert_not_impl_any!(PoolDequeue<u8>: Clone);
assert_not_impl_any!(PoolChain<u8>: Clone);
assert_impl_all!(PoolChain<Neither>: Default);

// A batch stays where it was made, for it may keep that thread in an epoch.
assert_impl_all!(Batch<'static, Neither>: Iterator<Item = Neither>, ExactSizeIterator, FusedIterator);
assert_impl_all!(Batch<'static, Neither>: Debug, Unpin);
assert_not_impl_any!(Batch<'static, u8>: Send, Sync, Clone);

// The error is what its value is, and always an error.
assert_impl_all!(Full<SendOnly>: Send, Unpin, Error, Debug, Display);
assert_impl_all!(Full<u8>: Send, Sync, Copy, PartialEq, Eq);
assert_impl_all!(Full<Neither>: Error, Debug, Display);
assert_not_impl_any!(Full<Neither>: Send, Sync, Copy);
assert_not_impl_any!(Full<SendOnly>: Sync);

// A pool is used by all threads at once, and its values go by value. What makes them is shared.
assert_impl_all!(Pool<SendOnly>: Send, Sync, Unpin, UnwindSafe, RefUnwindSafe, Debug);
assert_not_impl_any!(Pool<Neither>: Send, Sync);
assert_not_impl_any!(Pool<u8, Neither>: Send, Sync);
assert_not_impl_any!(Pool<u8, SendOnly>: Sync);
assert_not_impl_any!(Pool<u8>: Clone);
assert_impl_all!(DynPool<SendOnly>: Send, Sync, Debug);
assert_not_impl_any!(DynPool<Neither>: Send, Sync);
assert_impl_all!(Pool<Vec<u8>>: Default);

assert_impl_all!(IdleBudget: Send, Sync, Unpin, UnwindSafe, RefUnwindSafe, Debug);

// Guards go where their values can.
assert_impl_all!(PoolGuard<'static, SendOnly>: Send, Unpin, UnwindSafe);
assert_impl_all!(OwnedPoolGuard<SendOnly>: Send, Unpin, UnwindSafe);
assert_not_impl_any!(PoolGuard<'static, SendOnly>: Sync);
assert_impl_all!(PoolGuard<'static, u8>: Send, Sync, Debug, Display);
assert_impl_all!(OwnedPoolGuard<u8>: Send, Sync, Debug, Display);
assert_not_impl_any!(PoolGuard<'static, u8>: Clone);
assert_impl_all!(BufferPool: Send, Sync, Unpin, UnwindSafe, RefUnwindSafe, Debug, Default);
assert_impl_all!(Buffer<'static>: Send, Sync, Debug);
assert_impl_all!(OwnedBuffer: Send, Sync, Debug);
assert_impl_all!(Janitor: Send, Sync, Debug);
