//! How the kernel answers a call of `membarrier`.

use std::collections::BTreeMap;
use std::env::consts::ARCH;

use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, apply_filter_all_threads};

/// From now on the kernel refuses `membarrier`, on all threads of this process.
pub(crate) fn refuse_membarrier(error: i32) {
    answer_membarrier(SeccompAction::Errno(error.cast_unsigned()));
    // SAFETY: a plain system call.
    let answer = unsafe { libc::syscall(libc::SYS_membarrier, libc::MEMBARRIER_CMD_QUERY, 0, 0) };
    assert_eq!(answer, -1, "the kernel refuses");
}

/// What the kernel does, from now on, when any thread of this process calls `membarrier`.
pub(crate) fn answer_membarrier(action: SeccompAction) {
    let always = Vec::new();
    let calls = BTreeMap::from([(libc::SYS_membarrier, always)]);
    let here = ARCH.try_into().expect("an architecture that the filter knows");
    let filter = SeccompFilter::new(calls, SeccompAction::Allow, action, here).expect("a filter");
    let filter: BpfProgram = filter.try_into().expect("a filter that can be compiled");
    apply_filter_all_threads(&filter).expect("a filter can be installed");
}
