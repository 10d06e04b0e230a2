//! What loom and shuttle have in common.

/// Call it first in each execution.
pub fn begin_execution() {
    pooldeque::model::start();
}

/// How many rings this thread of the machine has freed so far.
#[must_use]
pub fn rings_freed() -> usize {
    pooldeque::model::rings_freed()
}

/// Lets the epoch move on by one step.
pub fn collect() {
    pooldeque::model::collect();
}

/// Threads need not wait for each other: a model checker has them start in every order.
#[derive(Clone, Debug)]
pub struct StartLine;

impl StartLine {
    /// A line for so many threads.
    #[must_use]
    pub fn new(_threads: usize) -> Self {
        Self
    }

    /// Goes on.
    pub fn wait(&self) {}
}
