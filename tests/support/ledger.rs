//! Checks that each value is seen exactly once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Counts how often each of the values `0..count` was seen: taken out of a deque, or dropped.
pub(crate) struct Ledger(Box<[AtomicU32]>);

impl Ledger {
    /// A ledger for the values `0..count`, none of them seen yet.
    pub(crate) fn new(count: usize) -> Arc<Self> {
        Arc::new(Self((0..count).map(|_| AtomicU32::new(0)).collect()))
    }

    /// Records that the value `id` was seen.
    pub(crate) fn note(&self, id: usize) {
        self.0[id].fetch_add(1, Ordering::Relaxed);
    }

    /// The sum of all counts.
    pub(crate) fn total(&self) -> usize {
        self.0.iter().map(|count| count.load(Ordering::Relaxed) as usize).sum()
    }

    /// The values seen at least once, ascending.
    pub(crate) fn met(&self) -> Vec<usize> {
        (0..self.0.len()).filter(|&id| self.0[id].load(Ordering::Relaxed) != 0).collect()
    }

    /// Panics unless every value was seen exactly once.
    #[track_caller]
    pub(crate) fn assert_each_once(&self) {
        for (id, count) in self.0.iter().enumerate() {
            let count = count.load(Ordering::Relaxed);
            assert_eq!(count, 1, "value {id} of {} was seen {count} times", self.0.len());
        }
    }

    /// A value that records its own drop.
    pub(crate) fn value(self: &Arc<Self>, id: usize) -> Noted {
        Noted { id, ledger: Arc::clone(self) }
    }

    /// All the values, in order.
    pub(crate) fn values(self: &Arc<Self>) -> impl Iterator<Item = Noted> + use<> {
        let ledger = Arc::clone(self);
        (0..self.0.len()).map(move |id| ledger.value(id))
    }
}

/// A value whose drop is recorded.
pub(crate) struct Noted {
    pub(crate) id: usize,
    ledger: Arc<Ledger>,
}

impl Drop for Noted {
    fn drop(&mut self) {
        self.ledger.note(self.id);
    }
}
