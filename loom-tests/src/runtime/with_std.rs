//! The real machine: the same programs, over and over.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use super::panics::catch;
use super::{Explored, Failure};
use crate::case::Case;
use crate::enumeration::Family;
use crate::history::CallOrder;
use crate::limits::{Ending, Limits};
use crate::search::{Preemptions, Search};
use crate::tier::Tier;

/// The runtime's name.
pub const NAME: &str = "std";
/// Reading the clock orders memory, so a call that returned first came first.
pub const ORDER: CallOrder = CallOrder::RealTime;

/// No program runs so often.
pub const MOST_EXECUTIONS: u64 = u64::MAX;

/// The tier whose programs are enumerated: the deep tier repeats those of the ordinary one more often.
#[must_use]
pub fn enumerated(tier: Tier) -> Tier {
    tier.min(Tier::Ordinary)
}

/// What to run for a program.
#[must_use]
pub fn searches<C: Case>(_preemptions: Preemptions, _every: Option<Tier>, tier: Tier) -> Vec<Search> {
    vec![Search::Repeat(match tier {
        Tier::Quick => 2_000,
        Tier::Ordinary => 10_000,
        Tier::Deep => 200_000,
    })]
}

/// What to run for each program of a family.
#[must_use]
pub fn searches_of_every_program(_family: &Family, tier: Tier) -> Vec<Search> {
    vec![Search::Repeat(match tier {
        Tier::Quick => 200,
        Tier::Ordinary => 500,
        Tier::Deep => 5_000,
    })]
}

/// What to run for each small program over a pool.
#[must_use]
pub fn searches_of_every_pool_program<C>(_family: &Family<C>, tier: Tier) -> Vec<Search> {
    vec![Search::Repeat(match tier {
        Tier::Quick => 50,
        Tier::Ordinary => 200,
        Tier::Deep => 5_000,
    })]
}

/// Runs `model` as often as `search` says.
///
/// # Errors
///
/// The failure, if it panics.
///
/// # Panics
///
/// If the real machine knows no such search.
pub fn explore(
    search: &Search,
    limits: Limits,
    model: impl Fn() + Send + Sync + 'static,
) -> Result<Explored, Failure> {
    let Search::Repeat(times) = search else { panic!("the real machine knows no such search: {search}") };
    let executions = AtomicU64::new(0);
    let outcome = catch(|| {
        for _ in 0..*times {
            if limits.is_over() {
                return Ending::OutOfTime;
            }
            executions.fetch_add(1, SeqCst);
            model();
        }
        Ending::Finished
    });
    let executions = executions.load(SeqCst);
    match outcome {
        Ok(ending) => Ok(Explored { executions, complete: false, ending }),
        Err(message) => Err(Failure { message, execution: executions, schedule: None }),
    }
}
