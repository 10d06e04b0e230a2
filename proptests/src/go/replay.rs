//! Doing again what Go did, and comparing.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, ensure};

use super::subject::{BatchesOfOne, Handles, RawChain, RawRing};
use super::trace::{Made, Recording, Step};
use super::{Operation, ThreeOperations};
use crate::item::{Era, Id, Item, ended};
use crate::kind::{Bounded, Unbounded};
use crate::oracle::{ChainShape, Oracle, RingShape};

/// Who does again what Go did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    /// `PoolDequeue` and `PoolChain`.
    Raw,
    /// The handles of the bounded and of the unbounded deque.
    Handles,
    /// The same, each operation done as a batch of one.
    BatchesOfOne,
    /// The oracle of the properties.
    Oracle,
}

/// How much was replayed: structures and operations by kind.
pub type Counts = BTreeMap<String, u64>;

/// Replays a recording in full: results, indexes or rings after each operation, and what is dropped when.
///
/// # Errors
///
/// If anything differs from what Go did, with the line of the trace.
pub fn replay(recording: &Recording, subject: Subject, counts: &mut Counts) -> Result<()> {
    match recording.made {
        Made::Ring { capacity, start } => match subject {
            Subject::Raw => compare(recording, RawRing::new(capacity, start), counts),
            Subject::Handles => compare(recording, Handles::<Bounded>::new(capacity, start), counts),
            Subject::BatchesOfOne => {
                compare(recording, BatchesOfOne::<Bounded>::new(capacity, start), counts)
            }
            Subject::Oracle => compare(recording, Oracle::new(RingShape::new(capacity, start)), counts),
        },
        // Go's chains begin with a ring of 8 slots, whose indexes both stand at 0.
        Made::Chain => match subject {
            Subject::Raw => compare(recording, RawChain::new(), counts),
            Subject::Handles => compare(recording, Handles::<Unbounded>::new(8, 0), counts),
            Subject::BatchesOfOne => compare(recording, BatchesOfOne::<Unbounded>::new(8, 0), counts),
            Subject::Oracle => compare(recording, Oracle::new(ChainShape::new(8)), counts),
        },
    }
}

fn compare(
    recording: &Recording,
    mut subject: impl ThreeOperations<Item>,
    counts: &mut Counts,
) -> Result<()> {
    let structure = match recording.made {
        Made::Ring { .. } => "ring",
        Made::Chain => "chain",
    };
    *counts.entry(format!("{structure}s")).or_default() += 1;
    Era::begin();
    let mut inside = BTreeSet::new();
    for step in &recording.steps {
        do_again(step, &mut subject, &mut inside).with_context(|| format!("line {}", step.line))?;
        *counts.entry(format!("{structure}-{}", step.operation.kind())).or_default() += 1;
    }
    drop(subject);
    // Values are numbered in the order of their pushes, so the oldest has the least number.
    let (dropped, left) = (ended(), Vec::from_iter(inside));
    ensure!(dropped == left, "dropped with the deque, oldest first: {dropped:?}, not {left:?}");
    Ok(())
}

/// Does one operation again; `inside` has the values that the deque holds.
fn do_again(step: &Step, subject: &mut impl ThreeOperations<Item>, inside: &mut BTreeSet<Id>) -> Result<()> {
    let went = step.operation;
    let goes = went.perform(subject);
    ensure!(goes == went, "Go: {went:?}, here: {goes:?}");
    let shown = subject.shown();
    ensure!(shown == step.shown, "Go shows {:?}, here: {shown:?}", step.shown);
    match went {
        Operation::Push { value, accepted: true } => {
            inside.insert(value);
        }
        Operation::PopHead(Some(value)) | Operation::PopTail(Some(value)) => {
            ensure!(inside.remove(&value), "{value} comes out and is not inside");
        }
        _ => {}
    }
    let (fill, expected) = (subject.fill(), (inside.len(), inside.is_empty()));
    ensure!(fill == expected, "len and is_empty are {fill:?}, not {expected:?}");
    let dropped = ended();
    ensure!(dropped == Vec::from_iter(went.drops()), "dropped: {dropped:?}");
    Ok(())
}
