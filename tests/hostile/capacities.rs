//! The smallest capacity, and those that are refused.

use std::fmt::Debug;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pooldeque::{PoolChain, PoolDequeue, bounded, unbounded};

use crate::support::deques::{Owner, Thief, on_each_deque};

/// None is a power of two up to 2^30.
const REFUSED: [usize; 8] =
    [0, 3, 1000, (1 << 30) - 1, (1 << 30) + 1, usize::MAX, usize::MAX / 2 + 1, 1 << 31];

/// Makes something of each refused capacity, and reads what is allowed in the panic.
fn is_refused<R>(mut make: impl FnMut(usize) -> R) {
    for capacity in REFUSED {
        let Err(panic) = catch_unwind(AssertUnwindSafe(|| make(capacity))) else {
            panic!("a capacity of {capacity} was accepted");
        };
        let message = panic
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
            .unwrap();
        assert!(message.contains("power of two from 1 to 1073741824 (2^30)"), "{message}");
    }
}

#[test]
fn refused_by_bounded() {
    is_refused(bounded::bounded::<u64>);
}

#[test]
fn refused_by_the_ring() {
    is_refused(PoolDequeue::<u64>::new);
    is_refused(|capacity| PoolDequeue::<u64>::with_start_index(capacity, 7));
}

#[test]
fn refused_by_unbounded() {
    is_refused(unbounded::with_capacity::<u64>);
}

#[test]
fn refused_by_the_chain() {
    is_refused(PoolChain::<u64>::with_capacity);
}

#[test]
fn refused_by_shrink_to() {
    // Whether it would have made a ring or not: before the first one, at one of 8 slots, at a large one.
    for pushed in [0, 1, 1000] {
        is_refused(|capacity| {
            let (mut worker, _stealer) = pooldeque::unbounded();
            worker.push_batch(&mut (0..pushed));
            worker.shrink_to(capacity);
        });
    }
}

#[test]
fn refusal_by_shrink_to_leaves_the_deque_as_it_was() {
    let (mut worker, stealer) = pooldeque::unbounded();
    worker.push_batch(&mut (0..1000));
    let before = format!("{worker:?}");
    is_refused(|capacity| worker.shrink_to(capacity));
    assert_eq!(format!("{worker:?}"), before);
    assert!(stealer.steal_batch(1000).eq(0..1000));
}

#[test]
fn powers_of_two_are_accepted() {
    for capacity in (0..16).map(|exponent| 1 << exponent) {
        assert_eq!(pooldeque::bounded::<u8>(capacity).0.capacity(), capacity);
        assert_eq!(PoolDequeue::<u8>::new(capacity).capacity(), capacity);
        let chain = PoolChain::with_capacity(capacity);
        // SAFETY: this thread is the only producer.
        unsafe { chain.push_head(()) };
        assert_eq!(chain.rings(), [(capacity, 1)]);
    }
}

/// The largest capacity needs at least a gigabyte: here it is only named.
#[test]
fn largest_capacity_is_two_to_the_thirtieth() {
    assert_eq!(PoolDequeue::<()>::MAX_CAPACITY, 1 << 30);
    let _no_memory_yet = unbounded::with_capacity::<u8>(1 << 30);
}

on_each_deque! {
    fn one_slot_serves_every_operation<D>() {
        fn expect<T: PartialEq + Debug>(worker: &impl Owner<T>, len: usize) {
            assert_eq!((worker.len(), worker.is_empty()), (len, len == 0));
        }

        let (mut worker, stealer) = D::with_room(1);
        let (mut other, _) = D::with_room(1);
        for round in 0..10 {
            expect(&worker, 0);
            assert_eq!(worker.push(round), Ok(()));
            expect(&worker, 1);
            assert_eq!(worker.pop(), Some(round));
            assert_eq!(worker.pop(), None);

            assert_eq!(worker.push(round), Ok(()));
            assert_eq!(stealer.steal(), Some(round));
            assert_eq!(stealer.steal(), None);

            assert_eq!(worker.push_batch(&mut std::iter::once(round)), 1);
            assert!(worker.pop_batch(usize::MAX).eq([round]));
            assert_eq!(worker.pop_batch(1).len(), 0);

            assert_eq!(worker.push_batch(&mut std::iter::once(round)), 1);
            assert!(stealer.steal_batch(usize::MAX).eq([round]));
            assert_eq!(stealer.steal_batch(1).len(), 0);

            assert_eq!(worker.push(round), Ok(()));
            assert_eq!(stealer.steal_into(&other, usize::MAX), 1);
            assert_eq!(stealer.steal_into(&other, usize::MAX), 0);
            assert_eq!(other.pop(), Some(round));
        }
    }

    fn nothing_is_taken_when_nothing_is_asked_for<D>() {
        let (mut worker, stealer) = D::with_room(8);
        let (other, _) = D::with_room(8);
        worker.push_batch(&mut (0..5));
        assert_eq!(worker.pop_batch(0).next(), None);
        assert_eq!(stealer.steal_batch(0).next(), None);
        assert_eq!(stealer.steal_into(&other, 0), 0);
        assert_eq!(worker.push_batch(&mut std::iter::empty()), 0);
        assert_eq!((worker.len(), other.len()), (5, 0));
    }
}
