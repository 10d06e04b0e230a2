//! Waiting for other threads with a deadline, so that a broken deque does not hang the tests.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long a test waits for something that a correct deque does at once, even on a slow machine.
const LIMIT: Duration = Duration::from_secs(60);

/// A wait that fails after a deadline.
pub(crate) struct Patience {
    since: Instant,
}

impl Patience {
    pub(crate) fn new() -> Self {
        Self { since: Instant::now() }
    }

    /// Lets other threads run; panics after the deadline.
    #[track_caller]
    pub(crate) fn pause(&self) {
        assert!(self.since.elapsed() < LIMIT, "no progress for {LIMIT:?}");
        thread::yield_now();
    }
}

/// Retries until `attempt` succeeds; panics after the deadline.
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

/// A flag that is raised when its owner is dropped, including by a panic.
pub(crate) struct RaiseOnDrop<'a>(pub(crate) &'a AtomicBool);

impl Drop for RaiseOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}
