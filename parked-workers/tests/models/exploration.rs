//! Explores a program in every way the checker knows, and reports.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use pooldeque_parked_workers::sleepers::Step;

use crate::checker::{self, Search};
use crate::programs::Program;
use crate::report::{self, Scenario};

/// What an exploration has come to so far.
#[derive(Default)]
pub(crate) struct Count {
    pub(crate) executions: AtomicU64,
    pub(crate) rings_freed: AtomicU64,
}

/// Explores `program`; no execution may fail, and there must not be fewer than there should be.
pub(crate) fn check(program: &Program) {
    for search in checker::searches(program) {
        let begin = Instant::now();
        let count = Arc::default();
        explore(program, &search, None, &count);
        let (executions, rings_freed) = (count.executions.load(Relaxed), count.rings_freed.load(Relaxed));
        report::print(
            "scenario",
            &Scenario {
                name: program.name,
                program: program.about,
                runtime: checker::NAME,
                search: search.name(),
                programs: 1,
                threads: program.threads,
                operations: program.tasks,
                bound: search.bound(),
                executions,
                complete: search.is_complete(),
                seconds: begin.elapsed().as_secs_f64(),
                rings_freed,
            },
        );
        let floor = search.floor(program);
        assert!(executions >= floor.executions, "{executions} executions, not {}", floor.executions);
        assert!(rings_freed >= floor.rings_freed, "{rings_freed} rings freed, not {}", floor.rings_freed);
    }
}

/// Explores `program`, perhaps with a step left out.
pub(crate) fn explore(program: &Program, search: &Search, left_out: Option<Step>, count: &Arc<Count>) {
    let (program, count) = (*program, Arc::clone(count));
    // docs: counting executions
    checker::explore(search, move || {
        count.executions.fetch_add(1, Relaxed);
        checker::start();
        count.rings_freed.fetch_add(program.execute(left_out) as u64, Relaxed);
    });
    // docs: end
}
