//! Which scenario catches which defect.

use std::sync::Arc;
use std::thread;

use serde::Serialize;

use super::{Broken, ChainDouble, Defect, RingDouble};
use crate::deque::Deque;
use crate::execution::Model;
use crate::exploration::explore_model;
use crate::limits::Limits;
use crate::program::Structure;
use crate::report::print_json;
use crate::runtime::{self, Failure, Search};
use crate::scenarios::{EverySchedule, Scenario, in_order_of_effort};
use crate::tier::Tier;

/// A defect and how to look for it.
pub type Hunt = (Defect, fn(Tier) -> Result<(), String>);

#[derive(Serialize)]
struct Verdict {
    defect: String,
    runtime: &'static str,
    caught_by: Option<&'static str>,
    search: Option<String>,
    because: Option<String>,
    executions: u64,
}

macro_rules! hunts {
    ($double:ident, $structure:expr, $($defect:ident)+) => {
        vec![$({
            #[derive(Debug)]
            struct This;
            impl Broken for This {
                const DEFECT: Defect = Defect::$defect;
            }
            (Defect::$defect, |tier| hunt::<$double<This>>(Defect::$defect, $structure, tier))
        }),+]
    };
}

/// The defects of a ring.
#[must_use]
pub fn ring_hunts() -> Vec<Hunt> {
    hunts!(RingDouble, Structure::Ring, None NoFlagCheck LoadThenStore ReleaseFirst SaturatingIndexes)
}

/// The defects of a chain.
#[must_use]
pub fn chain_hunts() -> Vec<Hunt> {
    hunts!(ChainDouble, Structure::Chain, None LateLook NoSecondLook NoGuard ShortGuard NoClear EarlyRetire)
}

/// Runs the scenarios for `structure` on `D` until one fails. Without a defect none may.
fn hunt<D: Deque>(defect: Defect, structure: Structure, tier: Tier) -> Result<(), String> {
    let mut executions = 0;
    // What a defect needs to show is few preemptions; without a bound the hunt would take hours.
    let tier = tier.min(Tier::Ordinary);
    let mut caught = None;
    'hunt: for scenario in
        in_order_of_effort().into_iter().filter(|scenario| scenario.program().structure == structure)
    {
        // Random schedules find these defects sooner than every schedule in turn.
        for search in runtime::searches(scenario.preemptions, EverySchedule::Never, tier) {
            match try_on::<D>(scenario, search.clone()) {
                Ok(explored) => executions += explored,
                Err(failure) => {
                    executions += failure.execution;
                    caught = Some((scenario.name, search, failure));
                    break 'hunt;
                }
            }
        }
    }
    let because = caught.as_ref().map(|(.., failure)| failure.message.clone());
    print_json(
        "defect",
        &Verdict {
            defect: format!("{defect:?} in a {structure:?}"),
            runtime: runtime::NAME,
            caught_by: caught.as_ref().map(|(name, ..)| *name),
            search: caught.as_ref().map(|(_, search, _)| search.to_string()),
            because: because.as_ref().and_then(|message| message.lines().next()).map(Into::into),
            executions,
        },
    );
    match (defect, because) {
        (Defect::None, None) => Ok(()),
        (Defect::None, Some(message)) => Err(message),
        (_, Some(_)) => Ok(()),
        (_, None) => Err(format!("no scenario catches {defect:?}")),
    }
}

fn try_on<D: Deque>(scenario: &'static Scenario, search: Search) -> Result<u64, Failure> {
    // A thread in which a model has failed is good for no other.
    let trial = thread::spawn(move || {
        let program = scenario.program();
        let model = Arc::new(Model::on::<D>(program));
        explore_model(&search, Limits::default(), &model).map(|explored| explored.executions)
    });
    trial.join().expect("a failure of the model is caught")
}
