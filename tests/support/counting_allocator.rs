//! An allocator that keeps the books: how often a thread asked it for memory, and how much is out.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};

use pooldeque::unbounded;

/// The system's allocator, counted.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes allocated and not yet freed, by whatever thread.
static LIVE: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// How often this thread has allocated. Others, the test harness's among them, do not disturb it.
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: the system's allocator does the work; the books are kept without allocating.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        LIVE.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: passed on.
        unsafe { System.dealloc(memory, layout) }
    }
}

/// How often this thread allocates during `work`.
pub(crate) fn allocations_during(work: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    work();
    ALLOCATIONS.get() - before
}

/// Bytes allocated and not yet freed, by whatever thread.
pub(crate) fn live_bytes() -> usize {
    LIVE.load(Ordering::Relaxed)
}

/// Lets the epoch advance, so that what nobody can be looking at any more is freed.
pub(crate) fn enter_the_epoch_a_few_times() {
    let (_worker, stealer) = pooldeque::unbounded::<()>();
    // Crossbeam looks for garbage on every 128th entry of a thread.
    for _ in 0..1024 {
        assert_eq!(stealer.steal(), None);
    }
}

/// A deque through which a million values went, pushed one way and stolen another.
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
