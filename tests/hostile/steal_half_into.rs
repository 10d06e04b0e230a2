//! Stealing half: how many, which, and what is returned.

use std::iter;

use crate::support::deques::{Owner, Thief, on_each_deque};

on_each_deque! {
    fn it_takes_the_older_half_rounded_up<D>() {
        for len in 0..40_usize {
            for limit in [0, 1, 2, 5, 20, usize::MAX] {
                let (mut busy, stealer) = D::with_room(64);
                let (mut idle, _) = D::with_room(64);
                busy.push_batch(&mut (0..len));
                let stolen = len.div_ceil(2).min(limit);

                let oldest = stealer.steal_half_into(&idle, limit);
                assert_eq!(oldest, (stolen != 0).then_some(0), "of {len}, {limit} at most");
                assert!(iter::from_fn(|| idle.pop()).eq((1..stolen).rev()), "of {len}, {limit} at most");
                assert!(iter::from_fn(|| busy.pop()).eq((stolen..len).rev()), "of {len}, {limit} at most");
            }
        }
    }

    fn into_the_deque_it_came_from<D>() {
        let (mut worker, stealer) = D::with_room(8);
        worker.push_batch(&mut (0..6));
        assert_eq!(stealer.steal_half_into(&worker, 9), Some(0));
        assert!(iter::from_fn(|| worker.pop()).eq([2, 1, 5, 4, 3]));
    }
}

#[test]
fn no_more_is_claimed_than_there_is_room_for() {
    let (mut busy, stealer) = pooldeque::bounded(16);
    let (idle, _) = pooldeque::bounded(2);
    busy.push_batch(&mut (0..16));
    assert_eq!(stealer.steal_half_into(&idle, 16), Some(0));
    assert_eq!((idle.len(), busy.len()), (2, 13));
    // The returned one needs no room.
    assert_eq!(stealer.steal_half_into(&idle, 16), Some(3));
    assert_eq!((idle.len(), busy.len()), (2, 12));
}
