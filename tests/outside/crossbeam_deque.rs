//! crossbeam-deque's `tests/lifo.rs`, `tests/fifo.rs` and `tests/steal.rs`.
//!
//! Our owner pops the newest value, as crossbeam's LIFO worker does. What its FIFO worker does, our
//! owner does by stealing from itself: where `fifo.rs` differs from `lifo.rs`, it stands for that.
//! Left out: `injector.rs` and the injector's rows of `steal.rs` (there is no injector), and `Retry`.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;

use crate::support::deques::{Deque, Owner, Thief, on_each_deque};
use crate::support::ledger::Ledger;
use crate::support::patience::{Patience, RaiseOnDrop, patiently};

const THREADS: usize = 8;
const COUNT: usize = 50_000;

/// Room for all of `COUNT` in a bounded deque.
const AMPLE: usize = COUNT.next_power_of_two();

/// Takes values in every way a thief can, once; tells each.
fn take_somehow<D: Deque, T: Send>(
    stealer: &D::Stealer<T>,
    own: &mut D::Worker<T>,
    mut taken: impl FnMut(T),
) {
    if let Some(value) = stealer.steal() {
        taken(value);
    }
    stealer.steal_into(own, 32);
    stealer.steal_batch(32).for_each(&mut taken);
    while let Some(value) = own.pop() {
        taken(value);
    }
}

on_each_deque! {
    // lifo::smoke
    fn owner_takes_the_newest_and_thief_the_oldest<D>() {
        let (mut worker, stealer) = D::with_room(8);
        assert_eq!(worker.pop(), None);
        assert_eq!(stealer.steal(), None);

        worker.push(1).unwrap();
        assert_eq!(worker.pop(), Some(1));
        assert_eq!(worker.pop(), None);
        assert_eq!(stealer.steal(), None);

        worker.push(2).unwrap();
        assert_eq!(stealer.steal(), Some(2));
        assert_eq!(stealer.steal(), None);
        assert_eq!(worker.pop(), None);

        worker.push_batch(&mut (3..=5));
        for expected in [Some(3), Some(4), Some(5), None] {
            assert_eq!(stealer.steal(), expected);
        }

        worker.push_batch(&mut (6..=9));
        assert_eq!(worker.pop(), Some(9));
        assert_eq!(stealer.steal(), Some(6));
        assert_eq!(worker.pop(), Some(8));
        assert_eq!(worker.pop(), Some(7));
        assert_eq!(worker.pop(), None);
    }

    // fifo::smoke, its last part
    fn owner_that_steals_from_itself_takes_the_oldest<D>() {
        let (mut worker, stealer) = D::with_room(4);
        let own = worker.stealer();
        worker.push_batch(&mut (6..=9));
        assert_eq!(own.steal(), Some(6));
        assert_eq!(stealer.steal(), Some(7));
        assert_eq!(own.steal(), Some(8));
        assert_eq!(own.steal(), Some(9));
        assert_eq!(own.steal(), None);
    }

    // lifo::is_empty, fifo::is_empty
    fn is_empty_follows_pushes_pops_and_steals<D>() {
        let (mut worker, stealer) = D::with_room(2);
        type Take<W, S> = fn(&mut W, &S) -> Option<i32>;
        let ways: [Take<D::Worker<i32>, D::Stealer<i32>>; 2] =
            [|worker, _| worker.pop(), |_, stealer| stealer.steal()];
        for take in ways {
            let expect_empty = |worker: &D::Worker<i32>, expected: bool| {
                assert_eq!(worker.is_empty(), expected);
                assert_eq!(stealer.is_empty(), expected);
            };
            expect_empty(&worker, true);
            worker.push(1).unwrap();
            expect_empty(&worker, false);
            worker.push(2).unwrap();
            expect_empty(&worker, false);
            assert!(take(&mut worker, &stealer).is_some());
            expect_empty(&worker, false);
            assert!(take(&mut worker, &stealer).is_some());
            expect_empty(&worker, true);
        }
    }

    // lifo::spsc, fifo::spsc
    fn one_thief_steals_all_in_order<D>() {
        let (mut worker, stealer) = D::with_room(AMPLE);
        thread::scope(|scope| {
            scope.spawn(move || {
                for expected in 0..COUNT {
                    assert_eq!(patiently(|| stealer.steal()), expected);
                }
                assert_eq!(stealer.steal(), None);
            });
            for value in 0..COUNT {
                worker.push(value).unwrap();
            }
        });
    }

    // lifo::stampede
    fn stampede_of_thieves_against_a_popping_owner<D>() {
        stampede::<D>(|worker, _| worker.pop(), true);
    }

    // fifo::stampede
    fn stampede_of_thieves_against_an_owner_that_steals<D>() {
        stampede::<D>(|_, own| own.steal(), false);
    }

    // lifo::stress, fifo::stress
    fn every_push_is_taken_once_under_stress<D>() {
        let (mut worker, stealer) = D::with_room(AMPLE);
        let hits = Ledger::new(COUNT);
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    let (mut own, _) = D::with_room(64);
                    while !done.load(SeqCst) {
                        take_somehow::<D, _>(&stealer, &mut own, |value| hits.note(value));
                        thread::yield_now();
                    }
                });
            }

            let _stop_the_others = RaiseOnDrop(&done);
            let mut random = fastrand::Rng::with_seed(3);
            let mut values = 0..COUNT;
            while !values.is_empty() {
                if random.u8(0..3) == 0 {
                    while let Some(value) = worker.pop() {
                        hits.note(value);
                    }
                } else {
                    worker.push(values.next().unwrap()).unwrap();
                }
            }
            while let Some(value) = worker.pop() {
                hits.note(value);
            }
        });
        hits.assert_each_once();
    }

    // lifo::no_starvation, fifo::no_starvation
    fn every_thief_gets_something_in_the_end<D>() {
        let (mut worker, stealer) = D::with_room(1024);
        let done = AtomicBool::new(false);
        let hits: [AtomicUsize; THREADS] = Default::default();
        thread::scope(|scope| {
            for my_hits in &hits {
                let (stealer, done) = (&stealer, &done);
                scope.spawn(move || {
                    let (mut own, _) = D::with_room(64);
                    while !done.load(SeqCst) {
                        take_somehow::<D, _>(stealer, &mut own, |_| {
                            my_hits.fetch_add(1, SeqCst);
                        });
                    }
                });
            }

            let _stop_the_others = RaiseOnDrop(&done);
            let mut random = fastrand::Rng::with_seed(4);
            let mut popped = 0;
            let patience = Patience::new();
            while popped == 0 || hits.iter().any(|hits| hits.load(SeqCst) == 0) {
                for value in 0..random.usize(0..COUNT) {
                    if random.u8(0..3) == 0 && popped == 0 {
                        while worker.pop().is_some() {
                            popped += 1;
                        }
                    } else if worker.push(value).is_err() {
                        break;
                    }
                }
                patience.pause();
            }
        });
    }

    // lifo::destructors, fifo::destructors
    fn values_are_dropped_when_taken_and_the_rest_with_the_deque<D>() {
        const STEPS: usize = 1000;

        struct Element(usize, Arc<Mutex<Vec<usize>>>);
        impl Drop for Element {
            fn drop(&mut self) {
                self.1.lock().unwrap().push(self.0);
            }
        }

        let dropped = Arc::new(Mutex::new(Vec::new()));
        let (mut worker, stealer) = D::with_room(AMPLE);
        worker.push_batch(&mut (0..COUNT).map(|id| Element(id, Arc::clone(&dropped))));
        let remaining = AtomicUsize::new(COUNT);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    let (mut own, _) = D::with_room(64);
                    let mut count = 0;
                    while count < STEPS {
                        take_somehow::<D, _>(&stealer, &mut own, |_| {
                            count += 1;
                            remaining.fetch_sub(1, SeqCst);
                        });
                    }
                });
            }
            for _ in 0..STEPS {
                if worker.pop().is_some() {
                    remaining.fetch_sub(1, SeqCst);
                }
            }
        });

        let remaining = remaining.into_inner();
        assert!(remaining > 0);
        assert_eq!(dropped.lock().unwrap().len(), COUNT - remaining);
        dropped.lock().unwrap().clear();

        drop((worker, stealer));
        let rest = dropped.lock().unwrap();
        assert_eq!(rest.len(), remaining);
        // Taken were a stretch at either end, so a stretch was left; it is dropped oldest first.
        assert!(rest.windows(2).all(|pair| pair[0] + 1 == pair[1]));
    }

    // steal::steal_lifo, steal::steal_fifo
    fn steals_come_oldest_first<D>() {
        let (mut worker, stealer) = D::with_room(4);
        worker.push_batch(&mut (1..=3));
        for expected in 1..=3 {
            assert_eq!(stealer.steal(), Some(expected));
        }
    }

    // steal::steal_batch_lifo_lifo, steal_batch_lifo_fifo, steal_batch_fifo_lifo, steal_batch_fifo_fifo
    fn stolen_into_another_deque_the_values_keep_their_order<D>() {
        let (mut worker, stealer) = D::with_room(4);
        let (mut other, from_other) = D::with_room(4);
        worker.push_batch(&mut (1..=4));
        assert_eq!(stealer.steal_into(&other, 2), 2);
        assert_eq!(other.pop(), Some(2));
        assert_eq!(other.pop(), Some(1));
        assert_eq!(stealer.steal_into(&other, 2), 2);
        assert_eq!(from_other.steal(), Some(3));
        assert_eq!(from_other.steal(), Some(4));
    }

    // steal::steal_batch_and_pop_*: the first of a batch for oneself, the others into one's own deque
    fn first_of_a_batch_is_kept_and_the_rest_pushed<D>() {
        let (mut worker, stealer) = D::with_room(8);
        let (mut other, _) = D::with_room(8);
        worker.push_batch(&mut (1..=6));
        let mut batch = stealer.steal_batch(3);
        assert_eq!(batch.next(), Some(1));
        assert_eq!(other.push_batch(&mut batch), 2);
        drop(batch);
        assert_eq!(other.pop(), Some(3));
        assert_eq!(other.pop(), Some(2));
        assert_eq!(stealer.len(), 3);
    }
}

/// Thieves and the owner empty a full deque together. Each thief must see values ascend; the owner,
/// who takes with `take`, must see them descend or ascend.
fn stampede<D: Deque>(
    mut take: impl FnMut(&mut D::Worker<Box<usize>>, &D::Stealer<Box<usize>>) -> Option<Box<usize>>,
    descending: bool,
) {
    let (mut worker, stealer) = D::with_room(AMPLE);
    worker.push_batch(&mut (0..COUNT).map(Box::new));
    let seen = Ledger::new(COUNT);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let mut last = None;
                while let Some(value) = stealer.steal() {
                    assert!(last < Some(*value));
                    last = Some(*value);
                    seen.note(*value);
                }
            });
        }

        let mut last: Option<usize> = None;
        while let Some(value) = take(&mut worker, &stealer) {
            assert!(last.is_none_or(|last| if descending { last > *value } else { last < *value }));
            last = Some(*value);
            seen.note(*value);
        }
    });
    seen.assert_each_once();
}
