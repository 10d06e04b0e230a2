//! concurrent-queue's `tests/bounded.rs`, with one producer where the original has several.
//!
//! Left out: `close`, `force_push` and the two `*_ring_buffer` tests, which live by `force_push`.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::support::deques::{Owner, Thief, on_each_deque};
use crate::support::ledger::Ledger;
use crate::support::patience::patiently;

on_each_deque! {
    // smoke
    fn values_come_out_as_they_went_in<D>() {
        let (mut worker, stealer) = D::with_room(2);
        worker.push(7).unwrap();
        assert_eq!(stealer.steal(), Some(7));
        worker.push(8).unwrap();
        assert_eq!(stealer.steal(), Some(8));
        assert_eq!(stealer.steal(), None);
    }

    // len
    fn len_counts_every_push_and_steal<D>() {
        const CAPACITY: usize = 1024;
        const COUNT: usize = 25_000;

        let (mut worker, stealer) = D::with_room(CAPACITY);
        let expect_len = |worker: &D::Worker<usize>, expected| {
            assert_eq!(worker.len(), expected);
            assert_eq!(stealer.len(), expected);
        };
        for _ in 0..CAPACITY / 10 {
            for value in 0..50 {
                worker.push(value).unwrap();
                expect_len(&worker, value + 1);
            }
            for value in 0..50 {
                assert_eq!(stealer.steal(), Some(value));
                expect_len(&worker, 50 - value - 1);
            }
        }
        for value in 0..CAPACITY {
            worker.push(value).unwrap();
            expect_len(&worker, value + 1);
        }
        for value in (0..CAPACITY).rev() {
            assert_eq!(worker.pop(), Some(value));
            expect_len(&worker, value);
        }

        // What was pushed and not yet taken is never more than the values there are.
        thread::scope(|scope| {
            scope.spawn(|| {
                for expected in 0..COUNT {
                    assert_eq!(patiently(|| stealer.steal()), expected);
                    assert!(stealer.len() < COUNT - expected);
                }
            });
            for value in 0..COUNT {
                patiently(|| worker.push(value).ok());
                assert!(worker.len() <= value + 1);
            }
        });
        expect_len(&worker, 0);
    }

    // spsc
    fn one_thief_steals_all_in_order_from_little_room<D>() {
        const COUNT: usize = 100_000;

        let (mut worker, stealer) = D::with_room(4);
        thread::scope(|scope| {
            scope.spawn(|| {
                for expected in 0..COUNT {
                    assert_eq!(patiently(|| stealer.steal()), expected);
                }
                assert_eq!(stealer.steal(), None);
            });
            for value in 0..COUNT {
                patiently(|| worker.push(value).ok());
            }
        });
    }

    // mpmc, as spmc
    fn thieves_share_what_one_producer_pushes<D>() {
        const COUNT: usize = 25_000;
        const THREADS: usize = 4;

        let (mut worker, stealer) = D::with_room(4);
        let taken = Ledger::new(THREADS * COUNT);
        thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    for _ in 0..COUNT {
                        taken.note(patiently(|| stealer.steal()));
                    }
                });
            }
            for value in 0..THREADS * COUNT {
                patiently(|| worker.push(value).ok());
            }
        });
        taken.assert_each_once();
    }

    // drops
    fn every_value_is_dropped_once_by_the_thief_or_the_deque<D>() {
        const RUNS: usize = 50;

        let mut random = fastrand::Rng::with_seed(5);
        for _ in 0..RUNS {
            let steps = random.usize(..10_000);
            let additional = random.usize(..50);
            let (mut worker, stealer) = D::with_room(64);
            let dropped = Ledger::new(steps + additional);
            let mut values = dropped.values();
            thread::scope(|scope| {
                scope.spawn(|| {
                    for _ in 0..steps {
                        drop(patiently(|| stealer.steal()));
                    }
                });
                for value in values.by_ref().take(steps) {
                    // A refused value comes back and is offered again.
                    let mut offered = Some(value);
                    patiently(|| match worker.push(offered.take()?) {
                        Ok(()) => Some(()),
                        Err(refused) => {
                            offered = Some(refused);
                            None
                        }
                    });
                }
            });
            for value in values {
                assert!(worker.push(value).is_ok());
            }
            // The oldest were, each of them once.
            assert_eq!(dropped.total(), steps);
            assert!(dropped.met().into_iter().eq(0..steps));
            drop((worker, stealer));
            dropped.assert_each_once();
        }
    }

    // linearizable, as spmc
    fn whoever_knows_of_a_value_in_the_deque_finds_one<D>() {
        const COUNT: usize = 2_000;
        const DEQUES: usize = 25;
        const THREADS: usize = 4;

        // One permit for each value that was pushed and that nobody is on the way to take.
        fn acquire(permits: &AtomicUsize) -> Option<()> {
            let take_one = |permits: usize| permits.checked_sub(1);
            permits.fetch_update(Ordering::Acquire, Ordering::Relaxed, take_one).ok().map(drop)
        }

        // Fresh deques again and again, for a chain's first growths are where it could err.
        for _ in 0..DEQUES {
            let (mut worker, stealer) = D::with_room(2 * THREADS * COUNT.next_power_of_two());
            let permits = AtomicUsize::new(0);
            thread::scope(|scope| {
                for _ in 0..THREADS {
                    scope.spawn(|| {
                        for _ in 0..COUNT {
                            patiently(|| acquire(&permits));
                            assert!(stealer.steal().is_some(), "a false empty");
                        }
                    });
                }
                for _ in 0..THREADS * COUNT {
                    worker.push(0).unwrap();
                    permits.fetch_add(1, Ordering::Release);
                    worker.push(0).unwrap();
                    assert!(worker.pop().is_some(), "a false empty");
                }
            });
            assert!(worker.is_empty());
        }
    }
}

// len_empty_full
#[test]
fn bounded_deque_is_full_when_len_reaches_capacity() {
    let (mut worker, stealer) = pooldeque::bounded(2);
    let expect = |worker: &mut pooldeque::bounded::Worker<()>, len: usize| {
        assert_eq!(worker.len(), len);
        assert_eq!(worker.is_empty(), len == 0);
        // Nothing is lost by an attempt: a value that finds room is taken out again.
        let full = worker.push(()).is_err();
        assert_eq!(full, len == worker.capacity());
        if !full {
            worker.pop().unwrap();
        }
    };
    expect(&mut worker, 0);
    worker.push(()).unwrap();
    expect(&mut worker, 1);
    worker.push(()).unwrap();
    expect(&mut worker, 2);
    stealer.steal().unwrap();
    expect(&mut worker, 1);
}
