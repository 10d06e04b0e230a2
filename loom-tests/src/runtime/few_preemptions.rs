//! A scheduler that goes through every schedule in which a thread that could have run on is
//! interrupted so many times at most: the bound that loom has, for shuttle.
//!
//! Depth first. A schedule is a path of choices; after each, the last choice that has another left
//! takes that one, and all after it start over.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};

/// The scheduler.
#[derive(Debug)]
pub(super) struct FewPreemptions {
    most: usize,
    /// The choices of the schedule at hand.
    path: Vec<Choice>,
    /// How many of them this execution has made.
    made: usize,
    /// How many of those were preemptions.
    preemptions: usize,
    has_begun: bool,
    were_all: Arc<AtomicBool>,
}

/// A moment at which several threads could have gone on.
#[derive(Debug)]
struct Choice {
    /// The threads to choose from, the one that was running first.
    among: Vec<TaskId>,
    chosen: usize,
}

impl FewPreemptions {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            path: Vec::new(),
            made: 0,
            preemptions: 0,
            has_begun: false,
            were_all: Arc::new(AtomicBool::new(true)),
        }
    }

    /// Whether no schedule has been left out, as long as none has.
    pub(super) fn were_all(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.were_all)
    }

    /// Moves on to the next schedule, if there is one.
    fn advance(&mut self) -> bool {
        while let Some(last) = self.path.last_mut() {
            last.chosen += 1;
            if last.chosen < last.among.len() {
                return true;
            }
            self.path.pop();
        }
        false
    }
}

impl Scheduler for FewPreemptions {
    fn new_execution(&mut self) -> Option<Schedule> {
        if self.has_begun && !self.advance() {
            return None;
        }
        self.has_begun = true;
        self.made = 0;
        self.preemptions = 0;
        // No program here uses random numbers.
        Some(Schedule::new(0))
    }

    fn next_task(&mut self, runnable: &[&Task], current: Option<TaskId>, _: bool) -> Option<TaskId> {
        let running = current.filter(|current| runnable.iter().any(|task| task.id() == *current));
        if self.made == self.path.len() {
            let others = runnable.iter().map(|task| task.id()).filter(|id| Some(*id) != running);
            let mut among: Vec<_> = running.into_iter().chain(others).collect();
            if running.is_some() && self.preemptions == self.most && among.len() > 1 {
                among.truncate(1);
                self.were_all.store(false, Relaxed);
            }
            self.path.push(Choice { among, chosen: 0 });
        }
        let choice = &self.path[self.made];
        let next = choice.among[choice.chosen];
        self.made += 1;
        if running.is_some_and(|running| running != next) {
            self.preemptions += 1;
        }
        Some(next)
    }

    fn next_u64(&mut self) -> u64 {
        panic!("no program here uses random numbers")
    }
}
