//! The crate's own ways to do Go's three operations.

use pooldeque::{PoolChain, PoolDequeue};

use super::ThreeOperations;
use crate::item::Item;
use crate::kind::{Kind, Owner, Thief};
use crate::oracle::Shown;

/// The ring itself.
#[derive(Debug)]
pub struct RawRing(PoolDequeue<Item>);

impl RawRing {
    /// A ring that starts at any index.
    pub fn new(capacity: usize, start: u32) -> Self {
        Self(PoolDequeue::with_start_index(capacity, start))
    }
}

impl ThreeOperations<Item> for RawRing {
    fn push_head(&mut self, item: Item) -> Result<(), Item> {
        // SAFETY: `&mut self`: nobody else is there.
        unsafe { self.0.push_head(item) }.map_err(pooldeque::Full::into_inner)
    }
    fn pop_head(&mut self) -> Option<Item> {
        // SAFETY: as above.
        unsafe { self.0.pop_head() }
    }
    fn pop_tail(&mut self) -> Option<Item> {
        self.0.pop_tail()
    }
    fn shown(&self) -> Shown {
        let (head, tail) = self.0.indices();
        Shown::Ring { head, tail, capacity: self.0.capacity() }
    }
    fn fill(&self) -> (usize, bool) {
        (self.0.len(), self.0.is_empty())
    }
}

/// The chain itself.
#[derive(Debug)]
pub struct RawChain(PoolChain<Item>);

impl RawChain {
    /// Go's chain, whose first ring has 8 slots.
    pub fn new() -> Self {
        Self(PoolChain::new())
    }

    /// A chain whose first ring has as many slots as one likes.
    pub fn with_capacity(first_capacity: usize) -> Self {
        Self(PoolChain::with_capacity(first_capacity))
    }
}

impl Default for RawChain {
    fn default() -> Self {
        Self::new()
    }
}

impl ThreeOperations<Item> for RawChain {
    fn push_head(&mut self, item: Item) -> Result<(), Item> {
        // SAFETY: `&mut self`: nobody else is there.
        unsafe { self.0.push_head(item) };
        Ok(())
    }
    fn pop_head(&mut self) -> Option<Item> {
        // SAFETY: as above.
        unsafe { self.0.pop_head() }
    }
    fn pop_tail(&mut self) -> Option<Item> {
        self.0.pop_tail()
    }
    fn shown(&self) -> Shown {
        Shown::Chain(self.0.rings())
    }
    fn fill(&self) -> (usize, bool) {
        (self.0.len(), self.0.is_empty())
    }
}

/// The safe handles. Their deques start at index 0; the indexes they show are moved to `start`.
#[derive(Debug)]
pub struct Handles<K: Kind> {
    worker: K::Worker,
    stealer: K::Stealer,
    start: u32,
}

impl<K: Kind> Handles<K> {
    /// Handles on a new deque.
    pub fn new(capacity: usize, start: u32) -> Self {
        let (worker, stealer) = K::deque(capacity);
        Self { worker, stealer, start }
    }
}

impl<K: Kind> ThreeOperations<Item> for Handles<K> {
    fn push_head(&mut self, item: Item) -> Result<(), Item> {
        self.worker.push(item).map_err(pooldeque::Full::into_inner)
    }
    fn pop_head(&mut self) -> Option<Item> {
        self.worker.pop()
    }
    fn pop_tail(&mut self) -> Option<Item> {
        self.stealer.steal()
    }
    fn shown(&self) -> Shown {
        K::shown(&self.stealer).started_at(self.start)
    }
    fn fill(&self) -> (usize, bool) {
        (self.stealer.len(), self.worker.is_empty())
    }
}

/// The safe handles, each operation done as a batch of one.
#[derive(Debug)]
pub struct BatchesOfOne<K: Kind>(Handles<K>);

impl<K: Kind> BatchesOfOne<K> {
    /// Handles on a new deque.
    pub fn new(capacity: usize, start: u32) -> Self {
        Self(Handles::new(capacity, start))
    }
}

impl<K: Kind> ThreeOperations<Item> for BatchesOfOne<K> {
    fn push_head(&mut self, item: Item) -> Result<(), Item> {
        let mut items = Some(item).into_iter();
        self.0.worker.push_batch(&mut items);
        items.next().map_or(Ok(()), Err)
    }
    fn pop_head(&mut self) -> Option<Item> {
        self.0.worker.pop_batch(1).next()
    }
    fn pop_tail(&mut self) -> Option<Item> {
        self.0.stealer.steal_batch(1).next()
    }
    fn shown(&self) -> Shown {
        K::shown(&self.0.worker).started_at(self.0.start)
    }
    fn fill(&self) -> (usize, bool) {
        (self.0.worker.len(), self.0.stealer.is_empty())
    }
}
