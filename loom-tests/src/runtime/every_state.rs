//! A scheduler that goes through every schedule, but from no state twice: what follows from a state follows from it
//! however it came about (state caching, as in CHESS).
//!
//! An execution that comes to a state that is known runs on without a choice, because shuttle leaks the stacks of an
//! execution that is broken off. Nothing of what it does is judged or recorded.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pooldeque::model::recorder::{self, Hash};
use rustc_hash::FxHashSet;
use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};

use super::depth_first::Path;

/// The states of all executions.
pub(super) type States = Arc<Mutex<FxHashSet<Hash>>>;

/// The scheduler.
#[derive(Debug)]
pub(super) struct EveryState {
    path: Path,
    states: States,
    /// Whether to leave out what follows from a known state. Otherwise it only collects the states.
    prunes: bool,
    /// Whether to let another thread in before a step that it cannot see.
    splits_invisible: bool,
    /// Whether this execution has come to a known state.
    is_known: bool,
}

impl EveryState {
    pub(super) fn new(prunes: bool, splits_invisible: bool) -> Self {
        recorder::want(true);
        Self { path: Path::default(), states: States::default(), prunes, splits_invisible, is_known: false }
    }

    pub(super) fn states(&self) -> States {
        Arc::clone(&self.states)
    }

    fn lock_states(&self) -> MutexGuard<'_, FxHashSet<Hash>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for EveryState {
    fn drop(&mut self) {
        recorder::want(false);
    }
}

impl Scheduler for EveryState {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.is_known = false;
        recorder::run(0);
        if recorder::take_visible() && !self.splits_invisible {
            self.path = Path::default();
            self.lock_states().clear();
        }
        // No program here uses random numbers.
        self.path.advance().then(|| Schedule::new(0))
    }

    fn next_task(&mut self, runnable: &[&Task], current: Option<TaskId>, _: bool) -> Option<TaskId> {
        let ids = || runnable.iter().map(|task| task.id());
        let running = current.filter(|current| ids().any(|id| id == *current));
        if let Some(running) = running
            && !self.splits_invisible
            && !self.is_known
            && recorder::is_invisible(running.into())
        {
            return Some(running);
        }
        // The first scheduling point is before the execution begins.
        let is_over = recorder::is_over();
        if !self.is_known && !is_over && current.is_some() && self.path.is_at_end() {
            let mask = ids().fold(0, |mask, id| mask | 1 << usize::from(id));
            let is_new = self.lock_states().insert(recorder::state(mask));
            self.is_known = self.prunes && !is_new;
            if self.is_known {
                recorder::stop();
            }
        }
        if self.is_known || is_over {
            return running.or_else(|| ids().next());
        }
        let next = match runnable {
            [only] => only.id(),
            // The running one first: to go on costs less than a switch.
            _ => self
                .path
                .choose(|| running.into_iter().chain(ids().filter(|id| Some(*id) != running)).collect()),
        };
        recorder::run(next.into());
        Some(next)
    }

    fn next_u64(&mut self) -> u64 {
        panic!("no program here uses random numbers")
    }
}
