//! Runs the scenarios under whatever runtime this was built for.
//!
//! A filter names a scenario, part of its name, or any program (see `pooldeque_loom_tests::program`),
//! which is then run although no scenario has it.

mod isolated;
mod trials;

use std::process::ExitCode;

use libtest_mimic::Arguments;
use pooldeque_loom_tests::report::print_line;
use pooldeque_loom_tests::runtime;
use pooldeque_loom_tests::tier::{TIER, Tier};

fn main() -> ExitCode {
    let tier = Tier::of_this_run();
    if let Some(result) = isolated::run_here(|wanted| trials::all(tier, Some(wanted))) {
        return result;
    }
    let arguments = Arguments::from_args();
    let trials = trials::all(tier, arguments.filter.as_deref());
    let conclusion = libtest_mimic::run(&arguments, trials.into_iter().map(isolated::trial).collect());
    if tier < Tier::Deep && !arguments.list {
        print_line(&format!(
            "This was the {} tier under {}; {TIER}=ordinary and {TIER}=deep in the environment explore more, \
             a name or a program (such as ring2/++-/ss) explores that alone.",
            tier.name(),
            runtime::NAME,
        ));
    }
    conclusion.exit_code()
}
