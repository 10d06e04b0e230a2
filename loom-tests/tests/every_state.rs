//! The search that leaves out what follows from a known state, and does not interrupt a thread before a step that no
//! other can see, leaves out nothing else.

#![cfg(shuttle)]

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use pooldeque_loom_tests::case::{Case, Execute};
use pooldeque_loom_tests::enumeration::families;
use pooldeque_loom_tests::execution::Model;
use pooldeque_loom_tests::limits::{Ending, Limits};
use pooldeque_loom_tests::pool::{self, PoolModel};
use pooldeque_loom_tests::program::Program;
use pooldeque_loom_tests::runtime;
use pooldeque_loom_tests::tier::Tier;

/// The most schedules of a program that is compared.
const MOST: u64 = 1_000;
/// How many schedules of a program over a pool.
const MOST_OF_A_POOL: u64 = 1_000;

/// Held while states are compared: the states have the number of the ledger in them, and two explorations at the same
/// time have two ledgers.
static ALONE: Mutex<()> = Mutex::new(());

/// What an exploration came to.
struct Found {
    is_complete: bool,
    executions: u64,
    states: HashSet<u128>,
    histories: HashSet<Box<[u8]>>,
}

/// Explores `program`, by its first `most` schedules, of which none is left out.
fn explore<C: Case>(
    program: &C,
    most: Option<u64>,
    splits_invisible: bool,
    histories: impl Fn(&C::Model) -> HashSet<Box<[u8]>>,
) -> Found {
    let model = Arc::new(program.model());
    let running = Arc::clone(&model);
    let limits = Limits { executions: most, deadline: None };
    let explored = runtime::states(most.is_none(), splits_invisible, limits, move || running.execute());
    let (explored, states) = explored.unwrap_or_else(|failure| panic!("{program}: {}", failure.message));
    let histories = histories(&model);
    let is_complete = explored.ending == Ending::Finished;
    Found { is_complete, executions: explored.executions, states, histories }
}

#[test]
fn it_comes_to_every_state_and_every_history() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut compared, mut executions) = (0, [0; 3]);
    for program in families(Tier::Quick).into_iter().flat_map(|family| family.programs) {
        let all = explore(&program, Some(MOST), true, Model::histories);
        if !all.is_complete {
            continue;
        }
        let pruned = explore(&program, None, true, Model::histories);
        assert!(pruned.states == all.states, "{program}: {} states", pruned.states.len());
        assert!(pruned.histories == all.histories, "{program}: {} histories", pruned.histories.len());
        let reduced = explore(&program, None, false, Model::histories);
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

/// A program over a pool has too many schedules for all of them: what the first of them come to must be among what the
/// search comes to.
#[test]
fn it_leaves_out_no_state_and_no_outcome_over_a_pool() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut programs, mut states, mut sampled) = (0, 0, 0);
    for program in pool::families(Tier::Quick).into_iter().flat_map(|family| family.programs) {
        if program.before.is_empty() {
            continue;
        }
        let some = explore(&program, Some(MOST_OF_A_POOL), true, PoolModel::outcomes);
        let pruned = explore(&program, None, true, PoolModel::outcomes);
        assert!(pruned.is_complete, "there is no limit");
        assert!(some.states.is_subset(&pruned.states), "{program}: a state is left out");
        assert!(some.histories.is_subset(&pruned.histories), "{program}: an outcome is left out");
        programs += 1;
        states += pruned.states.len();
        sampled += some.states.len();
    }
    println!("{programs} programs over a pool: {states} states, {sampled} of them by another way");
    assert!(sampled > 5_000, "only {sampled} states are compared");
}

/// A thief that moves values to a deque of its own takes steps that no other thread sees.
#[test]
fn no_thread_is_let_in_before_a_step_that_it_cannot_see() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let program: Program = "unbounded1-holds2/+/i2,i2".parse().expect("it is a program");
    let [pruned, reduced] = [true, false].map(|splits| explore(&program, None, splits, Model::histories));
    println!("{program}: {} executions, {} without", pruned.executions, reduced.executions);
    assert!(reduced.histories == pruned.histories);
    assert!(reduced.executions * 5 < pruned.executions * 4, "{} executions", reduced.executions);
}
