//! `push_was_empty`: what schedulers wake a sleeper on.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use pooldeque::unbounded;

use crate::support::deques::{Owner, Thief};
use crate::support::patience::patiently;

/// All deques answer alike as long as nobody else is at work.
fn answers_in_turn<W, S>((mut worker, stealer): (W, S), push: impl Fn(&W, i32) -> bool)
where
    W: Owner<i32, Stealer = S>,
    S: Thief<i32, Worker = W>,
{
    assert!(push(&mut worker, 1));
    assert!(!push(&mut worker, 2));
    assert_eq!(worker.pop(), Some(2));
    assert!(!push(&mut worker, 2));
    assert_eq!(stealer.steal(), Some(1));
    assert!(!push(&mut worker, 3));
    assert_eq!(stealer.steal(), Some(2));
    assert_eq!(stealer.steal(), Some(3));
    assert!(push(&mut worker, 4));
    assert_eq!(worker.pop(), Some(4));
    assert!(push(&mut worker, 5));
    // Claimed is gone, though the values still lie in their slots.
    let claimed = stealer.steal_batch(8);
    assert!(push(&mut worker, 6));
    assert!(!push(&mut worker, 7));
    drop(claimed);
    drop(worker.pop_batch(8));
    assert_eq!(worker.push_batch(&mut (0..3)), 3);
    assert!(!push(&mut worker, 8));
}

#[test]
fn bounded_in_turn() {
    answers_in_turn(pooldeque::bounded(8), |worker, value| worker.push_was_empty(value).unwrap());
}

#[test]
fn unbounded_in_turn() {
    answers_in_turn(pooldeque::unbounded(), unbounded::Worker::push_was_empty);
}

#[test]
fn growing_in_turn() {
    answers_in_turn(unbounded::with_capacity(1), unbounded::Worker::push_was_empty);
}

#[test]
fn full_bounded_deque_gives_the_value_back() {
    let (worker, _stealer) = pooldeque::bounded(1);
    assert_eq!(worker.push_was_empty("first").ok(), Some(true));
    assert_eq!(worker.push_was_empty("second").unwrap_err().into_inner(), "second");
}

#[test]
fn values_in_older_rings_count() {
    let (mut worker, stealer) = unbounded::with_capacity(2);
    // Two in the first ring; the third makes the second ring, and is taken out of it again.
    worker.push_batch(&mut (0..3));
    assert_eq!(worker.pop(), Some(2));
    assert!(!worker.push_was_empty(2));
    assert_eq!(worker.pop(), Some(2));
    assert_eq!(stealer.steal(), Some(0));
    assert!(!worker.push_was_empty(2));
    assert_eq!(worker.pop(), Some(2));
    // Now the older ring is empty too, though nobody has unlinked it.
    assert_eq!(stealer.steal(), Some(1));
    assert!(worker.push_was_empty(2));
}

#[test]
fn value_that_makes_the_deque_grow_is_not_the_first() {
    let (worker, _stealer) = unbounded::with_capacity(1);
    let answers = Vec::from_iter((0..8).map(|value| worker.push_was_empty(value)));
    assert_eq!(answers, [true, false, false, false, false, false, false, false]);
}

#[test]
fn rings_older_than_a_smaller_one_count() {
    let (mut worker, stealer) = pooldeque::unbounded();
    worker.push_batch(&mut (0..100));
    worker.shrink_to(8);
    assert!(!worker.push_was_empty(100));
    drop(stealer.steal_batch(101));
    assert!(worker.push_was_empty(101));
}

/// One thief sleeps whenever it finds nothing, and is woken only by a push that says that it found
/// the deque empty. Were one such answer wrong, the thief would sleep for ever on a value.
fn wakes_a_sleeping_thief<W, S>((mut worker, stealer): (W, S), push: impl Fn(&W, usize) -> Option<bool>)
where
    S: Thief<usize, Worker = W>,
{
    const COUNT: usize = 20_000;
    let (taken, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    let all_taken = |count| patiently(|| (taken.load(Ordering::Acquire) == count).then_some(()));
    thread::scope(|scope| {
        let thief = scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                match stealer.steal() {
                    Some(_) => _ = taken.fetch_add(1, Ordering::Release),
                    None => thread::park(),
                }
            }
        });
        let _end = End { thief: thief.thread().clone(), done: &done };
        for value in 0..COUNT {
            if patiently(|| push(&mut worker, value)) {
                thief.thread().unpark();
            }
            // Now and then the thief catches up, finds nothing and sleeps.
            if value % 8 == 0 {
                all_taken(value + 1);
            }
        }
        all_taken(COUNT);
    });
}

/// Lets the thief see that it is over, also when the owner panics.
struct End<'a> {
    thief: thread::Thread,
    done: &'a AtomicBool,
}

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Release);
        self.thief.unpark();
    }
}

#[test]
fn bounded_wakes_a_sleeping_thief() {
    wakes_a_sleeping_thief(pooldeque::bounded(64), |worker, value| worker.push_was_empty(value).ok());
}

#[test]
fn unbounded_wakes_a_sleeping_thief() {
    wakes_a_sleeping_thief(pooldeque::unbounded(), |worker, value| Some(worker.push_was_empty(value)));
}

#[test]
fn growing_wakes_a_sleeping_thief() {
    let deque = unbounded::with_capacity(1);
    wakes_a_sleeping_thief(deque, |worker, value| Some(worker.push_was_empty(value)));
}
