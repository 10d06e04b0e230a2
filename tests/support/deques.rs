//! Traits over the deques, so that one test runs on each of them.

use std::fmt::Debug;

use pooldeque::{Batch, Full, bounded, unbounded};

/// A constructor of a deque.
pub(crate) trait Deque {
    /// The owner's handle.
    type Worker<T: Send>: Owner<T, Stealer = Self::Stealer<T>>;
    /// A thief's handle.
    type Stealer<T: Send>: Thief<T, Worker = Self::Worker<T>>;

    /// A deque with room for `capacity` values, a power of two, before it is full or grows.
    fn with_room<T: Send>(capacity: usize) -> (Self::Worker<T>, Self::Stealer<T>);
}

/// The owner's half.
pub(crate) trait Owner<T>: Send + Debug {
    type Stealer;
    fn push(&mut self, value: T) -> Result<(), T>;
    fn pop(&mut self) -> Option<T>;
    fn push_batch(&mut self, values: &mut impl Iterator<Item = T>) -> usize;
    fn pop_batch(&mut self, max: usize) -> Batch<'_, T>;
    fn stealer(&self) -> Self::Stealer;
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool;
}

/// A thief's half.
pub(crate) trait Thief<T>: Clone + Send + Sync + Debug {
    type Worker;
    fn steal(&self) -> Option<T>;
    fn steal_batch(&self, max: usize) -> Batch<'_, T>;
    fn steal_into(&self, dest: &Self::Worker, max: usize) -> usize;
    fn steal_half_into(&self, dest: &Self::Worker, limit: usize) -> Option<T>;
    fn len(&self) -> usize;
    fn is_empty(&self) -> bool;
}

/// The bounded deque.
pub(crate) struct Bounded;

/// The unbounded deque, with a first ring of the requested size.
pub(crate) struct Unbounded;

/// The unbounded deque with a first ring of one slot, so that its values spread over several rings.
pub(crate) struct Growing;

impl Deque for Bounded {
    type Worker<T: Send> = bounded::Worker<T>;
    type Stealer<T: Send> = bounded::Stealer<T>;

    fn with_room<T: Send>(capacity: usize) -> (Self::Worker<T>, Self::Stealer<T>) {
        pooldeque::bounded(capacity)
    }
}

impl Deque for Unbounded {
    type Worker<T: Send> = unbounded::Worker<T>;
    type Stealer<T: Send> = unbounded::Stealer<T>;

    fn with_room<T: Send>(capacity: usize) -> (Self::Worker<T>, Self::Stealer<T>) {
        unbounded::with_capacity(capacity)
    }
}

impl Deque for Growing {
    type Worker<T: Send> = unbounded::Worker<T>;
    type Stealer<T: Send> = unbounded::Stealer<T>;

    fn with_room<T: Send>(_capacity: usize) -> (Self::Worker<T>, Self::Stealer<T>) {
        unbounded::with_capacity(1)
    }
}

/// Implements the traits for the handles of one module; `$push` is how its worker pushes.
macro_rules! handles {
    ($module:ident, $push:expr) => {
        impl<T: Send> Owner<T> for $module::Worker<T> {
            type Stealer = $module::Stealer<T>;

            fn push(&mut self, value: T) -> Result<(), T> {
                $push(self, value)
            }
            fn pop(&mut self) -> Option<T> {
                $module::Worker::pop(self)
            }
            fn push_batch(&mut self, values: &mut impl Iterator<Item = T>) -> usize {
                $module::Worker::push_batch(self, values)
            }
            fn pop_batch(&mut self, max: usize) -> Batch<'_, T> {
                $module::Worker::pop_batch(self, max)
            }
            fn stealer(&self) -> Self::Stealer {
                $module::Worker::stealer(self)
            }
            fn len(&self) -> usize {
                $module::Worker::len(self)
            }
            fn is_empty(&self) -> bool {
                $module::Worker::is_empty(self)
            }
        }

        impl<T: Send> Thief<T> for $module::Stealer<T> {
            type Worker = $module::Worker<T>;

            fn steal(&self) -> Option<T> {
                $module::Stealer::steal(self)
            }
            fn steal_batch(&self, max: usize) -> Batch<'_, T> {
                $module::Stealer::steal_batch(self, max)
            }
            fn steal_into(&self, dest: &Self::Worker, max: usize) -> usize {
                $module::Stealer::steal_into(self, dest, max)
            }
            fn steal_half_into(&self, dest: &Self::Worker, limit: usize) -> Option<T> {
                $module::Stealer::steal_half_into(self, dest, limit)
            }
            fn len(&self) -> usize {
                $module::Stealer::len(self)
            }
            fn is_empty(&self) -> bool {
                $module::Stealer::is_empty(self)
            }
        }
    };
}

handles!(bounded, |worker: &bounded::Worker<T>, value| worker.push(value).map_err(Full::into_inner));
handles!(unbounded, |worker: &unbounded::Worker<T>, value| {
    worker.push(value);
    Ok(())
});

/// Turns each generic function into a test of every deque: `name::bounded`, `name::unbounded` and
/// `name::growing`.
macro_rules! on_each_deque {
    ($($(#[$attribute:meta])* fn $name:ident<$deque:ident>() $body:block)+) => {$(
        mod $name {
            #[allow(unused_imports, reason = "not every body needs a name from outside")]
            use super::*;
            use crate::support::deques::{Bounded, Deque, Growing, Unbounded};

            $(#[$attribute])*
            fn check<$deque: Deque>() $body

            #[test]
            fn bounded() {
                check::<Bounded>();
            }

            #[test]
            fn unbounded() {
                check::<Unbounded>();
            }

            #[test]
            fn growing() {
                check::<Growing>();
            }
        }
    )+};
}
pub(crate) use on_each_deque;
