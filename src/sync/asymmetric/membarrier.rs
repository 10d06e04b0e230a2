//! The rare side fences for all threads: `membarrier(2)`.

use core::sync::atomic::{AtomicBool, Ordering, compiler_fence};

use rustix::thread::{MembarrierCommand, membarrier};

/// Whether this process has registered. A hint: registering twice is harmless.
static IS_REGISTERED: AtomicBool = AtomicBool::new(false);

/// The frequent side's fence: a compiler fence.
#[inline(always)]
pub(crate) fn light_fence(ordering: Ordering) {
    compiler_fence(ordering);
}

/// Makes every running thread of this process execute a full fence. `false` if the kernel refuses, as it may at any
/// time in a sandbox.
///
/// The first call in a process registers it. With other threads alive that takes the kernel a few
/// milliseconds, so the frequent side never does it.
pub(super) fn fence_all_threads() -> bool {
    let fence = || membarrier(MembarrierCommand::PrivateExpedited).is_ok();
    if IS_REGISTERED.load(Ordering::Relaxed) && fence() {
        return true;
    }
    let is_registered = membarrier(MembarrierCommand::RegisterPrivateExpedited).is_ok();
    IS_REGISTERED.store(is_registered, Ordering::Relaxed);
    is_registered && fence()
}
