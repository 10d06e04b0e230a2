//! The table of a failing execution says which step fails, what it read and from which step.

#![cfg(all(loom, not(crossbeam_loom)))]

use std::sync::atomic::Ordering::Relaxed;
use std::thread;

use pooldeque::model::weaken;
use pooldeque_loom_tests::explanation::{Explanation, explain_execution};
use pooldeque_loom_tests::pool::PoolProgram;
use pooldeque_loom_tests::program::Program;
use pooldeque_loom_tests::search::Search;

/// An execution of `program`, one that fails if any does, when `site` is relaxed.
fn relaxed(site: &'static str, program: &str) -> Explanation {
    let program: Program = program.parse().expect("it is a program");
    let trial = thread::spawn(move || {
        weaken(site, Relaxed, || explain_execution(&program, &Search::Preemptions(Some(2))))
    });
    trial.join().expect("a failure of the model is caught")
}

#[test]
fn the_step_that_races_is_marked() {
    let explanation = relaxed("SLOT_RELEASE", "ring1-holds1/+/s");
    let table = explanation.to_table();
    println!("{table}");
    let at_fault: Vec<_> = explanation.rows.iter().filter(|row| row.is_at_fault).collect();
    let [at_fault] = at_fault[..] else { panic!("one step is at fault:\n{table}") };
    assert_eq!(at_fault.did, "uses slot's value", "{table}");
    assert!(at_fault.line.as_deref().is_some_and(|line| line.contains("slot.rs")), "{table}");
    assert!(table.contains("SLOT_RELEASE: slot's flag := clear"), "{table}");
    assert!(table.contains("THE EXECUTION FAILS HERE"), "{table}");
}

#[test]
fn a_relaxed_steal_look_shows_the_stale_link() {
    let explanation = relaxed("STEAL_LOOK", "chain1-holds1/+s/s");
    let table = explanation.to_table();
    println!("{table}");
    assert!(table.contains("NEXT_READ: reads ring's next = null"), "{table}");
    assert!(table.contains("STALE"), "{table}");
    assert!(table.contains("no deque can have this history"), "{table}");
}

/// The site of a fence, or of a counter, is not taken for that of the next access.
#[test]
fn accesses_after_a_fence_have_their_own_sites() {
    let program: PoolProgram = "pool/-/pt".parse().expect("it is a program");
    let explain = move || explain_execution(&program, &Search::Preemptions(Some(0)));
    let explanation = thread::spawn(explain).join().expect("a failure of the model is caught");
    let table = explanation.to_table();
    for site in ["OWNER_ENTER: an owner flag's owner", "OWNER_CHECK: reads an owner flag's ticker"] {
        assert!(table.contains(site), "{site}: {table}");
    }
    for other in ["_FENCE: ", "COUNT_READ: ", "COUNT_WRITE: "] {
        assert!(!table.contains(other), "{other}{table}");
    }
}

#[test]
fn an_execution_that_does_not_fail_has_no_step_at_fault() {
    let explanation = relaxed("SLOT_OCCUPY", "ring1-holds1/+/s");
    assert!(!explanation.fails && !explanation.rows.is_empty(), "{}", explanation.message);
    assert!(explanation.rows.iter().all(|row| !row.is_at_fault));
}
