//! Fences in asymmetric pairs: the side that runs often pays nothing, the side that runs rarely pays
//! for both.
//!
//! Two threads that each store one thing and then load the other's must both fence in between, or both
//! may miss what the other stored. Where the kernel can make every running thread of the process pass a
//! full fence (`membarrier`, Linux 4.14), one of them may keep from the machine's fence: it only has to
//! keep the compiler from moving its two accesses past each other, and the other's system call orders
//! the rest. Elsewhere both fence. The kernel may also refuse: then the rare side learns of it, and must not
//! rely on the threads that made no fence of their own.

pub(crate) use core::sync::atomic::fence;
use core::sync::atomic::{Ordering, compiler_fence};

#[cfg(not(all(target_os = "linux", feature = "membarrier")))]
#[path = "asymmetric/both_fence.rs"]
mod system;
#[cfg(all(target_os = "linux", feature = "membarrier"))]
#[path = "asymmetric/membarrier.rs"]
mod system;

pub(crate) use system::light_fence;

/// The rare side's fence. `true` if it also orders the threads that made a light fence only.
#[cold]
pub(crate) fn heavy_fence(ordering: Ordering) -> bool {
    fence(ordering);
    let reached_all_threads = system::fence_all_threads();
    fence(ordering);
    reached_all_threads
}

/// A fence that directly follows a read-modify-write by the same thread.
///
/// On x86 a locked instruction is a full fence already, and another would double the price.
#[inline(always)]
pub(crate) fn fence_after_rmw(ordering: Ordering) {
    if cfg!(any(target_arch = "x86", target_arch = "x86_64")) {
        compiler_fence(ordering);
    } else {
        fence(ordering);
    }
}
