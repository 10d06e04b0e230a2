//! Books on values that must be met exactly once each.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Counts how often each of the values `0..count` was met: taken out of a deque, or dropped.
pub(crate) struct Ledger(Box<[AtomicU32]>);

impl Ledger {
    /// Nothing met yet of the values `0..count`.
    pub(crate) fn new(count: usize) -> Arc<Self> {
        Arc::new(Self((0..count).map(|_| AtomicU32::new(0)).collect()))
    }

    /// The value `id` was met.
    pub(crate) fn note(&self, id: usize) {
        self.0[id].fetch_add(1, Ordering::Relaxed);
    }

    /// How many were met, all values together.
    pub(crate) fn total(&self) -> usize {
        self.0.iter().map(|count| count.load(Ordering::Relaxed) as usize).sum()
    }

    /// The values that were met at least once, ascending.
    pub(crate) fn met(&self) -> Vec<usize> {
        (0..self.0.len()).filter(|&id| self.0[id].load(Ordering::Relaxed) != 0).collect()
    }

    /// Fails unless every value was met once and none twice.
    #[track_caller]
    pub(crate) fn assert_each_once(&self) {
        for (id, count) in self.0.iter().enumerate() {
            let count = count.load(Ordering::Relaxed);
            assert_eq!(count, 1, "value {id} of {} was met {count} times", self.0.len());
        }
    }

    /// A value that notes its own drop.
    pub(crate) fn value(self: &Arc<Self>, id: usize) -> Noted {
        Noted { id, ledger: Arc::clone(self) }
    }

    /// All of the values, in order.
    pub(crate) fn values(self: &Arc<Self>) -> impl Iterator<Item = Noted> + use<> {
        let ledger = Arc::clone(self);
        (0..self.0.len()).map(move |id| ledger.value(id))
    }
}

/// A value whose drop is noted.
pub(crate) struct Noted {
    pub(crate) id: usize,
    ledger: Arc<Ledger>,
}

impl Drop for Noted {
    fn drop(&mut self) {
        self.ledger.note(self.id);
    }
}
