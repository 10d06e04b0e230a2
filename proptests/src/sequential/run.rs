//! Running a program, and comparing everything with the oracle after each step.

use anyhow::{Context, Result, ensure};

use super::program::{Ending, Program};
use super::table::Table;
use crate::campaign::Tally;
use crate::item::{Era, Id, ended};
use crate::kind::Kind;
use crate::oracle::Oracle;

/// Runs a program on handles of kind `K`.
///
/// # Errors
///
/// If anything differs from what the oracle says.
pub fn run<K: Kind>(program: &Program, tally: &mut Tally) -> Result<()> {
    Era::begin();
    let [(left, thief_of_left), (right, thief_of_right)] = program.capacities.map(K::deque);
    let mut workers = [Some(left), Some(right)];
    let stealers = [[thief_of_left.clone(), thief_of_left], [thief_of_right.clone(), thief_of_right]];
    let mut oracles = program.capacities.map(|capacity| Oracle::new(K::shape(capacity)));

    let mut table = Table::<K>::new(&mut workers, &stealers, &mut oracles, tally);
    table.check().context("at first")?;
    for (place, step) in program.steps.iter().enumerate() {
        let performed = table.perform(step).and_then(|()| table.check());
        performed.with_context(|| format!("step {place}, {step:?}"))?;
    }
    if matches!(program.ending, Ending::WorkersFirst) {
        table.drop_workers();
        table.check().context("workers dropped, stealers left")?;
    }
    table.close_all().context("open batches dropped")?;

    for ((worker, stealers), oracle) in workers.into_iter().zip(stealers).zip(oracles) {
        let left: Vec<Id> = oracle.values().copied().collect();
        let [one, other] = stealers;
        drop(one);
        ensure!(ended().is_empty(), "the first of two stealers took values with it");
        drop(other);
        if worker.is_some() {
            ensure!(ended().is_empty(), "the last stealer took values with it, and the worker was left");
            drop(worker);
        }
        let dropped = ended();
        ensure!(dropped == left, "dropped with the last handle, oldest first: {dropped:?}, not {left:?}");
    }
    Ok(())
}
