//! An allocator that counts each thread's allocations.
//!
//! The counters are thread-local and not atomic, so counting does not slow down threads that allocate much
//! more than the others.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ops::{AddAssign, Sub};

/// Allocation counts.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Allocations {
    /// Number of allocations and reallocations.
    pub(crate) count: u64,
    /// Bytes allocated.
    pub(crate) bytes: u64,
    /// Bytes freed.
    pub(crate) freed: u64,
}

/// Runs `work` and returns its result with the allocations it made on this thread.
pub(crate) fn during<R>(work: impl FnOnce() -> R) -> (R, Allocations) {
    let before = ALLOCATIONS.get();
    let result = work();
    (result, ALLOCATIONS.get() - before)
}

impl Sub for Allocations {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self {
            count: self.count - before.count,
            bytes: self.bytes - before.bytes,
            freed: self.freed - before.freed,
        }
    }
}

impl AddAssign for Allocations {
    fn add_assign(&mut self, other: Self) {
        self.count += other.count;
        self.bytes += other.bytes;
        self.freed += other.freed;
    }
}

thread_local! {
    static ALLOCATIONS: Cell<Allocations> =
        const { Cell::new(Allocations { count: 0, bytes: 0, freed: 0 }) };
}

fn count(count: u64, bytes: usize, freed: usize) {
    let mut allocations = ALLOCATIONS.get();
    allocations += Allocations { count, bytes: bytes as u64, freed: freed as u64 };
    ALLOCATIONS.set(allocations);
}

/// The system allocator, with counters.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: forwards to the system allocator; the counting itself does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(1, layout.size(), 0);
        // SAFETY: the caller upholds the contract, which is that of the system allocator.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(1, layout.size(), 0);
        // SAFETY: as in `alloc`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count(0, 0, layout.size());
        // SAFETY: as in `alloc`.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(1, size, layout.size());
        // SAFETY: as in `alloc`.
        unsafe { System.realloc(memory, layout, size) }
    }
}
