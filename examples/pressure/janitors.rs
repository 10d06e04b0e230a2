//! The janitors under comparison, and how to wait until one has run.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use memory_stats::memory_stats;
use pooldeque::Janitor;

/// The resident set of this process, in bytes.
///
/// # Errors
///
/// The system does not report it.
pub(crate) fn resident() -> io::Result<u64> {
    let stats =
        memory_stats().ok_or_else(|| io::Error::other("the system does not report the resident memory"))?;
    Ok(stats.physical_mem as u64)
}

/// A janitor whose readings of the resident set are counted, or none.
pub(crate) struct Watch {
    interval: Duration,
    janitor: Option<Janitor>,
    /// One per interval, and one more after each clear.
    readings: Arc<AtomicU64>,
}

impl Watch {
    /// No janitor.
    pub(crate) fn without_janitor(interval: Duration) -> Self {
        Self { interval, janitor: None, readings: Arc::default() }
    }

    /// A janitor that only lets values age.
    pub(crate) fn ageing(interval: Duration) -> io::Result<Self> {
        Self::with_budget(interval, u64::MAX)
    }

    /// A janitor that clears the pools when the resident set exceeds its share of the budget.
    ///
    /// With the feature `pressure`, `memory_budget(bytes)` alone does this, with a built-in reader. The
    /// reader here also counts its calls.
    pub(crate) fn with_budget(interval: Duration, bytes: u64) -> io::Result<Self> {
        let readings = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&readings);
        let in_use = move || {
            counted.fetch_add(1, Ordering::SeqCst);
            resident().ok()
        };
        let janitor = Janitor::every(interval).memory_budget_by(bytes, in_use).spawn()?;
        Ok(Self { interval, janitor: Some(janitor), readings })
    }

    /// Waits until the janitor has ticked, or cleared the pools, for the current resident set.
    pub(crate) fn wait(&self) {
        let Some(janitor) = &self.janitor else { return thread::sleep(self.interval) };
        let (ticks, clears) = (janitor.ticks(), janitor.clears());
        // A tick that is already running may have read the resident set before this call.
        let has_begun = self.readings.load(Ordering::SeqCst) > ticks + 2 * clears;
        let last = ticks + clears + 1 + u64::from(has_begun);
        while janitor.ticks() + janitor.clears() < last {
            thread::sleep(Duration::from_millis(1));
        }
    }

    pub(crate) fn ticks(&self) -> u64 {
        self.janitor.as_ref().map_or(0, Janitor::ticks)
    }

    pub(crate) fn clears(&self) -> u64 {
        self.janitor.as_ref().map_or(0, Janitor::clears)
    }

    /// Clears that did not bring the resident set down.
    pub(crate) fn futile_clears(&self) -> u64 {
        self.janitor.as_ref().map_or(0, Janitor::futile_clears)
    }
}
