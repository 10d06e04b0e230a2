//! Ordering mutants: every site of the crate, made weaker by one step, must make a scenario fail.

use std::fmt::Display;
use std::str::FromStr;
use std::sync::atomic::Ordering::{self, AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::thread;
use std::time::Instant;

use pooldeque::model::{Part, SiteInfo, catalogue, weaken};
use serde::Serialize;

use crate::case::Case;
use crate::exploration::explore;
use crate::pool::PoolProgram;
use crate::program::Program;
use crate::report::print_json;
use crate::runtime::Failure;
use crate::scenarios::{OVER_A_POOL, Scenario, in_order_of_effort};
use crate::search::Search;
use crate::tier::Tier;

/// A site made weaker.
#[derive(Clone, Copy, Debug)]
pub struct Mutant {
    /// The site's name.
    pub site: &'static str,
    /// The part of the crate it belongs to.
    pub part: Part,
    /// Its own ordering.
    pub ordering: Ordering,
    /// The ordering in its place.
    pub weakened: Ordering,
}

/// What became of a mutant.
#[derive(Debug, Serialize)]
struct Verdict {
    site: &'static str,
    ordering: String,
    weakened: String,
    /// The scenario that failed, if one did.
    killed_by: Option<&'static str>,
    /// The first line of its failure.
    because: Option<String>,
    /// How many executions that scenario took.
    executions: u64,
    /// How many executions all the scenarios before it took.
    executions_before: u64,
    seconds: f64,
}

/// All mutants, in the order of `src/orderings.rs`.
pub fn all() -> impl Iterator<Item = Mutant> {
    catalogue().flat_map(|SiteInfo { name, ordering, part, .. }| {
        let mutant = move |weakened: &Ordering| Mutant { site: name, part, ordering, weakened: *weakened };
        weaker(ordering).iter().map(mutant)
    })
}

/// What is weaker by one step.
fn weaker(ordering: Ordering) -> &'static [Ordering] {
    match ordering {
        SeqCst => &[AcqRel],
        AcqRel => &[Acquire, Release],
        Acquire | Release => &[Relaxed],
        _ => &[],
    }
}

impl Mutant {
    /// A name to find it by.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}_to_{:?}", self.site, self.weakened)
    }

    /// Runs scenario after scenario until one fails.
    ///
    /// # Errors
    ///
    /// If none does.
    pub fn run(self, tier: Tier) -> Result<(), String> {
        // Few preemptions are enough to show the weakening; without a bound this would take hours.
        let tier = tier.min(Tier::Ordinary);
        let begin = Instant::now();
        let mut executions_before = 0;
        let mut verdict = Verdict {
            site: self.site,
            ordering: format!("{:?}", self.ordering),
            weakened: format!("{:?}", self.weakened),
            killed_by: None,
            because: None,
            executions: 0,
            executions_before: 0,
            seconds: 0.0,
        };
        for (scenario, outcome) in self.outcomes(tier) {
            match outcome {
                Ok(executions) => executions_before += executions,
                Err(failure) => {
                    verdict.killed_by = Some(scenario);
                    verdict.because = failure.message.lines().next().map(Into::into);
                    verdict.executions = failure.execution;
                    break;
                }
            }
        }
        verdict.executions_before = executions_before;
        verdict.seconds = begin.elapsed().as_secs_f64();
        print_json("mutant", &verdict);
        match verdict.killed_by {
            Some(_) => Ok(()),
            None => Err(format!(
                "no scenario needs {} to be {:?} rather than {:?}",
                self.site, self.ordering, self.weakened
            )),
        }
    }

    /// Scenario after scenario: the executions of one that the mutant survives, or the failure.
    fn outcomes(self, tier: Tier) -> Box<dyn Iterator<Item = (&'static str, Result<u64, Failure>)>> {
        if self.part != Part::Pool {
            Box::new(
                in_order_of_effort().into_iter().map(move |it| (it.name, self.try_on::<Program>(it, tier))),
            )
        } else {
            Box::new(OVER_A_POOL.iter().map(move |it| (it.name, self.try_on::<PoolProgram>(it, tier))))
        }
    }

    fn try_on<C: Case + FromStr<Err: Display>>(
        self,
        scenario: &Scenario,
        tier: Tier,
    ) -> Result<u64, Failure> {
        let (program, preemptions) = (scenario.case::<C>(), scenario.preemptions.in_tier(tier));
        // The mutant lives in a thread; and a thread in which a model has failed is good for no other.
        let trial = thread::spawn(move || {
            weaken(self.site, self.weakened, || explore(&program, &Search::Preemptions(preemptions)))
        });
        trial.join().expect("a failure of the model is caught")
    }
}
