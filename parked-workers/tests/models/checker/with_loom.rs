//! loom: weak memory, all executions up to a number of preemptions.

use loom::model::Builder;

use crate::programs::{Floor, Program};

pub(crate) const NAME: &str = "loom";

/// More than any program here comes to: a model that takes more is stuck.
const MOST_BRANCHES: usize = 20_000;

/// All executions with so many preemptions, or with any number.
#[derive(Clone, Debug)]
pub(crate) struct Search {
    preemptions: Option<usize>,
}

impl Search {
    pub(crate) fn name(&self) -> String {
        "explored".to_owned()
    }

    pub(crate) fn bound(&self) -> Option<usize> {
        self.preemptions
    }

    /// Even without a bound loom leaves out some executions.
    pub(crate) fn is_complete(&self) -> bool {
        false
    }

    pub(crate) fn floor(&self, program: &Program) -> Floor {
        if cfg!(crossbeam_loom) { Floor { executions: 2, rings_freed: 0 } } else { program.in_loom }
    }
}

pub(crate) fn searches(program: &Program) -> Vec<Search> {
    // Over the real epoch every pin is a dozen accesses: there is room for few preemptions.
    let over_the_real_epoch = Some(usize::from(program.threads == 2));
    let preemptions = if cfg!(crossbeam_loom) { over_the_real_epoch } else { program.preemptions };
    vec![Search { preemptions }]
}

pub(crate) use pooldeque::model::{rings_freed, start};

/// Runs `model` in every execution there is, or until one fails.
pub(crate) fn explore(search: &Search, model: impl Fn() + Send + Sync + 'static) {
    // docs: exploring
    let mut builder = Builder::new();
    builder.preemption_bound = search.preemptions;
    builder.max_branches = MOST_BRANCHES;
    // Whatever the environment says: these end a model early, and green.
    builder.max_duration = None;
    builder.max_permutations = None;
    builder.check(model);
    // docs: end
}
