//! Ageing without stopping anybody: Go's `poolCleanup`, where nobody stops the world.
//!
//! A tick empties the victim side of every thread slot and drops what it finds there; then it counts the
//! generation up, which makes the empty side the primary and what was the primary the victim. It takes
//! from the shared parts as any thief does, and from the private places behind their closed doors, so it
//! does not matter whether a slot's holder is running, asleep or gone. Holders find their doors closed
//! for a moment, and use their shared parts meanwhile.

use alloc::vec::Vec;
use core::iter;

use super::counters::Counter;
use super::door;
use super::local::Side;
use super::state::State;
use crate::Batch;
use crate::drop_each::drop_each;
use crate::order;

/// How many values are claimed at once: enough to make the claim cheap, and few enough to leave the epoch
/// now and then.
const HANDFUL: usize = 256;

/// Makes the victims the primaries, and the primaries the victims, when it goes.
struct Swap<'a, T>(&'a State<T>);

impl<T> Drop for Swap<'_, T> {
    fn drop(&mut self) {
        let next = self.0.generation().wrapping_add(1);
        self.0.generation.store(next, order::GENERATION_ADVANCE.get());
    }
}

impl<T> State<T> {
    /// Drops what nobody has used for two ticks. Calls that meet go one after the other; one that a
    /// destructor makes inside another does nothing.
    pub(super) fn tick(&self) {
        self.turns.take(|| {
            self.tick_counters.ticks.add(1);
            let victims = self.primary().other();
            // A destructor may panic, and the roles are swapped all the same.
            let _swap = Swap(self);
            self.empty(&[victims], &self.tick_counters.aged);
        });
    }

    /// Drops all that is idle, except what comes in meanwhile. Calls that meet are as for
    /// [`tick`](Self::tick).
    pub(super) fn clear(&self) {
        self.turns.take(|| self.empty(&Side::BOTH, &self.tick_counters.cleared));
    }

    /// Drops all that lies on these sides, in its turn.
    fn empty(&self, sides: &[Side], count: &Counter) {
        let mut privates = self.empty_privates(sides);
        count.add(privates.len());
        let mut handfuls = sides.iter().flat_map(|&side| self.handfuls(side));
        let mut handful = Batch::empty();
        drop_each(|| {
            loop {
                if let Some(value) = privates.pop().or_else(|| handful.next()) {
                    return Some(value);
                }
                // The old one lets go of its ring and its epoch before the new one is claimed.
                handful = Batch::empty();
                handful = handfuls.next()?;
                count.add(handful.len());
            }
        });
    }

    /// Takes what lies in the private places of these sides, except where a holder is at it just now.
    fn empty_privates(&self, sides: &[Side]) -> Vec<T> {
        // SAFETY: whoever closes doors does so in its turn.
        let closed = self.locals.iter().map(|(_, local)| (local, unsafe { local.close() }));
        let closed: Vec<_> = closed.collect();
        if closed.is_empty() {
            return Vec::new();
        }
        door::fence_after_closing();
        let places = closed.iter().flat_map(|behind| sides.iter().map(move |&side| (behind, side)));
        // SAFETY: its own door, closed before the fence.
        places.filter_map(|((local, door), side)| unsafe { local.empty_private(door, side) }).collect()
    }

    /// What lies in the shared parts of this side, claimed little by little.
    fn handfuls(&self, side: Side) -> impl Iterator<Item = Batch<'_, T>> {
        self.locals.iter().flat_map(move |(number, _)| {
            iter::from_fn(move || {
                self.look_into(number, side, |shared| {
                    let handful = shared.steal_batch(HANDFUL);
                    (handful.len() != 0).then_some(handful)
                })
            })
        })
    }
}

impl<T> Drop for State<T> {
    fn drop(&mut self) {
        let privates = self.locals.iter_mut().flat_map(|local| local.privates_mut());
        let mut privates = privates.into_iter();
        // The shared parts drop theirs by themselves.
        drop_each(|| privates.next());
    }
}
