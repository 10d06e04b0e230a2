//! The scheduler under loom, under shuttle and on real threads: every task is carried out once, no worker
//! sleeps forever, and nothing is left over.
//!
//! A model that finds nothing shows something only if it would have: so each step of falling asleep
//! and waking is left out in turn, and a model must fail.

#[cfg(loom)]
#[path = "checker/with_loom.rs"]
mod checker;
#[cfg(shuttle)]
#[path = "checker/with_shuttle.rs"]
mod checker;
#[cfg(not(any(loom, shuttle)))]
#[path = "checker/with_std.rs"]
mod checker;

#[cfg(any(loom, shuttle))]
mod defects;
mod exploration;
mod programs;
mod report;
mod roll;

use exploration::check;
use programs::{
    NOTHING_BUT_THE_ROOT, TASKS_MAKE_TASKS, THREE_TASKS_MEET, TWO_SLEEPERS, TWO_TASKS_MEET,
    TWO_WOKEN_BY_THE_FIRST, WOKEN_BY_THE_FIRST,
};

#[test]
fn nothing_but_the_root() {
    check(&NOTHING_BUT_THE_ROOT);
}

#[test]
fn two_tasks_meet() {
    check(&TWO_TASKS_MEET);
}

#[test]
fn two_sleepers() {
    check(&TWO_SLEEPERS);
}

#[test]
fn woken_by_the_first() {
    check(&WOKEN_BY_THE_FIRST);
}

#[test]
fn two_woken_by_the_first() {
    check(&TWO_WOKEN_BY_THE_FIRST);
}

#[test]
fn tasks_make_tasks() {
    check(&TASKS_MAKE_TASKS);
}

#[test]
fn three_tasks_meet() {
    check(&THREE_TASKS_MEET);
}
