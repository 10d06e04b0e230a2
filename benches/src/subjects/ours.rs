//! This crate's deques.

use pooldeque::{Batch, bounded as ring, unbounded as chain};

use super::{BatchOwner, BatchPopper, BatchThief, Handles, Owner, Thief};

/// Our bounded deque.
pub fn bounded<T>(capacity: usize) -> Handles<ring::Worker<T>, ring::Stealer<T>> {
    let (owner, thief) = ring(capacity);
    Handles { owner, thief }
}

/// Our unbounded deque.
pub fn unbounded<T>() -> Handles<chain::Worker<T>, chain::Stealer<T>> {
    let (owner, thief) = chain();
    Handles { owner, thief }
}

impl<T> Owner<T> for ring::Worker<T> {
    #[inline]
    fn push(&mut self, value: T) -> Result<(), T> {
        Self::push(self, value).map_err(pooldeque::Full::into_inner)
    }

    #[inline]
    fn pop(&mut self) -> Option<T> {
        Self::pop(self)
    }
}

impl<T> Owner<T> for chain::Worker<T> {
    #[inline]
    fn push(&mut self, value: T) -> Result<(), T> {
        Self::push(self, value);
        Ok(())
    }

    #[inline]
    fn pop(&mut self) -> Option<T> {
        Self::pop(self)
    }
}

/// The handles of both deques have the same methods for batches.
macro_rules! batches {
    ($worker:ty, $stealer:ty) => {
        impl<T> BatchOwner<T> for $worker {
            #[inline]
            fn push_batch(&mut self, values: &mut impl ExactSizeIterator<Item = T>) -> usize {
                <$worker>::push_batch(self, values)
            }
        }

        impl<T> BatchPopper<T> for $worker {
            #[inline]
            fn pop_batch(&mut self, max: usize, visit: impl FnMut(T)) -> usize {
                take_out(<$worker>::pop_batch(self, max), visit)
            }
        }

        impl<T> Thief<T> for $stealer {
            #[inline]
            fn steal(&mut self) -> Option<T> {
                <$stealer>::steal(self)
            }
        }

        impl<T> BatchThief<T> for $stealer {
            #[inline]
            fn steal_batch(&mut self, max: usize, visit: impl FnMut(T)) -> usize {
                take_out(<$stealer>::steal_batch(self, max), visit)
            }
        }
    };
}

batches!(ring::Worker<T>, ring::Stealer<T>);
batches!(chain::Worker<T>, chain::Stealer<T>);

#[inline]
fn take_out<T>(batch: Batch<'_, T>, mut visit: impl FnMut(T)) -> usize {
    let len = batch.len();
    // A plain loop, as a user would write it.
    for value in batch {
        visit(value);
    }
    len
}
