//! Batches, compared with what the oracle claimed.

use std::collections::VecDeque;
use std::mem;

use anyhow::{Result, ensure};
use pooldeque::Batch;

use super::program::{Fate, Side};
use crate::item::{Id, Item};
use crate::oracle::Place;

/// A batch and what should be in it.
pub(super) struct Claimed<'b> {
    batch: Batch<'b, Item>,
    /// In the order they come out; a stolen one with the slot that it keeps.
    expected: VecDeque<(Id, Option<Place>)>,
}

/// What taking values out of a batch and ending it does to the rest of the world.
#[derive(Debug, Default)]
pub(super) struct Effects {
    /// Who is dropped, in that order.
    pub(super) dropped: Vec<Id>,
    /// Which slots become free.
    pub(super) released: Vec<Place>,
    /// How many are leaked.
    pub(super) leaked: usize,
}

/// A stolen batch that is kept while the program goes on.
pub(super) struct Open<'t> {
    pub(super) side: Side,
    pub(super) claimed: Claimed<'t>,
}

impl<'b> Claimed<'b> {
    pub(super) fn popped(batch: Batch<'b, Item>, expected: Vec<Id>) -> Result<Self> {
        Self::new(batch, expected.into_iter().map(|id| (id, None)).collect())
    }

    pub(super) fn stolen(batch: Batch<'b, Item>, expected: Vec<(Id, Place)>) -> Result<Self> {
        Self::new(batch, expected.into_iter().map(|(id, place)| (id, Some(place))).collect())
    }

    fn new(batch: Batch<'b, Item>, expected: VecDeque<(Id, Option<Place>)>) -> Result<Self> {
        let claimed = Self { batch, expected };
        claimed.check_length()?;
        Ok(claimed)
    }

    fn check_length(&self) -> Result<()> {
        let length = self.expected.len();
        ensure!(self.batch.len() == length, "the batch has {}, not {length}", self.batch.len());
        ensure!(self.batch.size_hint() == (length, Some(length)));
        ensure!(format!("{:?}", self.batch).contains(&format!("len: {length}")));
        Ok(())
    }

    /// Takes values out, `count` at most, and lets go of them.
    pub(super) fn take(&mut self, count: usize) -> Result<Effects> {
        let mut effects = Effects::default();
        for _ in 0..count {
            let taken = self.batch.next().map(|item| item.id());
            let expected = self.expected.pop_front();
            ensure!(taken == expected.map(|(id, _)| id), "the batch gave {taken:?}, not {expected:?}");
            self.check_length()?;
            let Some((id, place)) = expected else { break };
            effects.dropped.push(id);
            effects.released.extend(place);
        }
        Ok(effects)
    }

    /// Takes out what it is its fate to lose first, then ends it.
    pub(super) fn end(mut self, fate: Fate) -> Result<Effects> {
        match fate {
            Fate::Drained => {
                let effects = self.take(usize::MAX)?;
                ensure!(self.batch.next().is_none(), "the batch went on after its end");
                Ok(effects)
            }
            Fate::DroppedAfter(count) => {
                let mut effects = self.take(count)?;
                drop(self.batch);
                effects.dropped.extend(self.expected.iter().map(|&(id, _)| id));
                effects.released.extend(self.expected.iter().filter_map(|&(_, place)| place));
                Ok(effects)
            }
            Fate::ForgottenAfter(count) => {
                let mut effects = self.take(count)?;
                mem::forget(self.batch);
                effects.leaked = self.expected.len();
                Ok(effects)
            }
        }
    }
}
