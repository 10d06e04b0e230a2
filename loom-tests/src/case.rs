//! A program that can be explored, and what one execution of it takes.

use std::fmt;

/// A program to explore.
pub trait Case: fmt::Display + Clone + Send + Sync + 'static {
    /// What it takes to run it again and again.
    type Model: Execute;

    /// Whether all that its executions depend on is in the recorded state.
    const IS_RECORDED: bool;

    /// Whether each step that begins at a location which only its thread reaches is one that no other thread sees.
    /// Otherwise a step may have an effect that is not recorded as such: it may drop a share of a pool.
    const HAS_INVISIBLE_STEPS: bool;

    /// What a reader calls its first thread and each of the others.
    const THREADS: [&'static str; 2] = ["owner", "thief"];

    /// How many threads it has.
    fn threads(&self) -> usize;
    /// How many operations run side by side.
    fn operations(&self) -> usize;
    /// For a run.
    fn model(&self) -> Self::Model;
    /// The programs that are one step smaller.
    fn smaller(&self) -> Vec<Self>;
}

/// Runs a program once, and judges what happened.
pub trait Execute: Send + Sync + 'static {
    /// Runs the program once; panics if anything is wrong with what happened.
    fn execute(&self);
    /// How many distinct executions there were.
    fn histories(&self) -> usize;
    /// How many rings were freed while the structure was in use, over all executions.
    fn rings_freed(&self) -> u64;
}

/// The cases explored under one name.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a, C> {
    /// The scenario, or the family of programs.
    pub name: &'a str,
    /// What the programs have in common.
    pub about: &'a str,
    /// The programs.
    pub programs: &'a [C],
}
