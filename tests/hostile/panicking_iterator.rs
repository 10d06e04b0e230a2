//! Iterators given to `push_batch` that panic, lie, or reach back to the deque they are pushed to.

use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, resume_unwind};

use crate::support::deques::{Owner, Thief, on_each_deque};
use crate::support::ledger::Ledger;

/// More than fits in a growing deque's first rings, of 1, 2, 4 and 8 slots; their ends are among the
/// places where the iterators below panic.
const COUNT: usize = 20;
const CAPACITY: usize = 32;

on_each_deque! {
    fn what_an_iterator_gave_before_it_panicked_is_in_the_deque<D>() {
        for already_there in [0, 1, 3, 5] {
            for panics_at in 0..=COUNT {
                let dropped = Ledger::new(already_there + COUNT);
                let mut values = dropped.values();
                let (mut worker, stealer) = D::with_room(CAPACITY);
                worker.push_batch(&mut values.by_ref().take(already_there));
                let mut panicking = values.by_ref().enumerate().map(|(index, value)| {
                    if index == panics_at {
                        resume_unwind(Box::new("the iterator's own panic"));
                    }
                    value
                });
                let result = catch_unwind(AssertUnwindSafe(|| worker.push_batch(&mut panicking)));
                assert_eq!(result.is_err(), panics_at < COUNT);
                drop(panicking);
                drop(values);

                let given = already_there + panics_at;
                assert_eq!((worker.len(), stealer.len()), (given, given));
                let after = Ledger::new(1);
                assert!(worker.push(after.value(0)).is_ok());
                assert!(worker.pop().is_some_and(|value| value.id == 0));
                // In their order, seen from either end.
                let oldest = stealer.steal_batch(given / 2);
                assert!(oldest.map(|value| value.id).eq(0..given / 2));
                assert!(worker.pop_batch(given).map(|value| value.id).eq((given / 2..given).rev()));
                // The value in hand when the panic came was the iterator's; it too is gone.
                drop((worker, stealer));
                assert_eq!(dropped.met(), (0..(given + 1).min(already_there + COUNT)).collect::<Vec<_>>());
                assert_eq!(dropped.total(), dropped.met().len());
            }
        }
    }

    fn iterator_that_ends_is_not_asked_again<D>() {
        let (mut worker, stealer) = D::with_room(CAPACITY);
        let mut asked = 0;
        let mut interrupted = std::iter::from_fn(|| {
            asked += 1;
            assert!(asked < 100, "asked for ever");
            (asked % 4 != 0).then_some(asked)
        });
        assert_eq!(worker.push_batch(&mut interrupted), 3);
        assert_eq!(worker.push_batch(&mut interrupted), 3);
        assert!(stealer.steal_batch(CAPACITY).eq([1, 2, 3, 5, 6, 7]));
        assert_eq!(asked, 8);
    }

    fn iterator_that_lies_about_its_length<D>() {
        struct Liar(std::ops::Range<usize>, (usize, Option<usize>));
        impl Iterator for Liar {
            type Item = usize;
            fn next(&mut self) -> Option<usize> {
                self.0.next()
            }
            fn size_hint(&self) -> (usize, Option<usize>) {
                self.1
            }
        }
        for lie in [(0, Some(0)), (3, Some(5)), (usize::MAX, Some(usize::MAX)), (usize::MAX, None)] {
            let (mut worker, stealer) = D::with_room(CAPACITY);
            assert_eq!(worker.push_batch(&mut Liar(0..COUNT, lie)), COUNT);
            assert!(stealer.steal_batch(COUNT).eq(0..COUNT));
        }
    }

    fn iterator_that_steals_from_the_deque_it_is_pushed_to<D>() {
        let (mut worker, stealer) = D::with_room(CAPACITY);
        worker.push_batch(&mut (0..4));
        let mut stolen = Vec::new();
        let mut stealing = (4..24).inspect(|_| stolen.extend(stealer.steal()));
        assert_eq!(worker.push_batch(&mut stealing), 20);
        let in_the_deque = Vec::from_iter(stealer.steal_batch(CAPACITY));
        // Nothing was lost or seen twice; the values there before were there to be stolen.
        assert_eq!(stolen[..4], [0, 1, 2, 3]);
        assert!(stolen.into_iter().chain(in_the_deque).eq(0..24));
    }

    fn iterator_that_hands_out_what_it_steals_from_the_same_deque<D>() {
        let (mut worker, stealer) = D::with_room(CAPACITY);
        worker.push_batch(&mut (0..COUNT));
        // The oldest half goes round to the head.
        let mut stealing = std::iter::from_fn(|| stealer.steal()).take(COUNT / 2);
        assert_eq!(worker.push_batch(&mut stealing), COUNT / 2);
        assert!(stealer.steal_batch(CAPACITY).eq((COUNT / 2..COUNT).chain(0..COUNT / 2)));
    }

    fn iterator_that_drops_the_other_handles<D>() {
        let (mut worker, stealer) = D::with_room(CAPACITY);
        let mut stealer = Some(stealer);
        let mut dropping = (0..COUNT).inspect(|_| drop(stealer.take()));
        assert_eq!(worker.push_batch(&mut dropping), COUNT);
        assert_eq!(worker.pop(), Some(COUNT - 1));
    }
}

#[test]
fn iterator_that_makes_room_by_stealing_fills_each_slot_it_frees() {
    let (mut worker, stealer) = pooldeque::bounded(4);
    worker.push_batch(&mut (0..3));
    // One slot is free. Each value asked for frees another, so that the batch wraps right round the
    // ring and ends at its own first value.
    let mut stolen = Vec::new();
    let mut numbers = 3..;
    let mut stealing = numbers.by_ref().inspect(|_| stolen.extend(stealer.steal()));
    assert_eq!(worker.push_batch(&mut stealing), 4);
    assert_eq!(stolen, [0, 1, 2]);
    assert_eq!(numbers.next(), Some(7));
    assert!(stealer.steal_batch(4).eq(3..7));
}

#[test]
fn full_bounded_deque_asks_the_iterator_for_nothing() {
    let (mut worker, _stealer) = pooldeque::bounded(2);
    worker.push_batch(&mut [1, 2].into_iter());
    let mut unasked = std::iter::from_fn(|| panic_any("a value that cannot fit was asked for"));
    assert_eq!(worker.push_batch(&mut unasked), 0);
}
