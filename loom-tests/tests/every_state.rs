//! The search that leaves out what follows from a known state, and does not interrupt a thread before a step that no
//! other can see, leaves out nothing else.

#![cfg(shuttle)]

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use pooldeque_loom_tests::case::Execute;
use pooldeque_loom_tests::enumeration::families;
use pooldeque_loom_tests::execution::Model;
use pooldeque_loom_tests::limits::{Ending, Limits};
use pooldeque_loom_tests::program::Program;
use pooldeque_loom_tests::runtime;
use pooldeque_loom_tests::tier::Tier;

/// The most schedules of a program that is compared.
const MOST: u64 = 1_000;

/// Held while states are compared: the states have the number of the ledger in them, and two explorations at the same
/// time have two ledgers.
static ALONE: Mutex<()> = Mutex::new(());

/// What an exploration came to.
struct Found {
    executions: u64,
    states: HashSet<u128>,
    histories: HashSet<Box<[u8]>>,
}

/// Explores `program`; `None` if it has more than [`MOST`] schedules, of which none is left out.
fn explore(program: &Program, prunes: bool, splits_invisible: bool) -> Option<Found> {
    let model = Arc::new(Model::new(program.clone()));
    let running = Arc::clone(&model);
    let limits = Limits { executions: (!prunes).then_some(MOST), deadline: None };
    let explored = runtime::states(prunes, splits_invisible, limits, move || running.execute());
    let (explored, states) = explored.unwrap_or_else(|failure| panic!("{program}: {}", failure.message));
    let histories = model.histories();
    (explored.ending == Ending::Finished).then_some(Found {
        executions: explored.executions,
        states,
        histories,
    })
}

#[test]
fn it_comes_to_every_state_and_every_history() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut compared, mut executions) = (0, [0; 3]);
    for program in families(Tier::Quick).into_iter().flat_map(|family| family.programs) {
        let Some(all) = explore(&program, false, true) else { continue };
        let pruned = explore(&program, true, true).expect("there is no limit");
        assert!(pruned.states == all.states, "{program}: {} states", pruned.states.len());
        assert!(pruned.histories == all.histories, "{program}: {} histories", pruned.histories.len());
        let reduced = explore(&program, true, false).expect("there is no limit");
        assert!(reduced.states.is_subset(&all.states), "{program}: a state that no schedule comes to");
        assert!(reduced.histories == all.histories, "{program}: {} histories", reduced.histories.len());
        compared += 1;
        for (sum, found) in executions.iter_mut().zip([all, pruned, reduced]) {
            *sum += found.executions;
        }
    }
    let [all, pruned, reduced] = executions;
    println!(
        "{compared} programs: {all} schedules, {pruned} to come to every state, {reduced} to see what is visible"
    );
    assert!(compared >= 300, "only {compared} programs are small enough");
    assert!(pruned * 3 < all && reduced * 3 < all, "{pruned} and {reduced} executions are too many");
}

/// A thief that moves values to a deque of its own takes steps that no other thread sees.
#[test]
fn no_thread_is_let_in_before_a_step_that_it_cannot_see() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let program = "unbounded1-holds2/+/i2,i2".parse().expect("it is a program");
    let [pruned, reduced] = [true, false].map(|splits| explore(&program, true, splits).expect("no limit"));
    println!("{program}: {} executions, {} without", pruned.executions, reduced.executions);
    assert!(reduced.histories == pruned.histories);
    assert!(reduced.executions * 5 < pruned.executions * 4, "{} executions", reduced.executions);
}
