//! What the ring does without the standard library: every operation of its handles, once.

use pooldeque::{Full, PoolDequeue, bounded};

/// Runs all checks.
///
/// # Panics
///
/// When one fails.
pub(crate) fn all() {
    values_come_from_both_ends();
    batches_come_from_both_ends();
    a_full_deque_hands_the_value_back();
    the_port_works_on_its_own();
}

fn values_come_from_both_ends() {
    let (worker, stealer) = bounded(4);
    for value in 0..4_u64 {
        assert_eq!(worker.push_was_empty(value).ok(), Some(value == 0));
    }
    assert_eq!(stealer.steal(), Some(0));
    assert_eq!(worker.pop(), Some(3));
    assert_eq!((worker.len(), stealer.len(), stealer.capacity()), (2, 2, 4));
}

fn batches_come_from_both_ends() {
    let (mut worker, stealer) = bounded(8);
    let (mut other, _) = bounded(4);
    assert_eq!(worker.push_batch(&mut (0..10_u64)), 8);
    assert!(stealer.steal_batch(3).eq([0, 1, 2]));
    assert!(worker.pop_batch(2).eq([7, 6]));
    assert_eq!(stealer.clone().steal_into(&other, 9), 3);
    assert!(worker.is_empty());
    assert!(other.pop_batch(4).eq([5, 4, 3]));
}

fn a_full_deque_hands_the_value_back() {
    let (worker, _stealer) = bounded(1);
    assert!(worker.push('a').is_ok());
    assert_eq!(worker.push('b').map_err(Full::into_inner), Err('b'));
}

fn the_port_works_on_its_own() {
    let dequeue = PoolDequeue::with_start_index(2, u32::MAX);
    for value in ["old", "new"] {
        // SAFETY: no other thread has the deque.
        let pushed = unsafe { dequeue.push_head(value) };
        assert!(pushed.is_ok());
    }
    assert_eq!(dequeue.indices(), (1, u32::MAX));
    assert_eq!(dequeue.pop_tail(), Some("old"));
    // SAFETY: no other thread has the deque.
    let newest = unsafe { dequeue.pop_head() };
    assert_eq!(newest, Some("new"));
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_deque_works_with_the_standard_library_too() {
        super::all();
    }
}
