//! The rare side fences for all: `membarrier(2)`.

use core::sync::atomic::{Ordering, compiler_fence};
use std::sync::OnceLock;

use rustix::thread::{MembarrierCommand, membarrier};

/// Whether the kernel has agreed to fence for all.
static AGREED: OnceLock<bool> = OnceLock::new();

/// Asks the kernel, once in a process.
pub(crate) fn prepare_fences() {
    light_fence_is_enough();
}

/// Whether the frequent side may rely on the kernel. The answer never changes.
pub(crate) fn light_fence_is_enough() -> bool {
    *AGREED.get_or_init(|| membarrier(MembarrierCommand::RegisterPrivateExpedited).is_ok())
}

/// The frequent side's fence, if it is enough: it holds the compiler back.
#[inline(always)]
pub(crate) fn light_fence(ordering: Ordering) {
    compiler_fence(ordering);
}

/// Makes every running thread of this process pass a full fence, if any of them relies on it.
///
/// # Panics
///
/// If the kernel refuses what it has agreed to.
pub(super) fn fence_all_threads() {
    if light_fence_is_enough() {
        membarrier(MembarrierCommand::PrivateExpedited)
            .expect("a process that has registered for it can make its threads fence");
    }
}
