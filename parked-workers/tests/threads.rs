//! The scheduler on real threads: what no model checks.

#![cfg(not(any(loom, shuttle)))]

use std::panic;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use pooldeque_parked_workers::scheduler::{Setup, Worker, run};

const WORKERS: usize = 4;

fn setup() -> Setup {
    Setup { workers: WORKERS, first_ring: 1, left_out: None }
}

/// Two children each, down to `depth`.
fn branch(depth: u32, leaves: &Arc<AtomicU64>, worker: &mut Worker) {
    if depth == 0 {
        leaves.fetch_add(1, Relaxed);
        return;
    }
    for _ in 0..2 {
        let leaves = Arc::clone(leaves);
        worker.spawn(move |worker| branch(depth - 1, &leaves, worker));
    }
}

#[test]
fn a_tree_of_tasks_is_carried_out_to_the_last_leaf() {
    for depth in 0..16 {
        let leaves = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&leaves);
        let activities = run(setup(), move |worker| branch(depth, &counted, worker));
        assert_eq!(leaves.load(Relaxed), 1 << depth);
        let tasks: u64 = activities.iter().map(|activity| activity.tasks).sum();
        assert_eq!((activities.len(), tasks), (WORKERS, (2 << depth) - 1));
    }
}

#[test]
fn a_task_that_panics_ends_its_worker_alone() {
    let leaves = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&leaves);
    let outcome = panic::catch_unwind(move || {
        run(setup(), move |worker| {
            branch(10, &counted, worker);
            // Whichever of the other workers takes this one ends with it; the root waits for that.
            let ended = Arc::new(AtomicU64::new(0));
            let end = Arc::clone(&ended);
            worker.spawn(move |_| {
                end.store(1, Relaxed);
                panic!("a task panics on purpose");
            });
            while ended.load(Relaxed) == 0 {
                std::thread::yield_now();
            }
        })
    });
    let payload = outcome.expect_err("the panic is passed on");
    assert_eq!(payload.downcast_ref(), Some(&"a task panics on purpose"));
    assert_eq!(leaves.load(Relaxed), 1 << 10, "the other workers carried out the rest");
}

#[test]
fn the_program_counts_what_it_should() {
    let output = Command::new(env!("CARGO_BIN_EXE_pooldeque-parked-workers")).output().expect("it runs");
    let said = String::from_utf8(output.stdout).expect("it prints text");
    assert!(output.status.success() && said.starts_with("10 queens: 724 solutions"), "{said}");
    let tasks: u64 = said
        .lines()
        .skip(1)
        .map(|line| line.split(' ').nth(2).and_then(|word| word.parse::<u64>().ok()).expect("a number"))
        .sum();
    assert_eq!(tasks, 35_539, "{said}");
}
