//! shuttle: sequential consistency, every schedule or a random sample of them.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{self, Ordering::Relaxed};
use std::{env, process};

use shuttle::scheduler::{DfsScheduler, PctScheduler, RandomScheduler, ReplayScheduler, Scheduler};
use shuttle::sync::mpsc;
use shuttle::{Config, FailurePersistence, MaxSteps, Runner};

pub use shuttle::sync::atomic::{AtomicBool, AtomicU64};
pub use shuttle::thread::{JoinHandle, spawn};

use super::panics::catch;
use super::{Explored, Failure, Search};
use crate::history::CallOrder;
use crate::scenarios::{EverySchedule, Preemptions};
use crate::tier::Tier;

/// The runtime's name.
pub const NAME: &str = "shuttle";
/// Sequential consistency: who returned first came first.
pub const ORDER: CallOrder = CallOrder::RealTime;

/// The sending end of a [`channel`].
pub type Sender = mpsc::Sender<()>;
/// The receiving end of a [`channel`].
pub type Receiver = mpsc::Receiver<()>;

/// A channel of signals.
#[must_use]
pub fn channel() -> (Sender, Receiver) {
    mpsc::channel()
}

/// Random schedules are the same ones in every run, unless this variable says otherwise.
const SEED: &str = "POOLDEQUE_SEED";
/// A failing schedule, as it was printed.
const REPLAY: &str = "POOLDEQUE_REPLAY";
/// More than any schedule here comes to.
const MOST_STEPS: usize = 20_000;

/// Call it first in each execution.
pub fn begin_execution() {
    pooldeque::model::start();
}

/// How many rings this thread of the machine has freed so far.
#[must_use]
pub fn rings_freed() -> usize {
    pooldeque::model::rings_freed()
}

/// Threads need not wait for each other: schedules have them start in every order.
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

/// What to run for a program: everything where that ends soon, and random schedules of each kind.
#[must_use]
pub fn searches(_preemptions: Preemptions, every: EverySchedule, tier: Tier) -> Vec<Search> {
    if let Ok(schedule) = env::var(REPLAY) {
        return vec![Search::Replay(schedule)];
    }
    let schedules = match tier {
        Tier::Quick => 5_000,
        Tier::Ordinary => 20_000,
        Tier::Deep => 1_000_000,
    };
    let mut searches = vec![
        Search::Pct { depth: 2, schedules },
        Search::Pct { depth: 3, schedules },
        Search::Random { schedules },
    ];
    if every.is_for(tier) {
        searches.insert(0, Search::Exhaustive);
    }
    searches
}

/// Runs `model` as often as `search` says.
///
/// # Errors
///
/// The failure, if it panics.
///
/// # Panics
///
/// If shuttle knows no such search.
pub fn explore(search: &Search, model: impl Fn() + Send + Sync + 'static) -> Result<Explored, Failure> {
    let seed = env::var(SEED).map_or(0, |seed| seed.parse().expect("a seed is a number"));
    match search {
        Search::Exhaustive => run(DfsScheduler::new(None, false), true, model),
        Search::Pct { depth, schedules } => {
            run(PctScheduler::new_from_seed(seed, *depth, *schedules), false, model)
        }
        Search::Random { schedules } => run(RandomScheduler::new_from_seed(seed, *schedules), false, model),
        Search::Replay(schedule) => run(ReplayScheduler::new_from_encoded(schedule), false, model),
        _ => panic!("shuttle knows no such search: {search}"),
    }
}

fn run(
    scheduler: impl Scheduler + 'static,
    complete: bool,
    model: impl Fn() + Send + Sync + 'static,
) -> Result<Explored, Failure> {
    static RUNS: atomic::AtomicU64 = atomic::AtomicU64::new(0);
    // shuttle tells a failing schedule on the terminal or in a file; we want to name it ourselves.
    let folder = env::temp_dir().join(format!("pooldeque-{}-{}", process::id(), RUNS.fetch_add(1, Relaxed)));
    let mut config = Config::new();
    config.max_steps = MaxSteps::FailAfter(MOST_STEPS);
    config.max_time = None;
    config.silence_warnings = true;
    config.failure_persistence = FailurePersistence::File(Some(folder.clone()));
    let executions = Arc::new(atomic::AtomicU64::new(0));
    let count = Arc::clone(&executions);
    fs::create_dir_all(&folder).expect("there is a folder for temporary files");
    let outcome = catch(move || {
        Runner::new(scheduler, config).run(move || {
            count.fetch_add(1, Relaxed);
            model();
        })
    });
    let schedule = fs::read_dir(&folder).ok().and_then(|mut files| {
        let file = files.next()?.ok()?;
        fs::read_to_string(file.path()).ok()
    });
    // What is left behind is a small file among the temporary ones.
    let _ = fs::remove_dir_all(&folder);
    let executions = executions.load(Relaxed);
    match outcome {
        Ok(_) => Ok(Explored { executions, complete }),
        Err(message) => Err(Failure { message, execution: executions, schedule }),
    }
}
