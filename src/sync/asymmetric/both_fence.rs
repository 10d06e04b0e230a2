//! Without help from the kernel each side executes a full fence.

use core::sync::atomic::{Ordering, fence};

/// The frequent side's fence: a full one.
#[inline(always)]
pub(crate) fn light_fence(ordering: Ordering) {
    fence(ordering);
}

/// Every thread of the frequent side has executed its own full fence.
pub(super) fn fence_all_threads() -> bool {
    true
}
