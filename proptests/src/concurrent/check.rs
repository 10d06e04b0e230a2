//! Judging a history.

use anyhow::{Context, Result};

use super::history::{Deed, History};
use crate::campaign::Tally;

mod identity;
mod order;
mod owner;
mod time;

/// Checks all that can be checked.
///
/// # Errors
///
/// If no correct deque could have done this, with what is wrong.
pub fn check(history: &History) -> Result<()> {
    identity::each_value_ends_once(history)?;
    for deque in 0..history.capacities.len() {
        owner::sees_a_stack(history, deque).with_context(|| format!("the owner of deque {deque}"))?;
        if history.is_in_push_order(deque) {
            order::each_thief_sees_push_order(history, deque)
                .with_context(|| format!("the thieves of deque {deque}"))?;
        }
        if history.timed {
            time::empty_and_full_are_true(history, deque)
                .and_then(|()| time::thieves_take_turns(history, deque))
                .with_context(|| format!("deque {deque} in time"))?;
        }
    }
    Ok(())
}

/// Counts what happened.
pub fn count(history: &History, tally: &mut Tally) {
    for (_, event) in history.events() {
        match &event.deed {
            Deed::Pushed { ids, refused, .. } => {
                tally.note_many("values-pushed", ids.len() as u64);
                tally.note_many("refusals", u64::from(*refused));
            }
            Deed::Popped { ids, .. } => tally.note_many("values-popped", ids.len() as u64),
            Deed::Stole { ids, .. } => {
                tally.note_many("values-stolen", ids.len() as u64);
                tally.note_many("batches-stolen", u64::from(ids.len() > 1));
            }
            Deed::Moved { count, .. } => tally.note_many("values-moved", *count as u64),
            Deed::SawLength(_) | Deed::SawEmpty(_) => {}
        }
        tally.note("calls");
    }
    tally.note_many("calls-of-others-during-a-theft", time::overlaps(history));
}
