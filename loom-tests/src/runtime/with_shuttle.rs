//! shuttle: sequential consistency, every schedule or a random sample of them.

#[path = "depth_first.rs"]
mod depth_first;
#[path = "every_state.rs"]
mod every_state;
#[path = "few_preemptions.rs"]
mod few_preemptions;
#[path = "limited.rs"]
mod limited;

use std::collections::HashSet;
use std::sync::atomic::Ordering::Relaxed;
use std::{env, mem};

use shuttle::scheduler::{DfsScheduler, PctScheduler, RandomScheduler, ReplayScheduler, Scheduler};
use shuttle::{Config, FailurePersistence, MaxSteps, Runner};
// shuttle itself only prints a schedule, or writes it where the first search of a process wanted it.
use shuttle_engine::runtime::execution::CurrentSchedule;
use shuttle_engine::scheduler::serialization::serialize_schedule;

use super::panics::catch;
use super::{Explored, Failure};
use crate::case::Case;
use crate::enumeration::Family;
use crate::history::CallOrder;
use crate::limits::{Ending, Limits};
use crate::pool::PoolProgram;
use crate::search::{Preemptions, Search};
use crate::tier::Tier;
use every_state::EveryState;
use few_preemptions::FewPreemptions;
use limited::Limited;

/// The runtime's name.
pub const NAME: &str = "shuttle";
/// Sequential consistency: a call that returned first came first.
pub const ORDER: CallOrder = CallOrder::RealTime;

/// Random schedules are the same ones in every run, unless this variable says otherwise.
const SEED: &str = "POOLDEQUE_SEED";
/// A failing schedule, as it was printed.
const REPLAY: &str = "POOLDEQUE_REPLAY";
/// The most executions of a program in the deep tier: a minute or two.
pub const MOST_EXECUTIONS: u64 = 20_000_000;
/// More than any schedule here comes to.
const MOST_STEPS: usize = 20_000;

/// The tier whose programs are enumerated.
#[must_use]
pub fn enumerated(tier: Tier) -> Tier {
    tier
}

/// What to run for a program: every state, where all of it is recorded; elsewhere every schedule where that ends soon,
/// and random schedules of each kind.
#[must_use]
pub fn searches<C: Case>(_preemptions: Preemptions, every: Option<Tier>, tier: Tier) -> Vec<Search> {
    if let Ok(schedule) = env::var(REPLAY) {
        return vec![Search::Replay(schedule)];
    }
    let every_state = Search::EveryState { splits_invisible: !C::HAS_INVISIBLE_STEPS };
    let is_small = C::HAS_INVISIBLE_STEPS || every.is_some_and(|first| first <= tier);
    if C::IS_RECORDED && is_small {
        return vec![every_state];
    }
    let schedules = match tier {
        Tier::Quick => 5_000,
        Tier::Ordinary => 10_000,
        Tier::Deep => 100_000,
    };
    let mut searches = vec![
        Search::Pct { depth: 2, schedules },
        Search::Pct { depth: 3, schedules },
        Search::Random { schedules },
    ];
    if every.is_some_and(|first| first <= tier) {
        searches.insert(0, Search::Exhaustive);
    }
    searches
}

/// What to run for each program of a family: every schedule, from no state twice.
#[must_use]
pub fn searches_of_every_program(_family: &Family, _tier: Tier) -> Vec<Search> {
    vec![Search::EveryState { splits_invisible: false }]
}

/// What to run for each program of a family over a pool: every schedule, unless its threads use it for the first time
/// side by side. What they learn then is not forgotten before their first calls return, which makes so many states that
/// only the deep tier goes through them.
#[must_use]
pub fn searches_of_every_pool_program(family: &Family<PoolProgram>, tier: Tier) -> Vec<Search> {
    let is_first_use = family.programs.iter().any(|program| program.before.is_empty());
    vec![if is_first_use && tier < Tier::Deep {
        Search::Preemptions(Some(2))
    } else {
        Search::EveryState { splits_invisible: true }
    }]
}

/// Runs `model` as often as `search` says.
///
/// # Errors
///
/// The failure, if it panics.
///
/// # Panics
///
/// If shuttle knows no such search.
pub fn explore(
    search: &Search,
    limits: Limits,
    model: impl Fn() + Send + Sync + 'static,
) -> Result<Explored, Failure> {
    let seed = env::var(SEED).map_or(0, |seed| seed.parse().expect("a seed is a number"));
    match search {
        Search::Exhaustive => run(DfsScheduler::new(None, false), limits, || true, model),
        Search::EveryState { splits_invisible } => {
            run(EveryState::new(true, *splits_invisible), limits, || true, model)
        }
        Search::Preemptions(Some(most)) => {
            let scheduler = FewPreemptions::new(*most);
            let were_all = scheduler.were_all();
            run(scheduler, limits, || were_all.load(Relaxed), model)
        }
        Search::Pct { depth, schedules } => {
            run(PctScheduler::new_from_seed(seed, *depth, *schedules), limits, || false, model)
        }
        Search::Random { schedules } => {
            run(RandomScheduler::new_from_seed(seed, *schedules), limits, || false, model)
        }
        Search::Replay(schedule) => run(ReplayScheduler::new_from_encoded(schedule), limits, || false, model),
        _ => panic!("shuttle knows no such search: {search}"),
    }
}

/// Runs `model` by every schedule, and returns the states of all executions: from no state twice if `prunes`.
///
/// # Errors
///
/// The failure, if it panics.
///
/// # Panics
///
/// If a search before it has panicked.
pub fn states(
    prunes: bool,
    splits_invisible: bool,
    limits: Limits,
    model: impl Fn() + Send + Sync + 'static,
) -> Result<(Explored, HashSet<u128>), Failure> {
    let scheduler = EveryState::new(prunes, splits_invisible);
    let states = scheduler.states();
    let explored = run(scheduler, limits, || true, model)?;
    let states = mem::take(&mut *states.lock().expect("the search has ended"));
    Ok((explored, states.into_iter().collect()))
}

/// Runs `model` under `scheduler`. `were_all` says, when that has ended, whether it was every schedule there is.
fn run(
    scheduler: impl Scheduler + 'static,
    limits: Limits,
    were_all: impl FnOnce() -> bool,
    model: impl Fn() + Send + Sync + 'static,
) -> Result<Explored, Failure> {
    let mut config = Config::new();
    config.max_steps = MaxSteps::FailAfter(MOST_STEPS);
    config.max_time = None;
    config.silence_warnings = true;
    // The report has the schedule.
    config.failure_persistence = FailurePersistence::None;
    let scheduler = Limited::new(scheduler, limits);
    let progress = scheduler.progress();
    let outcome = catch(move || Runner::new(scheduler, config).run(model));
    let executions = progress.executions();
    match outcome {
        Ok(_) => {
            let ending = progress.ending();
            Ok(Explored { executions, complete: ending == Ending::Finished && were_all(), ending })
        }
        Err(message) => {
            Err(Failure { message, execution: executions, schedule: Some(schedule_of_this_execution()) })
        }
    }
}

/// The schedule of the last execution on this thread of the machine, in one line.
fn schedule_of_this_execution() -> String {
    let schedule = serialize_schedule(&CurrentSchedule::get_schedule());
    schedule.split_whitespace().collect()
}
