//! An allocator that counts the requests of each thread.
//!
//! A thread counts for itself, without an atomic access, so that threads which allocate much are not slowed
//! down by the counting more than others.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ops::{AddAssign, Sub};

/// What was allocated.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Allocations {
    /// How many times memory was requested, new or more.
    pub(crate) count: u64,
    /// How many bytes were requested.
    pub(crate) bytes: u64,
    /// How many bytes were given back.
    pub(crate) freed: u64,
}

/// Does something, and returns what it allocated on this thread.
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

/// The system's allocator, counted.
struct Counting;

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: the system's allocator does the work; the counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(1, layout.size(), 0);
        // SAFETY: passed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(1, layout.size(), 0);
        // SAFETY: passed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        count(0, 0, layout.size());
        // SAFETY: passed on.
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(1, size, layout.size());
        // SAFETY: passed on.
        unsafe { System.realloc(memory, layout, size) }
    }
}
