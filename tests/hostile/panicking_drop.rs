//! A panic in a value's destructor, wherever the deque drops a value: all the others are dropped,
//! each once, the first panic comes out, and what still exists stays usable.

use std::panic::{AssertUnwindSafe, catch_unwind, panic_any};

use pooldeque::{PoolChain, PoolDequeue};

use crate::bombs::{Arming, Bomb, blast_from};
use crate::support::deques::{Owner, Thief, on_each_deque};
use crate::support::ledger::Ledger;

/// How many values are in the deque: in a growing one they lie in rings of 1, 2, 4, 8 and 16 slots.
const COUNT: usize = 20;
const CAPACITY: usize = 32;

/// How many of them are in a batch, so that it spans rings and ends inside one.
const BATCH: usize = 12;

on_each_deque! {
    fn deque_dropped_with_its_last_handle<D>() {
        for arming in Arming::each(COUNT) {
            for worker_goes_last in [false, true] {
                let dropped = Ledger::new(COUNT);
                let (mut worker, stealer) = D::with_room(CAPACITY);
                worker.push_batch(&mut arming.bombs(&dropped));
                let blast = if worker_goes_last {
                    drop(stealer);
                    blast_from(|| drop(worker))
                } else {
                    drop(worker);
                    blast_from(|| drop(stealer))
                };
                assert_eq!(blast, arming.first_of(0..COUNT), "{arming:?}");
                dropped.assert_each_once();
            }
        }
    }

    fn stolen_batch_dropped<D>() {
        for (arming, consumed) in armings_and_consumed() {
            let dropped = Ledger::new(COUNT);
            let (mut worker, stealer) = D::with_room(CAPACITY);
            worker.push_batch(&mut arming.bombs(&dropped));

            let mut batch = stealer.steal_batch(BATCH);
            assert!(batch.by_ref().take(consumed).map(Bomb::defuse).eq(0..consumed));
            let blast = blast_from(|| drop(batch));
            assert_eq!(blast, arming.first_of(consumed..BATCH), "{arming:?}");
            assert_eq!(dropped.met(), (0..BATCH).collect::<Vec<_>>());

            // Every slot of the batch was handed back.
            let room = CAPACITY - (COUNT - BATCH);
            let more = Ledger::new(room);
            let mut values = Arming::Only(room).bombs(&more);
            assert_eq!(worker.push_batch(&mut values), room);
            assert!(stealer.steal_batch(COUNT - BATCH).map(Bomb::defuse).eq(BATCH..COUNT));
            assert!(worker.pop_batch(room).map(Bomb::defuse).eq((0..room).rev()));
            dropped.assert_each_once();
            more.assert_each_once();
        }
    }

    fn popped_batch_dropped<D>() {
        for (arming, consumed) in armings_and_consumed() {
            let dropped = Ledger::new(COUNT);
            let (mut worker, stealer) = D::with_room(CAPACITY);
            worker.push_batch(&mut arming.bombs(&dropped));

            let left = COUNT - BATCH;
            let mut batch = worker.pop_batch(BATCH);
            assert!(batch.by_ref().take(consumed).map(Bomb::defuse).eq((COUNT - consumed..COUNT).rev()));
            let blast = blast_from(|| drop(batch));
            assert_eq!(blast, arming.first_of((left..COUNT - consumed).rev()), "{arming:?}");
            assert_eq!(dropped.met(), (left..COUNT).collect::<Vec<_>>());

            let more = Ledger::new(1);
            assert!(worker.push(Arming::Only(1).bombs(&more).next().unwrap()).is_ok());
            assert!(stealer.steal_batch(left).map(Bomb::defuse).eq(0..left));
            assert_eq!(worker.pop().map(Bomb::defuse), Some(0));
            dropped.assert_each_once();
        }
    }

    fn value_dropped_by_the_user_amid_a_batch<D>() {
        let dropped = Ledger::new(COUNT);
        let (mut worker, stealer) = D::with_room(CAPACITY);
        worker.push_batch(&mut Arming::Odd.bombs(&dropped));
        // The loop's panic drops the batch, with the armed values that are left in it, while unwinding.
        assert_eq!(blast_from(|| stealer.steal_batch(BATCH).for_each(drop)), Some(1));
        assert_eq!(dropped.met(), (0..BATCH).collect::<Vec<_>>());
        assert_eq!(blast_from(|| worker.pop_batch(BATCH).for_each(drop)), Some(COUNT - 1));
        assert!(worker.is_empty());
        dropped.assert_each_once();
    }

    fn deque_dropped_while_unwinding<D>() {
        for arming in Arming::each(COUNT) {
            let dropped = Ledger::new(COUNT);
            let (mut worker, stealer) = D::with_room(CAPACITY);
            worker.push_batch(&mut arming.bombs(&dropped));
            panic_over((worker, stealer));
            dropped.assert_each_once();
        }
    }

    fn batch_dropped_while_unwinding<D>() {
        for arming in Arming::each(COUNT) {
            let dropped = Ledger::new(COUNT);
            let (mut worker, stealer) = D::with_room(CAPACITY);
            worker.push_batch(&mut arming.bombs(&dropped));
            panic_over(stealer.steal_batch(BATCH));
            assert_eq!(dropped.met(), (0..BATCH).collect::<Vec<_>>());
            panic_over(worker.pop_batch(BATCH));
            assert!(worker.is_empty());
            dropped.assert_each_once();
        }
    }

    fn panics_whose_payload_panics_when_dropped<D>() {
        struct Payload;
        impl Drop for Payload {
            fn drop(&mut self) {
                panic_any("the payload's own panic");
            }
        }

        struct Nasty {
            _value: crate::support::ledger::Noted,
        }
        impl Drop for Nasty {
            fn drop(&mut self) {
                panic_any(Payload);
            }
        }

        let dropped = Ledger::new(COUNT);
        let (mut worker, stealer) = D::with_room(CAPACITY);
        worker.push_batch(&mut dropped.values().map(|value| Nasty { _value: value }));
        let batch = stealer.steal_batch(BATCH);
        let mut payloads = Vec::from_iter(catch_unwind(AssertUnwindSafe(|| drop(batch))).err());
        payloads.extend(catch_unwind(AssertUnwindSafe(|| drop((worker, stealer)))).err());
        assert_eq!(payloads.len(), 2);
        assert!(payloads.iter().all(|payload| payload.is::<Payload>()));
        dropped.assert_each_once();
        std::mem::forget(payloads);
    }
}

#[test]
fn ring_dropped_near_the_wrap() {
    for arming in Arming::each(COUNT) {
        let dropped = Ledger::new(COUNT);
        let ring = PoolDequeue::with_start_index(CAPACITY, u32::MAX - 7);
        for bomb in arming.bombs(&dropped) {
            // SAFETY: this thread is the only producer.
            assert!(unsafe { ring.push_head(bomb) }.is_ok());
        }
        assert_eq!(blast_from(|| drop(ring)), arming.first_of(0..COUNT), "{arming:?}");
        dropped.assert_each_once();
    }
}

#[test]
fn chain_of_several_rings_dropped() {
    for arming in Arming::each(COUNT) {
        let dropped = Ledger::new(COUNT);
        let chain = PoolChain::with_capacity(2);
        for bomb in arming.bombs(&dropped) {
            // SAFETY: this thread is the only producer.
            unsafe { chain.push_head(bomb) };
        }
        assert_eq!(chain.rings(), [(2, 2), (4, 4), (8, 8), (16, 6)]);
        assert_eq!(blast_from(|| drop(chain)), arming.first_of(0..COUNT), "{arming:?}");
        dropped.assert_each_once();
    }
}

#[test]
fn refused_value_dropped_with_its_error() {
    let dropped = Ledger::new(3);
    let mut bombs = Arming::Only(1).bombs(&dropped);
    let (worker, stealer) = pooldeque::bounded(1);
    assert!(worker.push(bombs.next().unwrap()).is_ok());
    let refused = worker.push(bombs.next().unwrap());
    assert_eq!(blast_from(|| drop(refused)), Some(1));
    assert_eq!(dropped.met(), [1]);
    assert_eq!(stealer.steal().map(Bomb::defuse), Some(0));
    assert!(worker.push(bombs.next().unwrap()).is_ok());
    assert_eq!(worker.pop().map(Bomb::defuse), Some(2));
    dropped.assert_each_once();
}

/// Each arming with a batch untouched, begun, and consumed but for its last value.
fn armings_and_consumed() -> impl Iterator<Item = (Arming, usize)> {
    Arming::each(COUNT).flat_map(|arming| [0, 1, 5, BATCH - 1].map(|consumed| (arming, consumed)))
}

/// Panics with `kept` in scope: its drop must let that panic, and none of its own, come out.
#[track_caller]
fn panic_over<T>(kept: T) {
    struct Outer;
    let panic = catch_unwind(AssertUnwindSafe(|| {
        let _kept = kept;
        panic_any(Outer);
    }));
    assert!(panic.unwrap_err().is::<Outer>());
}
