//! st3.

use st3::{StealError, fifo, lifo};

use super::{BatchOwner, BatchPopper, BatchThief, Handles, Owner, Thief};

/// A stealer, and the queue of its own that it steals batches into.
pub struct Raider<S, W> {
    stealer: S,
    loot: W,
}

/// Its two flavours have the same methods.
macro_rules! flavour {
    ($flavour:ident, $new:ident, $what:literal) => {
        #[doc = concat!("The flavour whose owner pops the ", $what, ".")]
        #[must_use]
        pub fn $new<T>(
            capacity: usize,
        ) -> Handles<$flavour::Worker<T>, Raider<$flavour::Stealer<T>, $flavour::Worker<T>>> {
            let owner = $flavour::Worker::new(capacity);
            let thief = Raider { stealer: owner.stealer(), loot: $flavour::Worker::new(capacity) };
            Handles { owner, thief }
        }

        impl<T> Owner<T> for $flavour::Worker<T> {
            #[inline]
            fn push(&mut self, value: T) -> Result<(), T> {
                Self::push(self, value)
            }

            #[inline]
            fn pop(&mut self) -> Option<T> {
                Self::pop(self)
            }
        }

        impl<T> BatchOwner<T> for $flavour::Worker<T> {
            #[inline]
            fn push_batch(&mut self, values: &mut impl ExactSizeIterator<Item = T>) -> usize {
                // What does not fit it would drop.
                let fit = self.spare_capacity().min(values.len());
                self.extend(values.take(fit));
                fit
            }
        }

        impl<T> BatchPopper<T> for $flavour::Worker<T> {
            #[inline]
            fn pop_batch(&mut self, max: usize, visit: impl FnMut(T)) -> usize {
                let Ok(values) = self.drain(|len| len.min(max)) else { return 0 };
                let len = values.len();
                values.for_each(visit);
                len
            }
        }

        impl<T> Thief<T> for Raider<$flavour::Stealer<T>, $flavour::Worker<T>> {
            #[inline]
            fn steal(&mut self) -> Option<T> {
                loop {
                    match self.stealer.steal_and_pop(&self.loot, |_| 1) {
                        Ok((value, _)) => return Some(value),
                        Err(StealError::Empty) => return None,
                        Err(StealError::Busy) => {}
                    }
                }
            }
        }

        impl<T> BatchThief<T> for Raider<$flavour::Stealer<T>, $flavour::Worker<T>> {
            #[inline]
            fn steal_batch(&mut self, max: usize, visit: impl FnMut(T)) -> usize {
                loop {
                    match self.stealer.steal(&self.loot, |len| len.min(max)) {
                        Ok(_) => return self.loot.pop_batch(max, visit),
                        Err(StealError::Empty) => return 0,
                        Err(StealError::Busy) => {}
                    }
                }
            }
        }
    };
}

flavour!(lifo, st3_lifo, "newest");
flavour!(fifo, st3_fifo, "oldest");
