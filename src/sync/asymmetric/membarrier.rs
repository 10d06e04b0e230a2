//! The rare side fences for all threads: `membarrier(2)`.

use core::sync::atomic::{AtomicBool, Ordering, compiler_fence};

/// Whether this process has registered. A hint: registering twice does no harm.
static IS_REGISTERED: AtomicBool = AtomicBool::new(false);

/// The frequent side's fence: a compiler fence.
#[inline(always)]
pub(crate) fn light_fence(ordering: Ordering) {
    compiler_fence(ordering);
}

/// Makes the system call. `false` if the kernel refuses.
fn membarrier(command: libc::c_int) -> bool {
    let (flags, no_processor): (libc::c_uint, libc::c_int) = (0, 0);
    // SAFETY: the call takes three numbers, and touches no memory of this process.
    unsafe { libc::syscall(libc::SYS_membarrier, command, flags, no_processor) == 0 }
}

/// Makes every running thread of this process pass a full fence. `false` if the kernel refuses, as a sandbox
/// may make it do at any time.
///
/// The first call in a process registers it. With other threads alive that takes the kernel a few
/// milliseconds, so the frequent side never does it.
pub(super) fn fence_all_threads() -> bool {
    let fence = || membarrier(libc::MEMBARRIER_CMD_PRIVATE_EXPEDITED);
    if IS_REGISTERED.load(Ordering::Relaxed) && fence() {
        return true;
    }
    let is_registered = membarrier(libc::MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
    IS_REGISTERED.store(is_registered, Ordering::Relaxed);
    is_registered && fence()
}
