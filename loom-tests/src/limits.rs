//! Where an exploration stops although there is more: too many executions, or no time left.
//!
//! Only the deep tier has such limits. What was cut off is reported as cut off, and not as explored to its end.

use std::env;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::tier::Tier;

/// The variable that says when to stop, in seconds since 1970.
pub const DEADLINE: &str = "POOLDEQUE_DEADLINE";

/// Where to stop.
#[derive(Clone, Copy, Debug, Default)]
pub struct Limits {
    /// After so many executions of a program.
    pub executions: Option<u64>,
    /// At this time.
    pub deadline: Option<SystemTime>,
}

/// How an exploration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// There was no more.
    Finished,
    /// It came to as many executions as a program may have.
    CutOff,
    /// The time was up.
    OutOfTime,
}

impl Limits {
    /// Those of `tier`, and the deadline that the environment sets.
    ///
    /// # Panics
    ///
    /// If the environment's deadline is no number.
    #[must_use]
    pub fn of_this_run(tier: Tier, most_executions: u64) -> Self {
        let deadline = env::var(DEADLINE).ok().map(|seconds| {
            let seconds = seconds.parse().unwrap_or_else(|_| panic!("{DEADLINE} is no number: {seconds}"));
            UNIX_EPOCH + Duration::from_secs(seconds)
        });
        Self { executions: (tier == Tier::Deep).then_some(most_executions), deadline }
    }

    /// How much time is left, if that is limited.
    #[must_use]
    pub fn time_left(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.duration_since(SystemTime::now()).unwrap_or_default())
    }

    /// Whether to stop after `executions`.
    #[must_use]
    pub fn reached(&self, executions: u64) -> Option<Ending> {
        if self.executions.is_some_and(|most| executions >= most) {
            Some(Ending::CutOff)
        } else {
            self.is_over().then_some(Ending::OutOfTime)
        }
    }

    /// Whether the time is up.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.time_left().is_some_and(|left| left.is_zero())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_limits_nothing_stops() {
        assert_eq!(Limits::default().reached(u64::MAX), None);
    }

    #[test]
    fn the_cap_and_the_deadline_stop() {
        let capped = Limits { executions: Some(10), deadline: None };
        assert_eq!((capped.reached(9), capped.reached(10)), (None, Some(Ending::CutOff)));
        let late = Limits { executions: None, deadline: Some(UNIX_EPOCH) };
        assert_eq!(late.reached(0), Some(Ending::OutOfTime));
        let early =
            Limits { executions: None, deadline: Some(SystemTime::now() + Duration::from_secs(3600)) };
        assert_eq!(early.reached(0), None);
    }
}
