//! st3's `tests/general.rs`, its LIFO flavour, for that is how our owner pops.
//!
//! Left out: `stealer_equality` and `stealer_ref_equality` (our stealers do not compare), and in
//! `drain_steal` the `Busy` that thieves are told while another is at work: ours never are.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::support::deques::{Owner, Thief, on_each_deque};
use crate::support::ledger::Ledger;
use crate::support::patience::{RaiseOnDrop, patiently};

/// How far the indexes of a ring are moved before a test begins.
const ROTATIONS: [usize; 7] = [0, 255, 256, 257, 65535, 65536, 65537];

/// Moves both indexes on by `count`.
fn rotate<W: Owner<u32, Stealer: Thief<u32>>>(worker: &mut W, count: usize) {
    let stealer = worker.stealer();
    for _ in 0..count {
        worker.push(u32::MAX).unwrap();
        assert_eq!(stealer.steal(), Some(u32::MAX));
    }
}

on_each_deque! {
    // lifo_single_threaded_steal
    fn stolen_values_keep_their_order<D>() {
        for rotation in ROTATIONS {
            let (mut busy, stealer) = D::with_room(128);
            let (mut idle, _) = D::with_room(128);
            rotate(&mut busy, rotation);
            rotate(&mut idle, rotation);
            for value in 1..=4 {
                busy.push(value).unwrap();
            }
            assert_eq!(busy.pop(), Some(4));
            assert_eq!(stealer.steal_into(&idle, 2), 2);
            assert_eq!(busy.pop(), Some(3));
            assert_eq!(busy.pop(), None);
            assert_eq!(idle.pop(), Some(2));
            assert_eq!(idle.pop(), Some(1));
            assert_eq!(idle.pop(), None);
        }
    }

    // lifo_self_steal
    fn stealing_from_oneself_brings_the_oldest_to_the_head<D>() {
        for rotation in ROTATIONS {
            let (mut worker, stealer) = D::with_room(128);
            rotate(&mut worker, rotation);
            for value in 1..=4 {
                worker.push(value).unwrap();
            }
            assert_eq!(worker.pop(), Some(4));
            assert_eq!(stealer.steal_into(&worker, 2), 2);
            for expected in [Some(2), Some(1), Some(3), None] {
                assert_eq!(worker.pop(), expected);
            }
        }
    }

    // lifo_drain_steal
    fn stealing_goes_on_while_the_owner_drains<D>() {
        for rotation in ROTATIONS {
            let (mut worker, stealer) = D::with_room(128);
            rotate(&mut worker, rotation);
            for value in 1..=5 {
                worker.push(value).unwrap();
            }
            assert_eq!(worker.pop(), Some(5));
            let mut drained = worker.pop_batch(2);
            assert_eq!(stealer.steal(), Some(1));
            assert_eq!(drained.next(), Some(4));
            assert_eq!(stealer.steal(), Some(2));
            assert_eq!(drained.next(), Some(3));
            assert_eq!(stealer.steal(), None);
            assert_eq!(drained.next(), None);
        }
    }

    // lifo_extend_basic
    fn pushing_in_a_batch_is_pushing_in_turn<D>() {
        for rotation in ROTATIONS {
            let (mut worker, _) = D::with_room(128);
            rotate(&mut worker, rotation);
            worker.push(1).unwrap();
            worker.push(2).unwrap();
            assert_eq!(worker.push_batch(&mut [3, 4].into_iter()), 2);
            assert_eq!(worker.len(), 4);
            for expected in [Some(4), Some(3), Some(2), Some(1), None] {
                assert_eq!(worker.pop(), expected);
            }
        }
    }

    // lifo_multi_threaded_steal, with 10^6 values where the original has 8 * 10^7
    fn owner_and_two_thieves_take_every_value_once<D>() {
        const VALUES: usize = 1_000_000;

        /// Takes values a few at a time, through a deque of its own, until the owner is done.
        fn steal_now_and_then<D: Deque>(
            stealer: &D::Stealer<usize>,
            (taken, done): (&Ledger, &AtomicBool),
            seed: u64,
        ) {
            let mut random = fastrand::Rng::with_seed(seed);
            let (mut own, _) = D::with_room(128);
            while !done.load(Ordering::Acquire) {
                let few = random.usize(0..=stealer.len().min(64));
                if stealer.steal_into(&own, few) == 0 {
                    thread::yield_now();
                }
                while let Some(value) = own.pop() {
                    taken.note(value);
                }
            }
        }

        let (mut worker, stealer) = D::with_room(128);
        let taken = Ledger::new(VALUES);
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            for seed in [1, 2] {
                let stealer = stealer.clone();
                let shared = (&*taken, &done);
                scope.spawn(move || steal_now_and_then::<D>(&stealer, shared, seed));
            }

            let _stop_the_others = RaiseOnDrop(&done);
            let mut random = fastrand::Rng::with_seed(0);
            let mut values = 0..VALUES;
            while !values.is_empty() {
                let some = random.usize(1..10);
                for value in values.by_ref().take(some) {
                    patiently(|| worker.push(value).ok());
                }
                if let Some(value) = worker.pop() {
                    taken.note(value);
                }
            }
            while let Some(value) = worker.pop() {
                taken.note(value);
            }
            // What is not taken yet is in a thief's hands, which it empties before it stops.
        });
        taken.assert_each_once();
    }
}

// lifo_extend_overflow
#[test]
fn an_endless_iterator_fills_a_bounded_deque_and_no_more() {
    for rotation in ROTATIONS {
        let (mut worker, _) = pooldeque::bounded(128);
        rotate(&mut worker, rotation);
        worker.push(1).unwrap();
        worker.push(2).unwrap();
        let mut numbers = 3..;
        assert_eq!(worker.push_batch(&mut numbers), 126);
        assert_eq!(numbers.next(), Some(129), "a value that did not fit was taken from the iterator");
        assert_eq!(worker.len(), worker.capacity());
        for expected in (1..=128).rev() {
            assert_eq!(worker.pop(), Some(expected));
        }
        assert_eq!(worker.pop(), None);
    }
}

// lifo_queue_capacity; we refuse what st3 rounds up (see `hostile/capacities.rs`)
#[test]
fn a_bounded_deque_takes_as_many_values_as_its_capacity_says() {
    for capacity in [1, 2, 4, 8, 128] {
        let (worker, stealer) = pooldeque::bounded(capacity);
        assert_eq!((worker.capacity(), stealer.capacity()), (capacity, capacity));
        for _ in 0..capacity {
            assert!(worker.push(42).is_ok());
        }
        assert!(worker.push(42).is_err());
    }
}
