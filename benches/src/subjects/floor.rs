//! What a deque over one packed word cannot go below: its read-modify-writes, with no slots behind.

use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_utils::CachePadded;

use super::Deque;

/// Two indexes in one word, moved as a ring's are. What is "pushed" is not kept: a pop gives back the
/// index it moved over.
///
/// With `RELOAD` a pop loads the word before it changes it, as Go's does; without, it expects the word
/// that the owner's last operation left.
#[derive(Default)]
pub struct PackedWord<const RELOAD: bool> {
    word: CachePadded<AtomicU64>,
    seen: u64,
}

const HEAD_STEP: u64 = 1 << 32;
const TAIL: u64 = HEAD_STEP - 1;

impl<const RELOAD: bool> Deque<u64> for PackedWord<RELOAD> {
    #[inline]
    fn push(&mut self, _value: u64) {
        self.seen = self.word.fetch_add(HEAD_STEP, Ordering::Release).wrapping_add(HEAD_STEP);
    }

    #[inline]
    fn pop(&mut self) -> Option<u64> {
        let mut seen = if RELOAD { self.word.load(Ordering::Relaxed) } else { self.seen };
        loop {
            let popped = seen.wrapping_sub(HEAD_STEP);
            match self.word.compare_exchange(seen, popped, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => {
                    self.seen = popped;
                    return Some(popped >> 32);
                }
                Err(now) => seen = now,
            }
        }
    }

    #[inline]
    fn steal(&mut self) -> Option<u64> {
        let mut seen = self.word.load(Ordering::Relaxed);
        loop {
            let stolen = (seen & !TAIL) | (seen.wrapping_add(1) & TAIL);
            match self.word.compare_exchange(seen, stolen, Ordering::Acquire, Ordering::Relaxed) {
                Ok(_) => return Some(seen & TAIL),
                Err(now) => seen = now,
            }
        }
    }
}

/// The packed word, and cells of 16 bytes beside it that are written and read in the order of the
/// indexes, with nothing to say whose they are: what the memory alone makes an operation cost.
pub struct PackedWordAndMemory {
    word: PackedWord<false>,
    cells: Vec<[u64; 2]>,
    head: usize,
    tail: usize,
}

impl PackedWordAndMemory {
    /// With this many cells, a power of two.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self { word: PackedWord::default(), cells: vec![[0; 2]; capacity], head: 0, tail: 0 }
    }

    #[inline]
    fn cell(&mut self, index: usize) -> &mut [u64; 2] {
        let last = self.cells.len() - 1;
        &mut self.cells[index & last]
    }
}

impl Deque<u64> for PackedWordAndMemory {
    #[inline]
    fn push(&mut self, value: u64) {
        *self.cell(self.head) = [value, 1];
        self.head += 1;
        self.word.push(value);
    }

    #[inline]
    fn pop(&mut self) -> Option<u64> {
        self.word.pop()?;
        self.head -= 1;
        Some(self.cell(self.head)[0])
    }

    #[inline]
    fn steal(&mut self) -> Option<u64> {
        self.word.steal()?;
        let cell = self.cell(self.tail);
        cell[1] = 0;
        let value = cell[0];
        self.tail += 1;
        Some(value)
    }
}
