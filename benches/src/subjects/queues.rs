//! Queues without an owner, a locked deque, and a deque with no synchronisation.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crossbeam_queue::{ArrayQueue, SegQueue};

use super::{Deque, Handles, Owner, Thief};

/// Both halves of a queue that anybody may push to and pop from.
pub struct Shared<Q>(Arc<Q>);

fn handles<Q>(queue: Q) -> Handles<Shared<Q>, Shared<Q>> {
    let queue = Arc::new(queue);
    Handles { owner: Shared(Arc::clone(&queue)), thief: Shared(queue) }
}

/// A bounded queue. Both ends are anybody's.
#[must_use]
pub fn array_queue<T>(capacity: usize) -> Handles<Shared<ArrayQueue<T>>, Shared<ArrayQueue<T>>> {
    handles(ArrayQueue::new(capacity))
}

/// An unbounded queue. Both ends are anybody's.
#[must_use]
pub fn seg_queue<T>() -> Handles<Shared<SegQueue<T>>, Shared<SegQueue<T>>> {
    handles(SegQueue::new())
}

/// A deque behind a lock.
#[must_use]
pub fn mutex<T>() -> Handles<Shared<Locked<T>>, Shared<Locked<T>>> {
    handles(Locked(Mutex::new(VecDeque::new())))
}

/// A deque behind a lock.
pub struct Locked<T>(Mutex<VecDeque<T>>);

impl<T> Locked<T> {
    #[inline]
    fn with<R>(&self, act: impl FnOnce(&mut VecDeque<T>) -> R) -> R {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What the three queues do, each in its own words.
trait Queue<T> {
    fn push(&self, value: T) -> Result<(), T>;
    fn pop_as_owner(&self) -> Option<T>;
    fn pop_as_thief(&self) -> Option<T>;
}

impl<T> Queue<T> for ArrayQueue<T> {
    #[inline]
    fn push(&self, value: T) -> Result<(), T> {
        self.push(value)
    }

    #[inline]
    fn pop_as_owner(&self) -> Option<T> {
        self.pop()
    }

    #[inline]
    fn pop_as_thief(&self) -> Option<T> {
        self.pop()
    }
}

impl<T> Queue<T> for SegQueue<T> {
    #[inline]
    fn push(&self, value: T) -> Result<(), T> {
        self.push(value);
        Ok(())
    }

    #[inline]
    fn pop_as_owner(&self) -> Option<T> {
        self.pop()
    }

    #[inline]
    fn pop_as_thief(&self) -> Option<T> {
        self.pop()
    }
}

impl<T> Queue<T> for Locked<T> {
    #[inline]
    fn push(&self, value: T) -> Result<(), T> {
        self.with(|deque| deque.push_back(value));
        Ok(())
    }

    #[inline]
    fn pop_as_owner(&self) -> Option<T> {
        self.with(VecDeque::pop_back)
    }

    #[inline]
    fn pop_as_thief(&self) -> Option<T> {
        self.with(VecDeque::pop_front)
    }
}

impl<T, Q: Queue<T>> Owner<T> for Shared<Q> {
    #[inline]
    fn push(&mut self, value: T) -> Result<(), T> {
        self.0.push(value)
    }

    #[inline]
    fn pop(&mut self) -> Option<T> {
        self.0.pop_as_owner()
    }
}

impl<T, Q: Queue<T>> Thief<T> for Shared<Q> {
    #[inline]
    fn steal(&mut self) -> Option<T> {
        self.0.pop_as_thief()
    }
}

/// A deque with no synchronisation at all: one thread's own.
pub struct Plain<T>(VecDeque<T>);

/// A deque with no synchronisation at all.
#[must_use]
pub fn plain<T>(capacity: usize) -> Plain<T> {
    Plain(VecDeque::with_capacity(capacity))
}

impl<T> Deque<T> for Plain<T> {
    #[inline]
    fn push(&mut self, value: T) {
        self.0.push_back(value);
    }

    #[inline]
    fn pop(&mut self) -> Option<T> {
        self.0.pop_back()
    }

    #[inline]
    fn steal(&mut self) -> Option<T> {
        self.0.pop_front()
    }
}
