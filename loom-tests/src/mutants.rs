//! Ordering mutants: every site of the crate, made weaker by one step, must make a scenario fail.

use std::sync::atomic::Ordering::{self, AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::thread;
use std::time::Instant;

use pooldeque::model::{SiteInfo, catalogue, weaken};
use serde::Serialize;

use crate::exploration::explore;
use crate::report::print_json;
use crate::runtime::Search;
use crate::scenarios::{Scenario, in_order_of_effort};
use crate::tier::Tier;

/// A site made weaker.
#[derive(Clone, Copy, Debug)]
pub struct Mutant {
    /// The site's name.
    pub site: &'static str,
    /// Its own ordering.
    pub ordering: Ordering,
    /// What stands in its place.
    pub weakened: Ordering,
}

/// What became of a mutant.
#[derive(Debug, Serialize)]
struct Verdict {
    site: &'static str,
    ordering: String,
    weakened: String,
    /// The scenario that failed, or nobody.
    killed_by: Option<&'static str>,
    /// What it said, in one line.
    because: Option<String>,
    /// How many executions that scenario took.
    executions: u64,
    /// How many executions all the scenarios before it took.
    executions_before: u64,
    seconds: f64,
}

/// All mutants, in the order of `src/order.rs`.
pub fn all() -> impl Iterator<Item = Mutant> {
    catalogue().flat_map(|SiteInfo { name, ordering, .. }| {
        weaker(ordering).iter().map(move |weakened| Mutant { site: name, ordering, weakened: *weakened })
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
    pub fn hunt(self, tier: Tier) -> Result<(), String> {
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
        for scenario in in_order_of_effort() {
            match self.try_on(scenario, tier) {
                Ok(executions) => executions_before += executions,
                Err(failure) => {
                    verdict.killed_by = Some(scenario.name);
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

    /// The executions of a scenario that the mutant survives, or how it dies.
    fn try_on(self, scenario: &'static Scenario, tier: Tier) -> Result<u64, crate::runtime::Failure> {
        // The mutant lives in a thread; and a thread in which a model has failed is good for no other.
        let trial = thread::spawn(move || {
            weaken(self.site, self.weakened, || {
                let search = Search::Preemptions(scenario.preemptions.in_tier(tier));
                explore(&scenario.program(), &search)
            })
        });
        trial.join().expect("a failure of the model is caught")
    }
}
