//! The search that leaves out what follows from a known state, and does not interrupt a thread before a step that no
//! other can see, leaves out nothing else.

#![cfg(shuttle)]

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use pooldeque_loom_tests::case::Execute;
use pooldeque_loom_tests::enumeration::families;
use pooldeque_loom_tests::execution::Model;
use pooldeque_loom_tests::limits::{Ending, Limits};
use pooldeque_loom_tests::pool::{self, PoolModel};
use pooldeque_loom_tests::program::Program;
use pooldeque_loom_tests::runtime;
use pooldeque_loom_tests::scenarios::{OVER_A_POOL, Scenario};
use pooldeque_loom_tests::search::Search;
use pooldeque_loom_tests::tier::Tier;

/// The most schedules of a program that is compared.
const MOST: u64 = 500;

/// Held while states are compared: the states have the number of the ledger in them, and two explorations at the same
/// time have two ledgers.
static ALONE: Mutex<()> = Mutex::new(());

/// What an exploration came to.
struct Found {
    is_complete: bool,
    executions: u64,
    states: HashSet<u128>,
    histories: HashSet<Box<[u8]>>,
    /// What the monitor said at any moment.
    allowed: HashSet<u128>,
}

/// How states are told apart.
#[derive(Clone, Copy, Debug, PartialEq)]
enum By {
    /// By all results so far.
    Results,
    /// By what these allow, as the monitor says.
    Monitor,
}

/// Explores `program`, with no more than [`MOST`] schedules if none is left out.
fn explore(program: &Program, by: By, prunes: bool, splits_invisible: bool) -> Found {
    let model = Model::new(program.clone());
    let model = Arc::new(if by == By::Results { model.without_monitor() } else { model });
    let running = Arc::clone(&model);
    let limits = Limits { executions: (!prunes).then_some(MOST), deadline: None };
    let explored = runtime::states(prunes, splits_invisible, limits, move || running.execute());
    let (explored, states) = explored.unwrap_or_else(|failure| panic!("{program}: {}", failure.message));
    let is_complete = explored.ending == Ending::Finished;
    Found {
        is_complete,
        executions: explored.executions,
        states,
        histories: model.histories(),
        allowed: model.allowed(),
    }
}

#[test]
fn it_comes_to_every_state_and_every_history() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let (mut compared, mut executions) = (0, [0; 4]);
    for program in families(Tier::Quick).into_iter().flat_map(|family| family.programs) {
        let all = explore(&program, By::Results, false, true);
        if !all.is_complete {
            continue;
        }
        let pruned = explore(&program, By::Results, true, true);
        assert!(pruned.states == all.states, "{program}: {} states", pruned.states.len());
        assert!(pruned.histories == all.histories, "{program}: {} histories", pruned.histories.len());
        let reduced = explore(&program, By::Results, true, false);
        assert!(reduced.states.is_subset(&all.states), "{program}: a state that no schedule comes to");
        assert!(reduced.histories == all.histories, "{program}: {} histories", reduced.histories.len());

        // The monitor's states have fewer histories: those that allow the same are one.
        let all_monitored = explore(&program, By::Monitor, false, true);
        assert_eq!(all_monitored.executions, all.executions, "{program}");
        assert!(all_monitored.histories == all.histories, "{program}");
        let monitored = explore(&program, By::Monitor, true, true);
        assert!(monitored.states == all_monitored.states, "{program}: {} states", monitored.states.len());
        assert!(
            monitored.states.len() <= pruned.states.len(),
            "{program}: {} states",
            monitored.states.len()
        );
        assert!(monitored.allowed == all_monitored.allowed, "{program}: the monitor comes to fewer sets");
        assert!(monitored.histories.is_subset(&all.histories), "{program}: a history that no schedule has");
        compared += 1;
        for (sum, found) in executions.iter_mut().zip([all, pruned, reduced, monitored]) {
            *sum += found.executions;
        }
    }
    let [all, pruned, reduced, monitored] = executions;
    println!(
        "{compared} programs: {all} schedules, {pruned} to come to every state, {reduced} to see what is visible, \
         {monitored} to come to every state of the monitor"
    );
    assert!(compared >= 300, "only {compared} programs are small enough");
    assert!(pruned * 3 < all && reduced * 3 < all, "{pruned} and {reduced} executions are too many");
    assert!(monitored < pruned, "{monitored} executions are too many");
}

/// A program over a pool has too many schedules for all of them. What those with few preemptions and random ones come
/// to, which record no state, must be among what the search comes to.
#[test]
fn it_leaves_out_no_outcome_over_a_pool() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let small = pool::families(Tier::Quick).into_iter().flat_map(|family| family.programs);
    // The larger ones take most of the time, and are explored by their states elsewhere.
    let is_small = |scenario: &&Scenario| {
        scenario.every_schedule == Some(Tier::Quick) && scenario.in_loom.executions <= 1_000
    };
    let named = OVER_A_POOL.iter().filter(is_small);
    let (mut programs, mut outcomes, mut sampled) = (0, 0, 0);
    for program in small.filter(|program| !program.before.is_empty()).chain(named.map(Scenario::case)) {
        let came_to = |search: Search| {
            let model = Arc::new(PoolModel::new(program.clone()));
            let running = Arc::clone(&model);
            let explored = runtime::explore(&search, Limits::default(), move || running.execute());
            explored.unwrap_or_else(|failure| panic!("{program}, {search}: {}", failure.message));
            model.outcomes()
        };
        let mut some = came_to(Search::Preemptions(Some(2)));
        some.extend(came_to(Search::Random { schedules: 1_000 }));
        let all = came_to(Search::EveryState { splits_invisible: true });
        let left_out: Vec<_> = some.difference(&all).collect();
        assert!(left_out.is_empty(), "{program}: left out: {left_out:#?}, of all: {all:#?}");
        programs += 1;
        outcomes += all.len();
        sampled += some.len();
    }
    println!("{programs} programs over a pool: {outcomes} outcomes, {sampled} of them by other searches");
    assert!(sampled > 80, "only {sampled} outcomes are compared");
}

/// A thief that moves values to a deque of its own takes steps that no other thread sees.
#[test]
fn no_thread_is_let_in_before_a_step_that_it_cannot_see() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let program: Program = "unbounded1-holds1/+/i2,i2".parse().expect("it is a program");
    let [pruned, reduced] = [true, false].map(|splits| explore(&program, By::Results, true, splits));
    println!("{program}: {} executions, {} without", pruned.executions, reduced.executions);
    assert!(reduced.histories == pruned.histories);
    assert!(reduced.executions * 5 < pruned.executions * 4, "{} executions", reduced.executions);
}
