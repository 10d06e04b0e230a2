//! shuttle: sequential consistency, every schedule or a random sample of them.

use shuttle::scheduler::{DfsScheduler, PctScheduler, RandomScheduler};
use shuttle::{Config, MaxSteps, Runner};

use crate::programs::{Floor, Program};

pub(crate) const NAME: &str = "shuttle";

/// How many random schedules of each kind.
const SCHEDULES: usize = 5_000;
/// Random schedules are the same in every run.
const SEED: u64 = 0;
/// More than any schedule here comes to: one that takes more is stuck.
const MOST_STEPS: usize = 20_000;

#[derive(Clone, Debug)]
pub(crate) enum Search {
    /// Every schedule.
    Exhaustive,
    /// Schedules by priorities that change at so many random moments, less one.
    Pct(usize),
    Random,
}

impl Search {
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Exhaustive => "exhaustive".to_owned(),
            Self::Pct(depth) => format!("pct{depth}"),
            Self::Random => "random".to_owned(),
        }
    }

    pub(crate) fn bound(&self) -> Option<usize> {
        None
    }

    pub(crate) fn is_complete(&self) -> bool {
        matches!(self, Self::Exhaustive)
    }

    pub(crate) fn floor(&self, program: &Program) -> Floor {
        match self {
            Self::Exhaustive => Floor { executions: program.every_schedule.unwrap_or(0), rings_freed: 0 },
            _ => Floor { executions: SCHEDULES as u64, rings_freed: program.in_loom.rings_freed.min(1) },
        }
    }
}

pub(crate) fn searches(program: &Program) -> Vec<Search> {
    let exhaustive = program.every_schedule.map(|_| Search::Exhaustive);
    exhaustive.into_iter().chain([Search::Pct(2), Search::Pct(3), Search::Random]).collect()
}

pub(crate) use pooldeque::model::{rings_freed, start};

/// Runs `model` in every schedule of the search, or until one fails.
pub(crate) fn explore(search: &Search, model: impl Fn() + Send + Sync + 'static) {
    // docs: exploring
    let mut config = Config::new();
    config.max_steps = MaxSteps::FailAfter(MOST_STEPS);
    // That would end a model early, and green.
    config.max_time = None;
    config.silence_warnings = true;
    match search {
        Search::Exhaustive => Runner::new(DfsScheduler::new(None, false), config).run(model),
        // docs: end
        Search::Pct(depth) => {
            Runner::new(PctScheduler::new_from_seed(SEED, *depth, SCHEDULES), config).run(model)
        }
        Search::Random => Runner::new(RandomScheduler::new_from_seed(SEED, SCHEDULES), config).run(model),
    };
}
