//! Judges the lengths that a deque of several rings returns.
//!
//! It is counted ring by ring, so it need not be a length that the deque had at any one moment; and under
//! a weak memory model two threads that count need not agree on the order of what others did. What is
//! promised: a value that is there throughout is counted, one that was there at no moment is not.

use crate::history::{Action, Call, History};

/// Whether all counts in the history keep that promise.
pub(super) fn are_possible(history: &History) -> bool {
    history.calls.iter().all(|call| match call.action {
        Action::Len(len) => possible(history, call).contains(&len),
        Action::IsEmpty(true) => possible(history, call).contains(&0),
        Action::IsEmpty(false) => *possible(history, call).end() > 0,
        _ => true,
    })
}

/// What `call` can have counted.
fn possible(history: &History, call: &Call) -> std::ops::RangeInclusive<u8> {
    let (mut least, mut most) = (0_u8, 0_u8);
    for added in &history.calls {
        for value in pushed(&added.action) {
            let removed = history.calls.iter().find(|other| takes(&other.action, *value));
            if !history.is_before(call, added) && !removed.is_some_and(|it| history.is_before(it, call)) {
                most += 1;
            }
            if history.is_before(added, call) && removed.is_none_or(|it| history.is_before(call, it)) {
                least += 1;
            }
        }
    }
    // Which values a crashed thief has is unknown.
    let held = history.calls.iter().filter_map(|other| match other.action {
        Action::Crash { held, .. } => Some(held),
        _ => None,
    });
    least.saturating_sub(held.sum())..=most
}

/// The values that were added.
fn pushed(action: &Action) -> &[u8] {
    match action {
        Action::Push { offered, accepted } => &offered[..usize::from(*accepted)],
        Action::PushWasEmpty { value, .. } => std::slice::from_ref(value),
        _ => &[],
    }
}

/// Whether `value` was removed.
fn takes(action: &Action, value: u8) -> bool {
    matches!(action, Action::Pop { got, .. } | Action::Steal { got, .. } | Action::StealHalf { got, .. } if got.contains(&value))
}
