//! A node's lifetime as a flag and a count of current accesses, neither of them a scheduling point.

use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::Arc;

#[derive(Default)]
struct State {
    over: AtomicBool,
    watches: AtomicUsize,
}

pub(super) struct Liveness(Arc<State>);

pub(super) struct AccessToken(Option<Arc<State>>);

impl Liveness {
    pub(super) fn begin() -> Self {
        Self(Arc::default())
    }

    pub(super) fn access(&self) -> AccessToken {
        assert!(!self.0.over.load(Relaxed), "a ring was touched after it was freed");
        self.0.watches.fetch_add(1, Relaxed);
        AccessToken(Some(Arc::clone(&self.0)))
    }

    pub(super) fn end(&mut self) {
        assert_eq!(self.0.watches.load(Relaxed), 0, "a ring was freed while it was in use");
        assert!(!self.0.over.swap(true, Relaxed), "a ring was freed twice");
    }
}

impl AccessToken {
    pub(super) fn none() -> Self {
        Self(None)
    }
}

impl Drop for AccessToken {
    fn drop(&mut self) {
        if let Some(state) = &self.0 {
            state.watches.fetch_sub(1, Relaxed);
        }
    }
}
