//! Random programs over Go's three operations, on the raw ring and chain, against the oracle.

use anyhow::{Context, Result, ensure};
use proptest::collection::vec;
use proptest::prelude::*;

use super::{Operation, ThreeOperations};
use crate::campaign::Tally;
use crate::item::{Era, Id, Item, ended};
use crate::oracle::{Oracle, Shape};

/// A call to be made.
#[derive(Clone, Copy, Debug)]
pub enum Call {
    /// Push the next value.
    Push,
    /// Pop at the head.
    PopHead,
    /// Pop at the tail.
    PopTail,
}

/// Programs that fill, drain and do both by turns.
pub fn calls() -> impl Strategy<Value = Vec<Call>> {
    let phase = |push, pop_head, pop_tail| {
        let call = prop_oneof![
            push => Just(Call::Push),
            pop_head => Just(Call::PopHead),
            pop_tail => Just(Call::PopTail),
        ];
        vec(call, 0..60)
    };
    let phases = prop_oneof![phase(8, 1, 1), phase(2, 1, 1), phase(1, 2, 1), phase(1, 1, 2)];
    vec(phases, 1..6).prop_map(|phases| phases.concat())
}

/// Capacities of rings: powers of two up to 64, the small ones most often.
pub fn capacity() -> impl Strategy<Value = usize> {
    prop_oneof![3 => 0..3u32, 1 => 3..=6u32].prop_map(|exponent| 1 << exponent)
}

/// Start indexes: at 0, just below and at the wraps at 2^31 and 2^32, anywhere.
pub fn start() -> impl Strategy<Value = u32> {
    let around = |wrap: u32| (0..80u32).prop_map(move |back| wrap.wrapping_sub(back));
    prop_oneof![Just(0), around(0), around(1 << 31), any::<u32>()]
}

/// Runs a program on `subject` and on the oracle, and compares all there is after each call.
///
/// # Errors
///
/// If they differ.
pub fn run<S: Shape>(
    calls: &[Call],
    mut subject: impl ThreeOperations<Item>,
    mut oracle: Oracle<S, Id>,
    tally: &mut Tally,
) -> Result<()> {
    Era::begin();
    let mut pushes = 0..;
    for (place, call) in calls.iter().enumerate() {
        let before = oracle.shown();
        let planned = match call {
            Call::Push => Operation::Push { value: pushes.next().context("values ran out")?, accepted: true },
            Call::PopHead => Operation::PopHead(None),
            Call::PopTail => Operation::PopTail(None),
        };
        let expected = planned.perform(&mut oracle);
        let went = planned.perform(&mut subject);
        ensure!(went == expected, "call {place}: {went:?}, not {expected:?}");
        let (shown, after) = (subject.shown(), oracle.shown());
        ensure!(shown == after, "call {place}, {went:?}: shows {shown:?}, not {after:?}");
        let (fill, full) = (subject.fill(), oracle.fill());
        ensure!(fill == full, "call {place}, {went:?}: len and is_empty are {fill:?}, not {full:?}");
        let dropped = ended();
        ensure!(dropped == Vec::from_iter(went.drops()), "call {place}, {went:?} dropped {dropped:?}");
        tally.note(went.kind());
        if let Some(change) = after.change_since(&before) {
            tally.note(change);
        }
    }
    drop(subject);
    let (dropped, left): (_, Vec<Id>) = (ended(), oracle.values().copied().collect());
    ensure!(dropped == left, "dropped with the deque, oldest first: {dropped:?}, not {left:?}");
    Ok(())
}
