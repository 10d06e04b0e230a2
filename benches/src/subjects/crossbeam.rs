//! crossbeam-deque.

use crossbeam_deque::{Steal, Stealer, Worker};

use super::{BatchOwner, BatchThief, Handles, Owner, Thief};

/// A stealer, and the deque of its own that it steals batches into.
pub struct Raider<T> {
    stealer: Stealer<T>,
    loot: Worker<T>,
}

/// The flavour whose owner pops the newest.
#[must_use]
pub fn crossbeam_lifo<T>() -> Handles<Worker<T>, Raider<T>> {
    handles(Worker::new_lifo)
}

/// The flavour whose owner pops the oldest.
#[must_use]
pub fn crossbeam_fifo<T>() -> Handles<Worker<T>, Raider<T>> {
    handles(Worker::new_fifo)
}

fn handles<T>(new: fn() -> Worker<T>) -> Handles<Worker<T>, Raider<T>> {
    let owner = new();
    let thief = Raider { stealer: owner.stealer(), loot: new() };
    Handles { owner, thief }
}

impl<T> Owner<T> for Worker<T> {
    #[inline]
    fn push(&mut self, value: T) -> Result<(), T> {
        Worker::push(self, value);
        Ok(())
    }

    #[inline]
    fn pop(&mut self) -> Option<T> {
        Worker::pop(self)
    }
}

impl<T> BatchOwner<T> for Worker<T> {
    #[inline]
    fn push_batch(&mut self, values: &mut impl ExactSizeIterator<Item = T>) -> usize {
        let len = values.len();
        values.for_each(|value| Worker::push(self, value));
        len
    }
}

/// Retries for as long as the deque says so.
#[inline]
fn insist<T>(mut steal: impl FnMut() -> Steal<T>) -> Option<T> {
    loop {
        match steal() {
            Steal::Success(value) => return Some(value),
            Steal::Empty => return None,
            Steal::Retry => {}
        }
    }
}

impl<T> Thief<T> for Raider<T> {
    #[inline]
    fn steal(&mut self) -> Option<T> {
        insist(|| self.stealer.steal())
    }
}

impl<T> BatchThief<T> for Raider<T> {
    #[inline]
    fn steal_batch(&mut self, max: usize, mut visit: impl FnMut(T)) -> usize {
        let Some(first) = insist(|| self.stealer.steal_batch_with_limit_and_pop(&self.loot, max)) else {
            return 0;
        };
        visit(first);
        let mut taken = 1;
        while let Some(value) = self.loot.pop() {
            visit(value);
            taken += 1;
        }
        taken
    }
}
