//! A node's lifetime as a tracked cell: read by each thread that accesses the node, written when the lifetime ends.
//!
//! So loom reports an access after the end, an access still in progress at the end, and an access that does not
//! happen before the end; it reports a lifetime that never ends as a leak.

use loom::alloc::Track;
use loom::cell::{ConstPtr, UnsafeCell};

pub(super) struct Liveness {
    alive: UnsafeCell<bool>,
    leak: Option<Track<()>>,
}

pub(super) struct AccessToken {
    _reading: Option<ConstPtr<bool>>,
}

impl Liveness {
    pub(super) fn begin() -> Self {
        Self { alive: UnsafeCell::new(true), leak: Some(Track::new(())) }
    }

    pub(super) fn access(&self) -> AccessToken {
        let reading = self.alive.get();
        // SAFETY: loom has checked that no thread writes the cell meanwhile.
        let alive = unsafe { *reading.deref() };
        assert!(alive, "a ring was touched after it was freed");
        AccessToken { _reading: Some(reading) }
    }

    pub(super) fn end(&mut self) {
        self.alive.with_mut(|alive| {
            // SAFETY: loom has checked that no thread reads or writes the cell meanwhile.
            unsafe { *alive = false };
        });
        self.leak = None;
    }
}

impl AccessToken {
    pub(super) fn none() -> Self {
        Self { _reading: None }
    }
}
