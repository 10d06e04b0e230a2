//! An allocator that counts allocations per thread, and bytes in use.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

use pooldeque::unbounded;

/// The system allocator, with counters.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes allocated and not yet freed, over all threads.
static LIVE: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// Allocations by this thread, so that others, such as the test harness's, do not disturb the count.
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: forwards to the system allocator; the counting itself does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        LIVE.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller upholds the contract, which is that of the system allocator.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as in `alloc`.
        unsafe { System.dealloc(memory, layout) }
    }
}

/// The number of allocations by this thread during `work`.
pub(crate) fn allocations_during(work: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    work();
    ALLOCATIONS.get() - before
}

/// Bytes allocated and not yet freed, over all threads.
pub(crate) fn live_bytes() -> usize {
    LIVE.load(Ordering::Relaxed)
}

/// Lets the epoch advance, so that garbage no thread can reach any more is freed.
pub(crate) fn enter_the_epoch_a_few_times() {
    let (_worker, stealer) = pooldeque::unbounded::<()>();
    // Crossbeam collects garbage on every 128th pin of a thread.
    for _ in 0..1024 {
        assert_eq!(stealer.steal(), None);
    }
}

/// A deque after a million values have been pushed and stolen.
pub(crate) fn after_a_burst() -> (unbounded::Worker<u64>, unbounded::Stealer<u64>) {
    const BURST: u64 = 1_000_000;
    let (worker, stealer) = pooldeque::unbounded();
    for value in 0..BURST {
        worker.push(value);
    }
    for value in 0..BURST {
        assert_eq!(stealer.steal(), Some(value));
    }
    (worker, stealer)
}
