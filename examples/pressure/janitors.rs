//! Who looks after the pools, and how to wait until somebody has.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use memory_stats::memory_stats;
use pooldeque::Janitor;

/// The bytes of this process that are in memory.
///
/// # Errors
///
/// The system does not tell.
pub(crate) fn resident() -> io::Result<u64> {
    let stats =
        memory_stats().ok_or_else(|| io::Error::other("the system does not tell what is resident"))?;
    Ok(stats.physical_mem as u64)
}

/// A janitor whose looks are counted, or none.
pub(crate) struct Watch {
    interval: Duration,
    janitor: Option<Janitor>,
    begun: Arc<AtomicU64>,
}

impl Watch {
    /// No janitor.
    pub(crate) fn nobody(interval: Duration) -> Self {
        Self { interval, janitor: None, begun: Arc::default() }
    }

    /// A janitor that never has a reason to clear.
    pub(crate) fn ageing(interval: Duration) -> io::Result<Self> {
        Self::with_budget(interval, u64::MAX)
    }

    /// A janitor that clears the pools where too much is resident.
    ///
    /// With the feature `pressure` the janitor has a reader of its own, and `memory_budget(bytes)` is all. This
    /// one also counts when it is asked.
    pub(crate) fn with_budget(interval: Duration, bytes: u64) -> io::Result<Self> {
        let begun = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&begun);
        let in_use = move || {
            counted.fetch_add(1, Ordering::SeqCst);
            resident().ok()
        };
        let janitor = Janitor::every(interval).memory_budget_by(bytes, in_use).spawn()?;
        Ok(Self { interval, janitor: Some(janitor), begun })
    }

    /// Waits until the janitor has done what it thinks right for what is resident now: until a look that
    /// begins after this has ended.
    pub(crate) fn wait(&self) {
        let Some(janitor) = &self.janitor else { return thread::sleep(self.interval) };
        let next = self.begun.load(Ordering::SeqCst) + 1;
        while janitor.ticks() + janitor.clears() < next {
            thread::sleep(Duration::from_millis(1));
        }
    }

    pub(crate) fn ticks(&self) -> u64 {
        self.janitor.as_ref().map_or(0, Janitor::ticks)
    }

    pub(crate) fn clears(&self) -> u64 {
        self.janitor.as_ref().map_or(0, Janitor::clears)
    }
}
