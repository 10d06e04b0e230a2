//! How a program is explored: the search, and the searches of each tier.

use std::fmt;

use crate::tier::Tier;

/// A way to go through the executions of a model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Search {
    /// All executions that the model checker distinguishes, with so many preemptions at most, or with
    /// any number.
    Preemptions(Option<usize>),
    /// Every schedule.
    Exhaustive,
    /// Every schedule, but from no state twice.
    EveryState {
        /// Whether to let another thread in before a step that it cannot see.
        splits_invisible: bool,
    },
    /// So many schedules with priorities that change at so many random moments.
    Pct {
        /// How many moments, plus one.
        depth: usize,
        /// How many schedules.
        schedules: usize,
    },
    /// So many random schedules.
    Random {
        /// How many.
        schedules: usize,
    },
    /// One schedule, as a failure printed it.
    Replay(String),
    /// So many times, in whatever order the machine runs the threads.
    Repeat(usize),
}

/// How many preemptions loom explores, tier by tier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preemptions {
    /// Any number, always.
    Any,
    /// So many at most, and in the deep tier so many.
    AtMost(usize, Option<usize>),
}

impl Preemptions {
    /// The bound in `tier`; none for any number.
    #[must_use]
    pub fn in_tier(self, tier: Tier) -> Option<usize> {
        match self {
            Self::Any => None,
            Self::AtMost(bound, deep) => {
                if tier == Tier::Deep {
                    deep
                } else {
                    Some(bound)
                }
            }
        }
    }
}

impl Search {
    /// Its name in a report.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Preemptions(_) => "explored".into(),
            Self::Exhaustive => "exhaustive".into(),
            Self::EveryState { .. } => "all_states".into(),
            Self::Pct { depth, .. } => format!("pct{depth}"),
            Self::Random { .. } => "random".into(),
            Self::Replay(_) => "replay".into(),
            Self::Repeat(_) => "repeated".into(),
        }
    }

    /// How many executions it must come to if it is to run to its end, where that is known before.
    #[must_use]
    pub fn fixed_executions(&self) -> Option<u64> {
        match self {
            Self::Preemptions(_) | Self::Exhaustive | Self::EveryState { .. } => None,
            Self::Pct { schedules: count, .. } | Self::Random { schedules: count } | Self::Repeat(count) => {
                Some(*count as u64)
            }
            Self::Replay(_) => Some(1),
        }
    }
}

impl fmt::Display for Search {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Preemptions(Some(bound)) => write!(formatter, "{bound} preemptions"),
            Self::Preemptions(None) => formatter.write_str("no bound"),
            Self::Exhaustive => formatter.write_str("every schedule"),
            Self::EveryState { .. } => formatter.write_str("every state"),
            Self::Pct { depth, schedules } => write!(formatter, "{schedules} schedules of depth {depth}"),
            Self::Random { schedules } => write!(formatter, "{schedules} random schedules"),
            Self::Replay(_) => formatter.write_str("one schedule"),
            Self::Repeat(times) => write!(formatter, "{times} times"),
        }
    }
}
