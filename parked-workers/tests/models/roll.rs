//! Which tasks were made, carried out and dropped. Plain counting that no model sees.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering::Relaxed};

use crate::checker;

/// The tasks of one execution.
#[derive(Clone)]
pub(crate) struct Roll(Arc<Counts>);

struct Counts {
    made: AtomicU32,
    alive: AtomicU32,
    /// A bit for each task that was carried out.
    done: AtomicU32,
    rings_freed_before: usize,
    /// As of the last task.
    rings_freed: AtomicUsize,
}

/// What a task carries: it is dropped with the task.
pub(crate) struct Entry {
    number: u32,
    roll: Roll,
}

impl Roll {
    /// An execution begins.
    pub(crate) fn open() -> Self {
        let rings_freed = checker::rings_freed();
        Self(Arc::new(Counts {
            made: AtomicU32::new(0),
            alive: AtomicU32::new(0),
            done: AtomicU32::new(0),
            rings_freed_before: rings_freed,
            rings_freed: AtomicUsize::new(rings_freed),
        }))
    }

    /// For a new task.
    pub(crate) fn enter(&self) -> Entry {
        let number = self.0.made.fetch_add(1, Relaxed);
        self.0.alive.fetch_add(1, Relaxed);
        Entry { number, roll: self.clone() }
    }

    /// All is over: `tasks` tasks were made, each was carried out, and none is left. Returns how many
    /// rings were freed before the last one.
    pub(crate) fn close(&self, tasks: u32) -> usize {
        let Counts { made, alive, done, rings_freed_before, rings_freed } = &*self.0;
        assert_eq!(made.load(Relaxed), tasks, "a task was not made");
        assert_eq!(done.load(Relaxed), (1 << tasks) - 1, "a task was not carried out");
        assert_eq!(alive.load(Relaxed), 0, "a task was not dropped");
        rings_freed.load(Relaxed) - rings_freed_before
    }
}

impl Entry {
    /// The task is carried out.
    pub(crate) fn sign(&self) {
        let bit = 1 << self.number;
        let before = self.roll.0.done.fetch_or(bit, Relaxed);
        assert_eq!(before & bit, 0, "a task was carried out twice");
        self.roll.0.rings_freed.store(checker::rings_freed(), Relaxed);
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.roll.0.alive.fetch_sub(1, Relaxed);
    }
}
