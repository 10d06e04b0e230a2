//! rtrb's `tests/lib.rs`: its zero-sized types, and what it says of traits.

use pooldeque::Full;

use crate::support::deques::{Owner, Thief, on_each_deque};

#[derive(Debug, PartialEq)]
struct ZeroSized;

const _: () = assert!(size_of::<ZeroSized>() == 0);

on_each_deque! {
    // zero_sized_type
    fn zero_sized_values_are_counted_like_others<D>() {
        let (mut worker, stealer) = D::with_room(1);
        assert_eq!(worker.len(), 0);
        assert!(worker.push(ZeroSized).is_ok());
        assert_eq!((worker.len(), stealer.len()), (1, 1));
        assert_eq!(stealer.steal(), Some(ZeroSized));
        assert_eq!((worker.len(), stealer.len()), (0, 0));
        assert_eq!(stealer.steal(), None);
        assert!(worker.push(ZeroSized).is_ok());
        assert_eq!(worker.pop(), Some(ZeroSized));
        assert_eq!(worker.pop(), None);
    }

    // zero_sized_type_and_enormous_capacity: here a slot costs a flag's byte
    fn many_zero_sized_values_are_counted_too<D>() {
        const MANY: usize = 1 << 20;
        let (mut worker, stealer) = D::with_room(MANY);
        assert_eq!(worker.push_batch(&mut (0..MANY).map(|_| ZeroSized)), MANY);
        assert_eq!(worker.len(), MANY);
        let batch = stealer.steal_batch(MANY - 1);
        assert_eq!(batch.count(), MANY - 1);
        assert_eq!(worker.pop(), Some(ZeroSized));
        assert!(worker.is_empty());
    }
}

// zero_sized_type
#[test]
fn full_deque_gives_a_zero_sized_value_back() {
    let (worker, _) = pooldeque::bounded(1);
    worker.push(ZeroSized).unwrap();
    assert_eq!(worker.push(ZeroSized).map_err(Full::into_inner), Err(ZeroSized));
}

// zero_sized_type_and_excessive_capacity
#[test]
#[should_panic(expected = "the capacity must be a power of two from 1 to 1073741824 (2^30)")]
fn capacity_is_limited_for_zero_sized_values_too() {
    drop(pooldeque::bounded::<()>(usize::MAX / 2 + 1));
}

// trait_impls
#[test]
fn handles_can_be_printed_whatever_they_hold() {
    struct NotDebug;
    let (worker, stealer) = pooldeque::bounded(2);
    worker.push(NotDebug).unwrap();
    let expected = "PoolDequeue { head: 1, tail: 0, capacity: 2, .. }";
    assert_eq!(format!("{worker:?}"), format!("Worker({expected})"));
    assert_eq!(format!("{stealer:?}"), format!("Stealer({expected})"));

    let (worker, stealer) = pooldeque::unbounded();
    worker.push(NotDebug);
    let expected = "PoolChain { rings: [(8, 1)], .. }";
    assert_eq!(format!("{worker:?}"), format!("Worker({expected})"));
    assert_eq!(format!("{stealer:?}"), format!("Stealer({expected})"));
    assert_eq!(format!("{:?}", stealer.steal_batch(1)), "Batch { len: 1, .. }");
}
