//! What one might write oneself in place of a pool like Go's.

use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::ptr;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crossbeam_epoch::{Atomic, Owned, pin};
use crossbeam_utils::CachePadded;
use thread_local::ThreadLocal;

use super::{Buffer, Store};

/// A vector behind a lock: the newest comes first, and what is beyond the bound is dropped.
pub struct LockedLifo {
    idle: Mutex<Vec<Buffer>>,
    most: usize,
}

impl LockedLifo {
    /// With a bound, and room for as many from the beginning.
    #[must_use]
    pub fn bounded(most: usize) -> Self {
        Self { idle: Mutex::new(Vec::with_capacity(most)), most }
    }

    /// Without a bound.
    #[must_use]
    pub const fn unbounded() -> Self {
        Self { idle: Mutex::new(Vec::new()), most: usize::MAX }
    }

    #[inline]
    fn lock(&self) -> MutexGuard<'_, Vec<Buffer>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for LockedLifo {
    #[inline]
    fn take(&self) -> Option<Buffer> {
        self.lock().pop()
    }

    #[inline]
    fn put(&self, buffer: Buffer) {
        let mut idle = self.lock();
        if idle.len() < self.most {
            idle.push(buffer);
        }
    }
}

/// 256 vectors behind locks of their own. Each call picks one at random.
pub struct Sharded([CachePadded<LockedLifo>; 256]);

impl Default for Sharded {
    fn default() -> Self {
        Self(std::array::from_fn(|_| CachePadded::new(LockedLifo::unbounded())))
    }
}

impl Sharded {
    #[inline]
    fn any(&self) -> &LockedLifo {
        &self.0[usize::from(fastrand::u8(..))]
    }
}

impl Store for Sharded {
    #[inline]
    fn take(&self) -> Option<Buffer> {
        self.any().take()
    }

    #[inline]
    fn put(&self, buffer: Buffer) {
        self.any().put(buffer);
    }
}

/// A free list: a stack whose top is swapped, and whose nodes are freed when no thread can be looking at them.
#[derive(Default)]
pub struct Treiber {
    top: Atomic<Node>,
}

struct Node {
    buffer: ManuallyDrop<Buffer>,
    below: Atomic<Node>,
}

impl Store for Treiber {
    #[inline]
    fn take(&self) -> Option<Buffer> {
        let guard = pin();
        loop {
            let top = self.top.load(Ordering::Acquire, &guard);
            // SAFETY: a node that was reachable in this epoch is not freed before its end.
            let node = unsafe { top.as_ref() }?;
            let below = node.below.load(Ordering::Relaxed, &guard);
            let popped =
                self.top.compare_exchange_weak(top, below, Ordering::Relaxed, Ordering::Relaxed, &guard);
            if popped.is_ok() {
                // SAFETY: the thread that swaps the top away owns the buffer; the node does not drop it.
                let buffer = unsafe { ptr::read(&raw const *node.buffer) };
                // SAFETY: the stack no longer reaches it.
                unsafe { guard.defer_destroy(top) };
                return Some(buffer);
            }
        }
    }

    #[inline]
    fn put(&self, buffer: Buffer) {
        let guard = pin();
        let mut node = Owned::new(Node { buffer: ManuallyDrop::new(buffer), below: Atomic::null() });
        loop {
            let top = self.top.load(Ordering::Relaxed, &guard);
            node.below.store(top, Ordering::Relaxed);
            let (success, failure) = (Ordering::Release, Ordering::Relaxed);
            match self.top.compare_exchange_weak(top, node, success, failure, &guard) {
                Ok(_) => return,
                Err(lost) => node = lost.new,
            }
        }
    }
}

impl Drop for Treiber {
    fn drop(&mut self) {
        while self.take().is_some() {}
    }
}

/// A bounded array for each thread. No thread reaches another's.
pub struct Arrays {
    idle: ThreadLocal<RefCell<Vec<Buffer>>>,
    most: usize,
}

impl Arrays {
    /// With so many places for each thread.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self { idle: ThreadLocal::new(), most }
    }

    #[inline]
    fn mine(&self) -> &RefCell<Vec<Buffer>> {
        self.idle.get_or(|| RefCell::new(Vec::with_capacity(self.most)))
    }
}

impl Store for Arrays {
    #[inline]
    fn take(&self) -> Option<Buffer> {
        self.mine().borrow_mut().pop()
    }

    #[inline]
    fn put(&self, buffer: Buffer) {
        let mut idle = self.mine().borrow_mut();
        if idle.len() < self.most {
            idle.push(buffer);
        }
    }
}
