//! Deques used by the destructors of a thread's locals, when the epoch's own local may be gone.

use std::cell::RefCell;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use pooldeque::{bounded, unbounded};

use crate::support::ledger::{Ledger, Noted};

const COUNT: usize = 60;

/// Both deques' handles, and at the thread's end their last use.
struct Kept {
    bounded: (bounded::Worker<Noted>, bounded::Stealer<Noted>),
    unbounded: (unbounded::Worker<Noted>, unbounded::Stealer<Noted>),
    finished: Sender<usize>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        let (worker, stealer) = &mut self.bounded;
        let mut taken = usize::from(stealer.steal().is_some());
        taken += stealer.steal_batch(5).count() + worker.pop_batch(5).count();
        let (worker, stealer) = &mut self.unbounded;
        taken += usize::from(stealer.steal().is_some());
        taken += usize::from(worker.pop().is_some());
        // Over several rings, some of which are retired here.
        taken += stealer.steal_batch(20).count() + worker.pop_batch(10).count();
        for value in worker.pop_batch(5) {
            worker_of_this_moment(value);
            taken += 1;
        }
        worker.shrink_to(8);
        self.finished.send(taken).unwrap();
    }
}

/// Pushes to a deque that lives within the destructor alone.
fn worker_of_this_moment(value: Noted) {
    let (worker, stealer) = pooldeque::unbounded();
    worker.push(value);
    assert!(stealer.steal().is_some());
}

thread_local! {
    static EARLY: RefCell<Option<Kept>> = const { RefCell::new(None) };
    static LATE: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

fn kept(values: &mut impl Iterator<Item = Noted>, finished: &Sender<usize>) -> Kept {
    let mut bounded = pooldeque::bounded(32);
    bounded.0.push_batch(&mut values.by_ref().take(COUNT / 3));
    let mut unbounded = unbounded::with_capacity(2);
    unbounded.0.push_batch(&mut values.by_ref().take(COUNT - COUNT / 3));
    Kept { bounded, unbounded, finished: finished.clone() }
}

#[test]
fn deques_are_used_and_dropped_by_the_destructors_of_thread_locals() {
    let dropped = Ledger::new(2 * COUNT);
    let values = dropped.values();
    let (finished, results) = channel();
    let thread = thread::spawn(move || {
        let mut values = values;
        // Locals are destroyed in an order of their own: one that was there before this thread first
        // entered an epoch, and one that came after, see the epoch both alive and gone.
        EARLY.with_borrow_mut(|early| *early = Some(kept(&mut values, &finished)));
        let (worker, stealer) = pooldeque::unbounded();
        worker.push(());
        assert!(stealer.steal().is_some());
        LATE.with_borrow_mut(|late| *late = Some(kept(&mut values, &finished)));
    });
    thread.join().unwrap();
    assert_eq!(results.iter().collect::<Vec<_>>(), [48, 48]);
    dropped.assert_each_once();
}

#[test]
fn handles_of_a_finished_thread_serve_another() {
    let dropped = Ledger::new(COUNT);
    let values = dropped.values();
    let (worker, stealer) = thread::spawn(move || {
        let (mut worker, stealer) = unbounded::with_capacity(2);
        worker.push_batch(&mut { values });
        // Retires rings that this thread leaves behind.
        drop(stealer.steal_batch(COUNT / 2));
        (worker, stealer)
    })
    .join()
    .unwrap();
    assert!(stealer.steal().is_some_and(|value| value.id == COUNT / 2));
    drop((worker, stealer));
    dropped.assert_each_once();
}
