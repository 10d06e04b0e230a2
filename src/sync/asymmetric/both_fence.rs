//! Without help from the kernel each side fences for itself.

use core::sync::atomic::{Ordering, fence};

/// Nothing to get ready.
pub(crate) fn prepare_fences() {}

/// It is a whole one.
pub(crate) const fn light_fence_is_enough() -> bool {
    true
}

/// The frequent side's fence.
#[inline(always)]
pub(crate) fn light_fence(ordering: Ordering) {
    fence(ordering);
}

/// The frequent side has fenced for itself.
pub(super) fn fence_all_threads() {}
