//! The deques under test, behind one face.

mod crossbeam;
mod floor;
mod ours;
mod queues;
mod st3;

pub use self::crossbeam::{crossbeam_fifo, crossbeam_lifo};
pub use self::floor::{PackedWord, PackedWordAndMemory};
pub use self::ours::{bounded, unbounded};
pub use self::queues::{array_queue, mutex, plain, seg_queue};
pub use self::st3::{st3_fifo, st3_lifo};

/// The owner's half of a deque.
pub trait Owner<T> {
    /// Adds a value; gives it back if there is no room.
    ///
    /// # Errors
    ///
    /// The value, if there is no room.
    fn push(&mut self, value: T) -> Result<(), T>;

    /// Takes out a value: the newest, or the oldest if this owner is a queue's.
    fn pop(&mut self) -> Option<T>;
}

/// An owner that can add many at a time.
pub trait BatchOwner<T>: Owner<T> {
    /// Adds what fits of `values`, the best way this deque knows; returns how many.
    fn push_batch(&mut self, values: &mut impl ExactSizeIterator<Item = T>) -> usize;
}

/// An owner that can take out many at a time.
pub trait BatchPopper<T>: Owner<T> {
    /// Takes out values, `max` at most, and shows them to `visit`; returns how many.
    fn pop_batch(&mut self, max: usize, visit: impl FnMut(T)) -> usize;
}

/// A thief's half of a deque.
pub trait Thief<T> {
    /// Takes out the oldest value. `None` if the deque is empty.
    fn steal(&mut self) -> Option<T>;
}

/// A thief that can take many at a time.
pub trait BatchThief<T>: Thief<T> {
    /// Takes out the oldest values, `max` at most, and shows them to `visit`; returns how many.
    fn steal_batch(&mut self, max: usize, visit: impl FnMut(T)) -> usize;
}

/// Both halves in one thread's hands.
pub trait Deque<T> {
    /// Adds a value. There is room.
    fn push(&mut self, value: T);
    /// Takes out a value as the owner does.
    fn pop(&mut self) -> Option<T>;
    /// Takes out a value as a thief does.
    fn steal(&mut self) -> Option<T>;
}

/// A deque in two halves.
pub struct Handles<O, H> {
    /// The owner's half.
    pub owner: O,
    /// A thief's half.
    pub thief: H,
}

impl<T, O: Owner<T>, H: Thief<T>> Deque<T> for Handles<O, H> {
    #[inline]
    fn push(&mut self, value: T) {
        let pushed = self.owner.push(value);
        assert!(pushed.is_ok(), "the rows never fill a deque");
    }

    #[inline]
    fn pop(&mut self) -> Option<T> {
        self.owner.pop()
    }

    #[inline]
    fn steal(&mut self) -> Option<T> {
        self.thief.steal()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a subject gives back of 1, 2, 3: popped, stolen, popped, popped once more.
    fn popped_stolen_popped(mut deque: impl Deque<u64>) -> [Option<u64>; 4] {
        for value in 1..=3 {
            deque.push(value);
        }
        [deque.pop(), deque.steal(), deque.pop(), deque.pop()]
    }

    const LIFO: [Option<u64>; 4] = [Some(3), Some(1), Some(2), None];
    const FIFO: [Option<u64>; 4] = [Some(1), Some(2), Some(3), None];

    #[test]
    fn subjects_with_a_lifo_owner() {
        assert_eq!(popped_stolen_popped(bounded(8)), LIFO);
        assert_eq!(popped_stolen_popped(unbounded()), LIFO);
        assert_eq!(popped_stolen_popped(crossbeam_lifo()), LIFO);
        assert_eq!(popped_stolen_popped(st3_lifo(8)), LIFO);
        assert_eq!(popped_stolen_popped(mutex()), LIFO);
        assert_eq!(popped_stolen_popped(plain(8)), LIFO);
    }

    #[test]
    fn subjects_with_a_fifo_owner() {
        assert_eq!(popped_stolen_popped(crossbeam_fifo()), FIFO);
        assert_eq!(popped_stolen_popped(st3_fifo(8)), FIFO);
        assert_eq!(popped_stolen_popped(array_queue(8)), FIFO);
        assert_eq!(popped_stolen_popped(seg_queue()), FIFO);
    }

    #[test]
    fn the_floor_moves_its_indexes_as_a_ring_would() {
        fn check<const RELOAD: bool>() {
            let mut word = PackedWord::<RELOAD>::default();
            for value in 0..3 {
                word.push(value);
            }
            assert_eq!([word.pop(), word.steal(), word.pop()], [Some(2), Some(0), Some(1)]);
        }
        check::<false>();
        check::<true>();
    }

    #[test]
    fn the_floor_with_memory_gives_back_what_was_pushed() {
        let mut deque = PackedWordAndMemory::new(4);
        for value in [7, 8, 9] {
            deque.push(value);
        }
        assert_eq!([deque.pop(), deque.steal(), deque.pop()], [Some(9), Some(7), Some(8)]);
    }

    fn batches_of_three<O: BatchOwner<u64>, H: BatchThief<u64>>(handles: Handles<O, H>) -> (usize, Vec<u64>) {
        let Handles { mut owner, mut thief } = handles;
        let pushed = owner.push_batch(&mut (1..=7).collect::<Vec<_>>().into_iter());
        let mut stolen = Vec::new();
        while thief.steal_batch(3, |value| stolen.push(value)) != 0 {}
        stolen.sort_unstable();
        (pushed, stolen)
    }

    #[test]
    fn batches_carry_every_value_once() {
        let all = (7, (1..=7).collect::<Vec<_>>());
        assert_eq!(batches_of_three(bounded(8)), all);
        assert_eq!(batches_of_three(unbounded()), all);
        assert_eq!(batches_of_three(crossbeam_lifo()), all);
        assert_eq!(batches_of_three(crossbeam_fifo()), all);
        assert_eq!(batches_of_three(st3_lifo(8)), all);
        assert_eq!(batches_of_three(st3_fifo(8)), all);
    }

    #[test]
    fn a_batch_push_takes_no_more_than_fits() {
        let fits = (4, (1..=4).collect::<Vec<_>>());
        assert_eq!(batches_of_three(bounded(4)), fits);
        assert_eq!(batches_of_three(st3_lifo(4)), fits);
        assert_eq!(batches_of_three(st3_fifo(4)), fits);
    }
}
