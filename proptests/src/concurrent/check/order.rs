//! A thief gets older values before newer ones.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};

use crate::concurrent::history::{Deed, History, origin};
use crate::item::Id;

/// The newest value seen so far, by origin.
#[derive(Clone, Debug, Default)]
pub(super) struct Newest(BTreeMap<usize, Id>);

impl Newest {
    /// Sees a value that must be newer than all seen before.
    pub(super) fn advance(&mut self, id: Id) -> Result<()> {
        self.is_before(id)?;
        self.0.insert(origin(id), id);
        Ok(())
    }

    /// Whether all that was seen is older.
    pub(super) fn is_before(&self, id: Id) -> Result<()> {
        let before = self.0.get(&origin(id));
        ensure!(before.is_none_or(|&before| before < id), "{id:x} came after {before:x?}");
        Ok(())
    }

    /// Takes over what is newer there.
    pub(super) fn include(&mut self, id: Id) {
        let newest = self.0.entry(origin(id)).or_insert(id);
        *newest = id.max(*newest);
    }
}

/// All that a thief steals from a deque, one by one and in batches, and then what is left there,
/// comes in the order of the pushes.
pub(super) fn each_thief_sees_push_order(history: &History, deque: usize) -> Result<()> {
    for events in &history.threads {
        let mut newest = Newest::default();
        let stolen = events.iter().filter(|event| event.deque == deque).flat_map(|event| match &event.deed {
            Deed::Stole { ids, .. } => ids.as_slice(),
            _ => &[],
        });
        stolen.chain(&history.left[deque]).try_for_each(|&id| newest.advance(id))?;
    }
    Ok(())
}
