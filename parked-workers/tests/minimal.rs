//! A complete model of two threads and two values, to copy.

#![cfg(any(loom, shuttle))]

// docs: a complete model
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

#[cfg(loom)]
use loom::thread;
use pooldeque::{model, unbounded};
#[cfg(shuttle)]
use shuttle::thread;

/// Counts executions. It is the machine's, not the checker's, so it orders nothing in the model.
static EXECUTIONS: AtomicUsize = AtomicUsize::new(0);

/// The owner pops while a thief steals: each value goes to one of them.
fn one_execution() {
    model::start();
    EXECUTIONS.fetch_add(1, Relaxed);
    // One slot in the first ring: the second push grows the chain.
    let (worker, stealer) = unbounded::with_capacity(1);
    worker.push(1);
    worker.push(2);
    let thief = thread::spawn(move || [stealer.steal(), stealer.steal()]);
    let popped = [worker.pop(), worker.pop()];
    let stolen = thief.join().unwrap();
    let mut taken: Vec<_> = popped.into_iter().chain(stolen).flatten().collect();
    taken.sort_unstable();
    assert_eq!(taken, [1, 2]);
}

#[test]
fn each_value_is_taken_once() {
    #[cfg(loom)]
    loom::model(one_execution);
    #[cfg(shuttle)]
    shuttle::check_dfs(one_execution, None);
    // Without the checker's shims there is one execution, and it passes.
    assert!(EXECUTIONS.load(Relaxed) > 10);
}
// docs: end
