//! Waiting for other threads without hanging when the deque is broken.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long a test waits for what a correct deque does at once, on however slow a machine.
const LIMIT: Duration = Duration::from_secs(60);

/// Waits that end in a failure instead of never.
pub(crate) struct Patience {
    since: Instant,
}

impl Patience {
    pub(crate) fn new() -> Self {
        Self { since: Instant::now() }
    }

    /// Lets other threads run.
    #[track_caller]
    pub(crate) fn pause(&self) {
        assert!(self.since.elapsed() < LIMIT, "waited in vain for {LIMIT:?}");
        thread::yield_now();
    }
}

/// Tries again and again until `attempt` succeeds.
#[track_caller]
pub(crate) fn patiently<R>(mut attempt: impl FnMut() -> Option<R>) -> R {
    let mut patience = None;
    loop {
        if let Some(result) = attempt() {
            return result;
        }
        patience.get_or_insert_with(Patience::new).pause();
    }
}

/// A flag that is raised when its holder is done, be it by a panic.
pub(crate) struct RaiseOnDrop<'a>(pub(crate) &'a AtomicBool);

impl Drop for RaiseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}
