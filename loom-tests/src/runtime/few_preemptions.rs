//! A scheduler that goes through every schedule in which a thread that could have run on is
//! interrupted so many times at most: the bound that loom has, for shuttle.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};

use super::depth_first::Path;

/// The scheduler.
#[derive(Debug)]
pub(super) struct FewPreemptions {
    most: usize,
    path: Path,
    /// How many choices of this execution were preemptions.
    preemptions: usize,
    were_all: Arc<AtomicBool>,
}

impl FewPreemptions {
    pub(super) fn new(most: usize) -> Self {
        Self { most, path: Path::default(), preemptions: 0, were_all: Arc::new(AtomicBool::new(true)) }
    }

    /// Whether no schedule has been left out, as long as none has.
    pub(super) fn were_all(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.were_all)
    }
}

impl Scheduler for FewPreemptions {
    fn new_execution(&mut self) -> Option<Schedule> {
        self.preemptions = 0;
        // No program here uses random numbers.
        self.path.advance().then(|| Schedule::new(0))
    }

    fn next_task(&mut self, runnable: &[&Task], current: Option<TaskId>, _: bool) -> Option<TaskId> {
        let running = current.filter(|current| runnable.iter().any(|task| task.id() == *current));
        let next = self.path.choose(|| {
            let others = runnable.iter().map(|task| task.id()).filter(|id| Some(*id) != running);
            let mut among: Vec<_> = running.into_iter().chain(others).collect();
            if running.is_some() && self.preemptions == self.most && among.len() > 1 {
                among.truncate(1);
                self.were_all.store(false, Relaxed);
            }
            among
        });
        if running.is_some_and(|running| running != next) {
            self.preemptions += 1;
        }
        Some(next)
    }

    fn next_u64(&mut self) -> u64 {
        panic!("no program here uses random numbers")
    }
}
