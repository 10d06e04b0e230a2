//! loom: weak memory, tracked cells, all executions up to a number of preemptions.

use std::sync::Arc;
use std::sync::atomic::{self, Ordering::Relaxed};

use loom::model::Builder;

use super::panics::catch;
use super::{Explored, Failure};
use crate::case::Case;
use crate::enumeration::Family;
use crate::history::CallOrder;
use crate::limits::{Ending, Limits};
use crate::search::{Preemptions, Search};
use crate::tier::Tier;

/// The runtime's name.
pub const NAME: &str = if cfg!(crossbeam_loom) { "loom-epoch" } else { "loom" };
/// A weak memory model owes nothing to the order in which it happens to run threads.
pub const ORDER: CallOrder = CallOrder::HappensBefore;

/// The most executions of a program in the deep tier: a minute or two.
pub const MOST_EXECUTIONS: u64 = 2_000_000;

/// More than any program here comes to; a model that takes more is stuck.
const MOST_BRANCHES: usize = 20_000;

/// How many executions go by between two looks at the limits.
const EXECUTIONS_BETWEEN_LOOKS: usize = 1_000;

/// The tier whose programs are enumerated: the deep tier goes through those of the ordinary one with fewer bounds.
#[must_use]
pub fn enumerated(tier: Tier) -> Tier {
    tier.min(Tier::Ordinary)
}

/// What to run for a program.
#[must_use]
pub fn searches<C: Case>(preemptions: Preemptions, _every: Option<Tier>, tier: Tier) -> Vec<Search> {
    vec![Search::Preemptions(preemptions.in_tier(tier))]
}

/// What to run for each program of `family`: two threads without a bound where that ends soon, three
/// with one. The deep tier has no bound for two threads, and one preemption more for three.
#[must_use]
pub fn searches_of_every_program(family: &Family, tier: Tier) -> Vec<Search> {
    // On a chain another steal, or a batch, makes many times as many executions.
    let on_a_chain = !family.is_bounded();
    let bound = match family.threads() {
        ..=2 if on_a_chain && family.has_batches() => Some(3),
        ..=2 if on_a_chain && family.steals() > 1 => Some(4),
        ..=2 => None,
        _ if on_a_chain && (family.has_batches() || family.steals() > 2) => Some(2),
        _ => Some(3),
    };
    vec![Search::Preemptions(match tier {
        Tier::Deep if family.threads() <= 2 => None,
        Tier::Deep => bound.map(|bound| bound + 1),
        Tier::Quick | Tier::Ordinary => bound,
    })]
}

/// What to run for each small program over a pool.
#[must_use]
pub fn searches_of_every_pool_program<C>(_family: &Family<C>, tier: Tier) -> Vec<Search> {
    vec![Search::Preemptions(Some(if tier == Tier::Deep { 3 } else { 2 }))]
}

/// Runs `model` as often as `search` says.
///
/// # Errors
///
/// The failure, if it panics.
///
/// # Panics
///
/// If loom knows no such search.
pub fn explore(
    search: &Search,
    limits: Limits,
    model: impl Fn() + Send + Sync + 'static,
) -> Result<Explored, Failure> {
    let Search::Preemptions(bound) = search else { panic!("loom knows no such search: {search}") };
    let executions = Arc::new(atomic::AtomicU64::new(0));
    let count = Arc::clone(&executions);
    let mut builder = Builder::new();
    builder.preemption_bound = *bound;
    builder.max_branches = MOST_BRANCHES;
    // Each of these can end an exploration early, and green. The environment's are overridden; `ending` reports ours.
    builder.checkpoint_file = None;
    builder.checkpoint_interval = EXECUTIONS_BETWEEN_LOOKS;
    builder.max_duration = limits.time_left();
    builder.max_permutations = limits.executions.map(|most| usize::try_from(most).unwrap_or(usize::MAX));
    let outcome = catch(move || {
        builder.check(move || {
            count.fetch_add(1, Relaxed);
            model();
        });
    });
    let executions = executions.load(Relaxed);
    match outcome {
        // loom leaves out some executions even without a bound (tokio-rs/loom#166).
        Ok(()) => {
            let ending = limits.reached(executions + 1).unwrap_or(Ending::Finished);
            Ok(Explored { executions, complete: false, ending })
        }
        Err(message) => Err(Failure { message, execution: executions, schedule: None }),
    }
}
