//! Running a program on threads of its own.

use std::mem;
use std::panic::resume_unwind;
use std::sync::atomic::AtomicU64;
use std::thread::{self, ScopedJoinHandle};

use anyhow::{Result, bail, ensure};

use super::activity::{Gate, OwnerAtWork, Recorder, ThiefAtWork};
use super::history::History;
use super::program::Program;
use crate::item::{Era, ended};
use crate::kind::{Kind, Thief};

/// Runs a program on deques of kind `K`, and tells what its threads saw.
///
/// # Errors
///
/// If a thread sees at once that something is wrong.
pub fn run<K: Kind>(program: &Program) -> Result<History> {
    let era = Era::begin();
    let clock = AtomicU64::new(1);
    let clock = program.timed.then_some(&clock);
    let gate = &Gate::new(program.owners.len(), program.thieves.len());

    let (mut owners, mut stealers) = (Vec::new(), Vec::new());
    for (deque, plan) in program.owners.iter().enumerate() {
        let (worker, stealer) = K::deque(plan.capacity);
        let mut owner = OwnerAtWork::<K>::new(deque, worker, Recorder::new(clock));
        owner.prefill(plan.prefill)?;
        owners.push((owner, plan));
        stealers.push(stealer);
    }
    let capacities = stealers.iter().map(Thief::capacity).collect();

    let lent = stealers.as_slice();
    let (workers, threads) = thread::scope(|scope| -> Result<(Vec<_>, Vec<_>)> {
        let owners: Vec<_> = owners
            .into_iter()
            .map(|(owner, plan)| {
                scope.spawn(move || {
                    era.join();
                    let _at_work = gate.pass_to_work();
                    owner.work(plan, lent)
                })
            })
            .collect();
        let thieves: Vec<_> = program
            .thieves
            .iter()
            .map(|pattern| {
                scope.spawn(move || {
                    era.join();
                    gate.pass();
                    ThiefAtWork::<K>::new(lent, Recorder::new(clock)).work(pattern, gate)
                })
            })
            .collect();
        let (workers, mut threads): (Vec<_>, Vec<_>) =
            owners.into_iter().map(joined).collect::<Result<Vec<_>>>()?.into_iter().unzip();
        for thief in thieves {
            threads.push(joined(thief)?);
        }
        Ok((workers, threads))
    })?;

    let mut history = History { capacities, threads, left: Vec::new(), timed: program.timed };
    let pushed = history.values_pushed();
    for (worker, stealer) in workers.into_iter().zip(stealers) {
        if stealer.len() > pushed {
            // It would drop what it never held.
            let told = stealer.len();
            mem::forget((worker, stealer));
            bail!("{told} values are left of {pushed} that were pushed on all deques");
        }
        if program.drained {
            let stolen = (0..=pushed).take_while(|_| stealer.steal().is_some()).count();
            ensure!(stealer.is_empty(), "not empty after {stolen} values were stolen");
        }
        drop((worker, stealer));
        history.left.push(ended());
    }
    Ok(history)
}

fn joined<T>(thread: ScopedJoinHandle<'_, Result<T>>) -> Result<T> {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}
