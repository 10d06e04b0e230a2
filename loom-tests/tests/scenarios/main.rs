//! Runs the scenarios under whatever runtime this was built for.
//!
//! A filter names a scenario, part of its name, or any program (see `pooldeque_loom_tests::program`),
//! which is then run although no scenario has it.

mod isolated;
mod summary;
mod trials;

use std::process::ExitCode;

use libtest_mimic::Arguments;
use pooldeque_loom_tests::first_failure;
use pooldeque_loom_tests::tier::Tier;

fn main() -> ExitCode {
    let tier = Tier::of_this_run();
    if let Some(result) = isolated::run_here(|wanted| trials::all(tier, Some(wanted))) {
        return result;
    }
    let arguments = Arguments::from_args();
    let mut trials = trials::all(tier, arguments.filter.as_deref());
    if first_failure::is_all_that_is_asked() {
        trials.sort_by_key(|task| task.effort);
    }
    let conclusion = libtest_mimic::run(&arguments, trials.into_iter().map(isolated::trial).collect());
    if !arguments.list {
        summary::finish(tier);
    }
    conclusion.exit_code()
}
