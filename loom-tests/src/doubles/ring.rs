//! A ring with a place for a defect.

use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

use super::vault::{NOTHING, Vault};
use super::{Broken, Defect};
use crate::deque::{Deque, Owner, Thief};
use crate::runtime::{AtomicBool, AtomicU64};
use crate::token::Token;

/// A ring that has the defect `B`.
#[derive(Debug)]
pub struct RingDouble<B>(PhantomData<B>);

#[derive(Debug)]
pub(super) struct Ring<B> {
    word: AtomicU64,
    slots: Vec<Slot>,
    vault: Vault,
    _defect: PhantomData<B>,
}

#[derive(Debug)]
struct Slot {
    occupied: AtomicBool,
    number: AtomicU64,
}

fn unpack(word: u64) -> (u32, u32) {
    ((word >> 32) as u32, (word & u64::from(u32::MAX)) as u32)
}

fn pack(head: u32, tail: u32) -> u64 {
    u64::from(head) << 32 | u64::from(tail)
}

impl<B: Broken> Ring<B> {
    pub(super) fn new(capacity: usize, start: u32) -> Self {
        let slot = |_| Slot { occupied: AtomicBool::new(false), number: AtomicU64::new(NOTHING) };
        Self {
            word: AtomicU64::new(pack(start, start)),
            slots: (0..capacity).map(slot).collect(),
            vault: Vault::default(),
            _defect: PhantomData,
        }
    }

    pub(super) fn capacity(&self) -> usize {
        self.slots.len()
    }

    fn slot(&self, index: u32) -> &Slot {
        &self.slots[index as usize % self.slots.len()]
    }

    fn len(head: u32, tail: u32) -> u32 {
        if B::has(Defect::SaturatingIndexes) { head.saturating_sub(tail) } else { head.wrapping_sub(tail) }
    }

    pub(super) fn push(&self, value: Token) -> Result<(), Token> {
        let (head, tail) = unpack(self.word.load(Acquire));
        let slot = self.slot(head);
        let is_full = if B::has(Defect::NoFlagCheck) {
            head.wrapping_sub(tail) as usize == self.slots.len()
        } else {
            slot.occupied.load(Acquire)
        };
        if is_full {
            return Err(value);
        }
        slot.number.store(self.vault.put(value), Relaxed);
        slot.occupied.store(true, Relaxed);
        self.word.fetch_add(1 << 32, Release);
        Ok(())
    }

    pub(super) fn pop(&self) -> Option<Token> {
        let mut word = self.word.load(Relaxed);
        loop {
            let (head, tail) = unpack(word);
            if Self::len(head, tail) == 0 {
                return None;
            }
            let head = head.wrapping_sub(1);
            match self.word.compare_exchange(word, pack(head, tail), Relaxed, Relaxed) {
                Ok(_) => {
                    let slot = self.slot(head);
                    let value = self.vault.take(slot.number.load(Relaxed));
                    slot.occupied.store(false, Relaxed);
                    return Some(value);
                }
                Err(now) => word = now,
            }
        }
    }

    pub(super) fn steal(&self, before_release: impl FnOnce()) -> Option<Token> {
        let mut word = self.word.load(Acquire);
        let index = loop {
            let (head, tail) = unpack(word);
            if Self::len(head, tail) == 0 {
                return None;
            }
            let next = pack(head, tail.wrapping_add(1));
            if B::has(Defect::LoadThenStore) {
                self.word.store(next, Release);
                break tail;
            }
            match self.word.compare_exchange(word, next, AcqRel, Acquire) {
                Ok(_) => break tail,
                Err(now) => word = now,
            }
        };
        before_release();
        let slot = self.slot(index);
        if B::has(Defect::ReleaseFirst) {
            slot.occupied.store(false, Release);
            return Some(self.vault.take(slot.number.load(Relaxed)));
        }
        let value = self.vault.take(slot.number.load(Relaxed));
        slot.occupied.store(false, Release);
        Some(value)
    }
}

/// The one producer of a ring.
#[derive(Debug)]
pub struct RingOwner<B>(Arc<Ring<B>>);

/// A consumer of a ring.
#[derive(Debug)]
pub struct RingThief<B>(Arc<Ring<B>>);

impl<B> Clone for RingThief<B> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<B: Broken> Owner for RingOwner<B> {
    fn push(&mut self, value: Token) -> Result<(), Token> {
        self.0.push(value)
    }

    fn pop(&mut self) -> Option<Token> {
        self.0.pop()
    }
}

impl<B: Broken> Thief for RingThief<B> {
    type Own = RingOwner<B>;

    fn steal(&self) -> Option<Token> {
        self.0.steal(|| ())
    }
}

impl<B: Broken> Deque for RingDouble<B> {
    type Owner = RingOwner<B>;
    type Thief = RingThief<B>;

    const BATCHES_ARE_ATOMIC: bool = false;

    fn make(capacity: usize, start: u32) -> (Self::Owner, Self::Thief) {
        let ring = Arc::new(Ring::new(capacity, start));
        (RingOwner(Arc::clone(&ring)), RingThief(ring))
    }
}
