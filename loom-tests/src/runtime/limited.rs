//! A scheduler that stops where the limits say, and knows that it did.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};

use crate::limits::{Ending, Limits};

/// `S` within limits.
#[derive(Debug)]
pub(super) struct Limited<S> {
    scheduler: S,
    limits: Limits,
    progress: Arc<Progress>,
}

/// How far a scheduler came.
#[derive(Debug)]
pub(super) struct Progress {
    executions: AtomicU64,
    ending: Mutex<Ending>,
}

impl<S> Limited<S> {
    pub(super) fn new(scheduler: S, limits: Limits) -> Self {
        let progress = Progress { executions: AtomicU64::new(0), ending: Mutex::new(Ending::Finished) };
        Self { scheduler, limits, progress: Arc::new(progress) }
    }

    pub(super) fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }
}

impl Progress {
    pub(super) fn executions(&self) -> u64 {
        self.executions.load(Relaxed)
    }

    pub(super) fn ending(&self) -> Ending {
        *self.ending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Scheduler> Scheduler for Limited<S> {
    fn new_execution(&mut self) -> Option<Schedule> {
        let schedule = self.scheduler.new_execution()?;
        // There is more.
        if let Some(ending) = self.limits.reached(self.progress.executions()) {
            *self.progress.ending.lock().unwrap_or_else(PoisonError::into_inner) = ending;
            return None;
        }
        self.progress.executions.fetch_add(1, Relaxed);
        Some(schedule)
    }

    fn next_task(
        &mut self,
        runnable: &[&Task],
        current: Option<TaskId>,
        is_yielding: bool,
    ) -> Option<TaskId> {
        self.scheduler.next_task(runnable, current, is_yielding)
    }

    fn next_u64(&mut self) -> u64 {
        self.scheduler.next_u64()
    }
}
