//! Fences in asymmetric pairs: the side that runs often pays nothing, the side that runs rarely pays
//! for both.
//!
//! Two threads that each store one location and then load the other's must both fence in between, or both may miss the
//! other's store (store buffering). If the kernel can make every running thread of the process execute a full fence
//! (`membarrier`, Linux 4.14), one of them needs no hardware fence: a compiler fence keeps its two accesses in order,
//! and the other thread's system call orders the rest. Elsewhere both fence. The kernel may also refuse: then the rare
//! side's fence returns `false`, and the rare side must not rely on threads that executed no fence of their own.

pub(crate) use core::sync::atomic::fence;
use core::sync::atomic::{Ordering, compiler_fence};

#[cfg(not(all(target_os = "linux", feature = "membarrier")))]
#[path = "asymmetric/both_fence.rs"]
mod system;
#[cfg(all(target_os = "linux", feature = "membarrier"))]
#[path = "asymmetric/membarrier.rs"]
mod system;

pub(crate) use system::light_fence;

/// The rare side's fence. `true` if it also orders the threads that executed only a light fence.
#[cold]
pub(crate) fn heavy_fence(ordering: Ordering) -> bool {
    fence(ordering);
    let reached_all_threads = system::fence_all_threads();
    fence(ordering);
    reached_all_threads
}

/// A fence that directly follows a read-modify-write by the same thread.
///
/// On x86 a locked instruction is already a full fence, and another would double the cost.
#[inline(always)]
pub(crate) fn fence_after_rmw(ordering: Ordering) {
    if cfg!(any(target_arch = "x86", target_arch = "x86_64")) {
        compiler_fence(ordering);
    } else {
        fence(ordering);
    }
}
