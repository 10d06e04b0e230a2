//! No pool at all: every buffer is newly allocated and freed.

use std::alloc::{GlobalAlloc, Layout, handle_alloc_error};
use std::hint::black_box;
use std::ops::{Deref, DerefMut};
use std::ptr::NonNull;

use mimalloc::MiMalloc;

use super::{Buffer, Lender, SIZE, Store, Touch};

/// Keeps nothing: the buffers come from the global allocator, which here is the system's.
pub struct Nothing;

impl Store for Nothing {
    #[inline]
    fn take(&self) -> Option<Buffer> {
        None
    }

    #[inline]
    fn put(&self, buffer: Buffer) {
        drop(buffer);
    }
}

/// Lends blocks of mimalloc's.
pub struct Mimalloc;

/// What a buffer is, of mimalloc's memory.
pub struct Block {
    start: NonNull<u8>,
    len: usize,
    capacity: usize,
}

// SAFETY: it owns its memory.
unsafe impl Send for Block {}

/// A block on loan.
pub struct LentBlock(Block);

const LAYOUT: Layout = Layout::new::<[u8; SIZE]>();

impl Lender for Mimalloc {
    type Guard<'a> = LentBlock;

    #[inline]
    fn get(&self) -> LentBlock {
        // SAFETY: the layout is not of size 0.
        let start = unsafe { MiMalloc.alloc(LAYOUT) };
        let start = NonNull::new(start).unwrap_or_else(|| handle_alloc_error(LAYOUT));
        LentBlock(Block { start, len: 0, capacity: SIZE })
    }
}

impl Block {
    /// What has been written.
    #[must_use]
    pub fn written(&self) -> &[u8] {
        // SAFETY: it owns the memory, of which so much has been written.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }
}

impl Touch for Block {
    #[inline(always)]
    fn touch(&mut self) {
        assert!(self.capacity != 0, "a block is not enlarged");
        // SAFETY: the block is this one's alone, and has room.
        unsafe { self.start.write(1) };
        self.len = 1;
        black_box(self.written());
    }
}

impl Deref for LentBlock {
    type Target = Block;

    #[inline]
    fn deref(&self) -> &Block {
        &self.0
    }
}

impl DerefMut for LentBlock {
    #[inline]
    fn deref_mut(&mut self) -> &mut Block {
        &mut self.0
    }
}

impl Drop for LentBlock {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: allocated there with this layout, and not used again.
        unsafe { MiMalloc.dealloc(self.0.start.as_ptr(), LAYOUT) };
    }
}
