//! Values that are counted while they live.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

/// How many values live.
#[derive(Clone, Default)]
pub(crate) struct Living(Arc<AtomicUsize>);

/// A value that is counted while it lives, and looks at itself when it is dropped.
pub(crate) struct Live {
    living: Living,
    mark: u64,
}

const MARK: u64 = 0x1eaf;

impl Living {
    pub(crate) fn make(&self) -> Live {
        self.0.fetch_add(1, SeqCst);
        Live { living: self.clone(), mark: MARK }
    }

    pub(crate) fn count(&self) -> usize {
        self.0.load(SeqCst)
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        assert_eq!(self.mark, MARK, "a value is dropped once, and whole");
        self.mark = 0;
        self.living.0.fetch_sub(1, SeqCst);
    }
}
