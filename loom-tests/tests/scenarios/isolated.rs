//! Each trial runs in a process of its own.
//!
//! A model checker maps and unmaps a stack for every thread of every execution, and the threads of
//! one process wait for each other to do so: two explorations side by side in one process take as
//! long as one after the other. Besides, a failure may end the process.

use std::env;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use libtest_mimic::{Completion, Failed, Trial};
use pooldeque_loom_tests::first_failure;
use pooldeque_loom_tests::report::print_line;

use crate::summary;

/// Names the trial that a process is for.
const ALONE: &str = "POOLDEQUE_TRIAL";

/// Whether a trial has failed.
static HAS_FAILED: AtomicBool = AtomicBool::new(false);

/// Something to run, and its name.
pub(crate) struct Task {
    pub(crate) name: String,
    /// What has less is run first, where the first failure is all that is asked for.
    pub(crate) effort: Effort,
    pub(crate) run: Box<dyn FnOnce() -> Result<(), String> + Send>,
}

/// How much a task has to do, as far as that is known before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Effort {
    /// About so many executions, which are all there are, or all with few preemptions.
    All(u64),
    /// A sample of about so many.
    Sample(u64),
    Unknown,
}

impl Task {
    pub(crate) fn new(name: String, run: impl FnOnce() -> Result<(), String> + Send + 'static) -> Self {
        Self { name, effort: Effort::Unknown, run: Box::new(run) }
    }

    pub(crate) fn with_effort(self, effort: Effort) -> Self {
        Self { effort, ..self }
    }
}

/// A trial that runs `task` in another process; or not at all, if another has failed and that is all that is asked.
pub(crate) fn trial(task: Task) -> Trial {
    Trial::ignorable_test(task.name.clone(), move || {
        if first_failure::is_all_that_is_asked() && HAS_FAILED.load(Ordering::Relaxed) {
            return Ok(Completion::ignored_with("another has failed"));
        }
        run_in_child(&task.name).inspect_err(|_| HAS_FAILED.store(true, Ordering::Relaxed))?;
        Ok(Completion::Completed)
    })
}

fn run_in_child(name: &str) -> Result<(), Failed> {
    let here = env::current_exe()?;
    let output = Command::new(here).env(ALONE, name).stdin(Stdio::null()).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let (report, rest): (Vec<_>, Vec<_>) =
        said.lines().partition(|line| line.split_once(": {").is_some_and(|(kind, _)| !kind.contains(' ')));
    report.into_iter().for_each(summary::add);
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{}\n({})", rest.join("\n"), output.status).into())
}

/// If this process is for one trial, runs it.
pub(crate) fn run_here(tasks: impl FnOnce(&str) -> Vec<Task>) -> Option<ExitCode> {
    let name = env::var(ALONE).ok()?;
    let task = tasks(&name).into_iter().find(|task| task.name == name);
    let task = task.unwrap_or_else(|| panic!("nothing to run is called {name}"));
    Some(match (task.run)() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            print_line(&why);
            ExitCode::FAILURE
        }
    })
}
