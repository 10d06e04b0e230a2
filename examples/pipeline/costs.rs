//! The cost of each stage, summed over its threads.

use std::ops::AddAssign;
use std::time::Duration;

use cpu_time::ThreadTime;

use crate::allocations::{self, Allocations};

/// The cost of a stage so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    /// CPU time: waiting for the next stage costs nothing.
    pub(crate) time: Duration,
    pub(crate) allocations: Allocations,
}

impl Cost {
    /// Runs `work` on this thread and adds its cost.
    pub(crate) fn of<R>(&mut self, work: impl FnOnce() -> R) -> R {
        let start = ThreadTime::now();
        let (result, allocations) = allocations::during(work);
        *self += Self { time: start.elapsed(), allocations };
        result
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        self.time += other.time;
        self.allocations += other.allocations;
    }
}

/// The costs of all stages. Returning a value is charged to the stage that got it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Costs {
    pub(crate) read: Cost,
    pub(crate) parse: Cost,
    pub(crate) encode: Cost,
    pub(crate) gzip: Cost,
}

impl Costs {
    pub(crate) fn total(&self) -> Cost {
        let mut total = self.read;
        for stage in [self.parse, self.encode, self.gzip] {
            total += stage;
        }
        total
    }
}

impl AddAssign for Costs {
    fn add_assign(&mut self, other: Self) {
        self.read += other.read;
        self.parse += other.parse;
        self.encode += other.encode;
        self.gzip += other.gzip;
    }
}
