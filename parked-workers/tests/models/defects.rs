//! Each step of falling asleep and waking, left out in turn.
//!
//! A model that fails may take its process with it: what the threads of the model leave behind is
//! dropped outside of it. So each of these tests runs its models in a process of its own, which ends
//! with the first failure.

use std::process::{self, Command};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, PoisonError};
use std::{env, panic};

use pooldeque_parked_workers::sleepers::Step;

use crate::checker;
use crate::exploration::{Count, explore};
use crate::programs::{PROGRAMS, Program, TWO_WOKEN_BY_THE_FIRST, WOKEN_BY_THE_FIRST};
use crate::report::{self, Defect};

/// Set in a process that is to run the models.
const ALONE: &str = "PARKED_WORKERS_ALONE";
/// What such a process ends with when a model has failed.
const CAUGHT: i32 = 3;

#[test]
fn no_second_look() {
    assert!(is_caught("defects::no_second_look", Step::SecondLook));
}

#[test]
fn a_wake_up_is_not_kept() {
    assert!(is_caught("defects::a_wake_up_is_not_kept", Step::WakeUpIsKept));
}

#[test]
fn a_wake_up_is_not_passed_on() {
    assert!(is_caught("defects::a_wake_up_is_not_passed_on", Step::WakeUpIsPassedOn));
}

/// Only loom can notice: under shuttle every access is sequentially consistent, and needs no fence.
#[test]
fn no_fence_before_the_second_look() {
    let caught = is_caught("defects::no_fence_before_the_second_look", Step::FenceBeforeSecondLook);
    assert_eq!(caught, cfg!(loom));
}

/// The same.
#[test]
fn no_fence_before_waking() {
    let caught = is_caught("defects::no_fence_before_waking", Step::FenceBeforeWaking);
    assert_eq!(caught, cfg!(loom));
}

/// A push that found the deque empty needs the fence just as well before the look for sleepers.
#[test]
fn no_fence_after_the_first_push() {
    let programs = [WOKEN_BY_THE_FIRST, TWO_WOKEN_BY_THE_FIRST];
    let caught = is_caught_by(&programs, "defects::no_fence_after_the_first_push", Step::FenceBeforeWaking);
    assert_eq!(caught, cfg!(loom));
}

/// Whether a model fails when `step` is left out. `test` is the calling test.
fn is_caught(test: &str, step: Step) -> bool {
    is_caught_by(&PROGRAMS, test, step)
}

/// Whether one of these programs fails.
fn is_caught_by(programs: &[Program], test: &str, step: Step) -> bool {
    if env::var_os(ALONE).is_some() {
        try_all(programs, step);
        return false;
    }
    let here = env::current_exe().expect("a process has a program");
    let alone = Command::new(here).args([test, "--exact"]).env(ALONE, "1").output();
    let alone = alone.expect("the program starts again");
    let said = String::from_utf8_lossy(&alone.stderr);
    let line = said.lines().find(|line| line.starts_with("defect: "));
    report::print_line(line.unwrap_or_else(|| panic!("{test} ended without a report:\n{said}")));
    alone.status.code() == Some(CAUGHT)
}

/// Explores the programs with `step` left out. The first failure ends the process.
fn try_all(programs: &[Program], step: Step) {
    let count: Arc<Count> = Arc::default();
    let program = Arc::new(Mutex::new(""));
    let (count_then, program_then) = (Arc::clone(&count), Arc::clone(&program));
    // Once and for all: the checkers' libraries put hooks of their own before this one.
    panic::set_hook(Box::new(move |failure| {
        let program = *program_then.lock().unwrap_or_else(PoisonError::into_inner);
        report(step, Some(program), failure.payload_as_str(), &count_then);
        process::exit(CAUGHT);
    }));
    for candidate in programs {
        *program.lock().unwrap_or_else(PoisonError::into_inner) = candidate.name;
        for search in checker::searches(candidate) {
            explore(candidate, &search, Some(step), &count);
        }
    }
    report(step, None, None, &count);
}

fn report(step: Step, caught_by: Option<&str>, because: Option<&str>, count: &Count) {
    let executions = count.executions.load(Relaxed);
    let defect = format!("{step:?} left out of a scheduler");
    report::print("defect", &Defect { defect, runtime: checker::NAME, caught_by, because, executions });
}
