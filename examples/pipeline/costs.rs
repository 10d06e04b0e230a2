//! What each stage costs, on whatever thread.

use std::ops::AddAssign;
use std::time::Duration;

use cpu_time::ThreadTime;

use crate::allocations::{self, Allocations};

/// What a stage took so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    /// Of the processor alone: waiting for the next stage costs nothing.
    pub(crate) time: Duration,
    pub(crate) allocations: Allocations,
}

impl Cost {
    /// Does something on this thread, at this stage's cost.
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

/// What all stages took. To give a value back is a cost of the stage that got it.
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
