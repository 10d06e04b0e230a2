//! The steps of a history, and what is known of their order.

use super::Promises;
use super::deque::{Effect, State};
use crate::history::{Action, Call, CallOrder, History};

/// A step, and the steps that come before it.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) effect: Effect,
    /// A bit for each step that comes before this one.
    pub(super) after: u64,
}

impl Step {
    /// The state after this step, which has this `number`, if those of `done` are all before it and it is possible.
    pub(super) fn from(&self, done: u64, number: usize, state: &State) -> Option<State> {
        let is_next = done & (1 << number) == 0 && self.after & !done == 0;
        if is_next { state.after(&self.effect) } else { None }
    }
}

/// The steps of a call, a bit for each.
#[derive(Default)]
struct Place {
    /// All of them.
    all: u64,
    /// Those that its thread went through one after the other.
    in_turn: u64,
}

/// Takes the calls of a history apart.
pub(super) fn steps_of(history: &History, promises: Promises) -> Vec<Step> {
    let with_releases = tracks_slots(history);
    let mut steps = Vec::new();
    let mut places = Vec::new();
    for call in &history.calls {
        places.push(add_steps(&mut steps, call, promises, with_releases));
    }
    assert!(steps.len() <= u64::BITS as usize, "a history has 64 steps at most");
    for (first, before) in history.calls.iter().zip(&places) {
        for (second, behind) in history.calls.iter().zip(&places) {
            let known = match history.order {
                _ if !history.is_before(first, second) => 0,
                // A thief's hand-back may reach the owner late: that the thief went on meanwhile, and
                // even that the owner has seen so, says nothing about the slot.
                CallOrder::HappensBefore if first.phase == second.phase => before.in_turn,
                _ => before.all,
            };
            for (number, step) in steps.iter_mut().enumerate() {
                if behind.all & (1 << number) != 0 {
                    step.after |= known;
                }
            }
        }
    }
    steps
}

/// Whether it matters when slots are handed back: to a push that is refused, and to one that is not
/// although a crashed thief has its slot. Otherwise the hand-backs fit in anywhere.
pub(super) fn tracks_slots(history: &History) -> bool {
    history.calls.iter().any(|call| match &call.action {
        Action::Push { offered, accepted } => usize::from(*accepted) < offered.len(),
        Action::Crash { held, .. } => *held != 0,
        _ => false,
    })
}

/// Adds the steps of one call, with what is known of their order among themselves.
fn add_steps(steps: &mut Vec<Step>, call: &Call, promises: Promises, with_releases: bool) -> Place {
    let atomic = promises.batches_are_atomic;
    let is_one_ring = promises.slots.is_some();
    let mut place = Place::default();
    let mut add = |effect, is_release: bool, after: u64| {
        let mark = 1 << steps.len();
        steps.push(Step { effect, after });
        place.all |= mark;
        if !is_release {
            place.in_turn |= mark;
        }
        mark
    };
    let mut last = 0;
    match &call.action {
        Action::Push { offered, accepted } => {
            let (fitted, refused) = offered.split_at(usize::from(*accepted));
            if !refused.is_empty() && atomic {
                // The batch looks for room before it shows what it has.
                last = add(Effect::Refuse { ahead: u32::from(*accepted) }, false, last);
            }
            for values in chunks(fitted, atomic) {
                last = add(Effect::Push(values.to_vec()), false, last);
            }
            if !refused.is_empty() && !atomic {
                add(Effect::Refuse { ahead: 0 }, false, last);
            }
        }
        Action::Pop { max, got } => {
            for values in chunks(got, atomic) {
                let max = if atomic { *max } else { 1 };
                last = add(Effect::TakeNewest { max, got: values.to_vec() }, false, last);
            }
            // Fewer than requested: the owner has seen it empty.
            if got.len() < usize::from(*max) && (got.is_empty() || !atomic) {
                add(Effect::TakeNewest { max: 1, got: Vec::new() }, false, last);
            }
        }
        Action::Steal { max, got } => {
            let mut releases = Vec::new();
            for values in chunks(got, atomic) {
                let max = if atomic { *max } else { 1 };
                last = add(Effect::Claim { max, got: values.to_vec() }, false, last);
                releases.extend(values.iter().map(|value| (*value, last)));
            }
            // A thief that got fewer from a chain may have missed what was pushed meanwhile.
            if got.is_empty() && *max != 0 {
                add(Effect::Claim { max: 1, got: Vec::new() }, false, last);
            }
            if with_releases {
                for (value, claim) in releases {
                    add(Effect::Release(value), true, claim);
                }
            }
        }
        Action::StealHalf { limit, got } => {
            let claim = add(Effect::ClaimHalf { limit: *limit, got: got.clone() }, false, last);
            if with_releases {
                for value in got {
                    add(Effect::Release(*value), true, claim);
                }
            }
        }
        Action::PushWasEmpty { value, was_empty } => {
            if is_one_ring || !was_empty {
                add(Effect::PushOnto { value: *value, empty: *was_empty }, false, last);
            } else {
                // Or thieves took the last of the others during the call.
                last = add(Effect::Push(vec![*value]), false, last);
                add(Effect::OlderIsGone(*value), false, last);
            }
        }
        Action::Len(len) if is_one_ring => _ = add(Effect::Holds(*len), false, last),
        Action::IsEmpty(empty) if is_one_ring => _ = add(Effect::IsEmpty(*empty), false, last),
        // To the owner `true` stays true until its next push.
        Action::IsEmpty(true) if call.thread == 0 => _ = add(Effect::IsEmpty(true), false, last),
        // Counted ring by ring: no step (see `count`).
        Action::Len(_) | Action::IsEmpty(_) => {}
        Action::Crash { max, held } => {
            if atomic || *held == 0 {
                add(Effect::ClaimUnseen { max: *max, count: *held }, false, last);
            } else {
                for _ in 0..*held {
                    last = add(Effect::ClaimUnseen { max: 1, count: 1 }, false, last);
                }
            }
        }
    }
    place
}

/// What goes into one step: the whole batch, or one value at a time.
fn chunks(values: &[u8], atomic: bool) -> impl Iterator<Item = &[u8]> {
    values.chunks(if atomic { values.len().max(1) } else { 1 })
}
