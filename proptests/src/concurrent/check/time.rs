//! What the stamps of one clock prove: a call that ended before another began came first.

use anyhow::{Result, ensure};

use super::order::Newest;
use crate::concurrent::history::{Deed, Event, History};

/// A deque's length as far as the clock bounds it from below: values count from the end of the call
/// that pushed them to the beginning of the call that took them.
struct LeastLength {
    /// When it changes, and to what.
    changes: Vec<(u64, i64)>,
}

impl LeastLength {
    fn of(history: &History, deque: usize) -> Self {
        let mut changes: Vec<(u64, i64)> = Vec::new();
        for (_, event) in history.events() {
            let (began, ended) = event.span;
            changes.push((ended, put(event, deque)));
            changes.push((began, -taken(event, deque)));
        }
        changes.retain(|&(_, by)| by != 0);
        changes.sort_unstable();
        let mut length = 0;
        for (_, by) in &mut changes {
            length += *by;
            *by = length;
        }
        Self { changes }
    }

    /// The least it ever was from the first time to the last.
    fn during(&self, (began, ended): (u64, u64)) -> i64 {
        let upto = |time| self.changes.partition_point(|&(at, _)| at <= time);
        let at_first = upto(began).checked_sub(1).map_or(0, |last| self.changes[last].1);
        let later = self.changes[upto(began)..upto(ended)].iter().map(|&(_, length)| length);
        later.fold(at_first, i64::min)
    }
}

/// How many values a call put into the deque.
fn put(event: &Event, deque: usize) -> i64 {
    let count = match &event.deed {
        Deed::Pushed { ids, .. } if event.deque == deque => ids.len(),
        Deed::Moved { into, count, .. } if *into == deque => *count,
        _ => 0,
    };
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// How many values a call took out of the deque.
fn taken(event: &Event, deque: usize) -> i64 {
    let count = match &event.deed {
        Deed::Popped { ids, .. } | Deed::Stole { ids, .. } if event.deque == deque => ids.len(),
        Deed::Moved { count, .. } if event.deque == deque => *count,
        _ => 0,
    };
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Whether a call's answer says that the deque was empty at some moment of the call, a value aside that
/// the call itself pushed.
fn says_empty(deed: &Deed, bounded: bool, by_owner: bool) -> bool {
    match deed {
        Deed::Popped { ids, max } => ids.len() < *max,
        // A batch from a chain may end at a ring whose successor is just being made.
        Deed::Stole { ids, max } => ids.len() < *max && (bounded || ids.is_empty()),
        // Into a bounded deque nothing moves if that is full.
        Deed::Moved { count, max, .. } => !bounded && *count == 0 && *max != 0,
        Deed::SawLength(length) => *length == 0 && (bounded || by_owner),
        Deed::SawEmpty(empty) => *empty && (bounded || by_owner),
        Deed::Pushed { was_empty, .. } => *was_empty == Some(true),
    }
}

/// "Empty" is told only of a deque that was empty at some moment of the call, and a push is refused
/// only if there are as many values as slots or a thief is at work.
pub(super) fn empty_and_full_are_true(history: &History, deque: usize) -> Result<()> {
    let least = LeastLength::of(history, deque);
    let capacity = history.capacities[deque];
    for (thread, event) in history.events().filter(|(_, event)| event.deque == deque) {
        if says_empty(&event.deed, capacity.is_some(), thread == deque) {
            let length = least.during(event.span);
            ensure!(length < 1, "{event:x?} by thread {thread}, though {length} values were always there");
        }
    }
    let Some(capacity) = capacity else { return Ok(()) };
    let fill = Fill::of(history, deque);
    for event in history.owner(deque).iter().filter(|event| event.deque == deque) {
        if matches!(event.deed, Deed::Pushed { refused: true, .. }) && !fill.is_disturbed(event.span) {
            let length = fill.before(event.span.0) + put(event, deque);
            let full = usize::try_from(length) == Ok(capacity);
            ensure!(
                full,
                "{event:x?}, though {length} of {capacity} slots were filled and no thief was there"
            );
        }
    }
    Ok(())
}

/// What was put in and taken out by calls that had ended.
struct Fill {
    /// When calls that changed the deque ended, and the length after each, the others left aside.
    ended: Vec<(u64, i64)>,
    /// When thefts began, in order.
    thefts_began: Vec<u64>,
    /// When thefts ended, in order.
    thefts_ended: Vec<u64>,
}

impl Fill {
    fn of(history: &History, deque: usize) -> Self {
        let changing = history.events().map(|(_, event)| event);
        let mut ended: Vec<(u64, i64)> = changing
            .map(|event| (event.span.1, put(event, deque) - taken(event, deque)))
            .filter(|&(_, by)| by != 0)
            .collect();
        ended.sort_unstable();
        let mut length = 0;
        for (_, by) in &mut ended {
            length += *by;
            *by = length;
        }
        let thefts = history.events().map(|(_, event)| event).filter(|event| taken(event, deque) != 0);
        let (mut thefts_began, mut thefts_ended): (Vec<u64>, Vec<u64>) =
            thefts.map(|event| event.span).unzip();
        thefts_began.sort_unstable();
        thefts_ended.sort_unstable();
        Self { ended, thefts_began, thefts_ended }
    }

    /// The length that the calls make that had ended before.
    fn before(&self, time: u64) -> i64 {
        let ended = self.ended.partition_point(|&(at, _)| at < time);
        ended.checked_sub(1).map_or(0, |last| self.ended[last].1)
    }

    /// Whether a theft was going on at some moment of the span.
    fn is_disturbed(&self, (began, ended): (u64, u64)) -> bool {
        let begun = self.thefts_began.partition_point(|&at| at <= ended);
        let over = self.thefts_ended.partition_point(|&at| at < began);
        begun != over
    }
}

/// A theft that began when another had ended got newer values, whoever the thieves were.
pub(super) fn thieves_take_turns(history: &History, deque: usize) -> Result<()> {
    if !history.is_in_push_order(deque) {
        return Ok(());
    }
    let mut thefts: Vec<((u64, u64), &[u64])> = history
        .events()
        .filter(|(_, event)| event.deque == deque)
        .filter_map(|(_, event)| match &event.deed {
            Deed::Stole { ids, .. } => Some((event.span, ids.as_slice())),
            _ => None,
        })
        .collect();
    let mut by_end = thefts.clone();
    by_end.sort_unstable_by_key(|&((_, ended), _)| ended);
    thefts.sort_unstable();

    let mut over = by_end.into_iter().peekable();
    let mut newest = Newest::default();
    for ((began, _), ids) in thefts {
        while let Some((_, ids)) = over.next_if(|&((_, ended), _)| ended < began) {
            ids.iter().for_each(|&id| newest.include(id));
        }
        ids.iter().try_for_each(|&id| newest.is_before(id))?;
    }
    Ok(())
}

/// How many calls began on a deque while a theft from it by another thread was going on.
pub(super) fn overlaps(history: &History) -> u64 {
    if !history.timed {
        return 0;
    }
    let mut overlaps = 0;
    for deque in 0..history.capacities.len() {
        let mut events: Vec<(usize, &Event)> =
            history.events().filter(|(_, event)| event.deque == deque).collect();
        events.sort_unstable_by_key(|(_, event)| event.span);
        let thefts = events.windows(2).filter(|pair| {
            let [(thread, theft), (other, next)] = pair else { return false };
            matches!(theft.deed, Deed::Stole { .. } | Deed::Moved { .. })
                && thread != other
                && next.span.0 < theft.span.1
        });
        overlaps += thefts.count() as u64;
    }
    overlaps
}
