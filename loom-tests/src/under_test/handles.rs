//! The safe handles: `bounded` and `unbounded`.

use pooldeque::{Full, bounded, unbounded};

use crate::deque::{Deque, Owner, Thief};
use crate::token::Token;

/// [`pooldeque::bounded()`].
#[derive(Debug)]
pub struct Bounded;

/// [`unbounded()`].
#[derive(Debug)]
pub struct Unbounded;

impl Owner for bounded::Worker<Token> {
    fn push(&mut self, value: Token) -> Result<(), Token> {
        Self::push(self, value).map_err(Full::into_inner)
    }

    fn pop(&mut self) -> Option<Token> {
        Self::pop(self)
    }

    fn push_was_empty(&mut self, value: Token) -> Result<bool, Token> {
        Self::push_was_empty(self, value).map_err(Full::into_inner)
    }

    fn push_if_room(&mut self, value: Token) -> Result<(), Token> {
        if self.spare_capacity() == 0 {
            return Err(value);
        }
        self.push(value).expect("there was room, and no other thread fills it");
        Ok(())
    }

    fn len(&self) -> usize {
        let len = self.len();
        assert!(len <= self.capacity(), "more values than slots");
        len
    }

    fn is_empty(&self) -> bool {
        self.is_empty()
    }

    fn push_batch(&mut self, mut values: &mut dyn Iterator<Item = Token>) -> usize {
        self.push_batch(&mut values)
    }

    fn pop_batch(&mut self, max: usize) -> Vec<Token> {
        self.pop_batch(max).collect()
    }
}

impl Owner for unbounded::Worker<Token> {
    fn push(&mut self, value: Token) -> Result<(), Token> {
        Self::push(self, value);
        Ok(())
    }

    fn pop(&mut self) -> Option<Token> {
        Self::pop(self)
    }

    fn push_was_empty(&mut self, value: Token) -> Result<bool, Token> {
        Ok(Self::push_was_empty(self, value))
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn is_empty(&self) -> bool {
        self.is_empty()
    }

    fn push_batch(&mut self, mut values: &mut dyn Iterator<Item = Token>) -> usize {
        self.push_batch(&mut values)
    }

    fn pop_batch(&mut self, max: usize) -> Vec<Token> {
        self.pop_batch(max).collect()
    }

    fn shrink(&mut self) {
        Self::shrink_to(self, 1);
    }
}

/// The two stealers differ in where they come from, and in that one has a capacity.
macro_rules! thief {
    ($module:ident, $check_len:expr) => {
        impl Thief for $module::Stealer<Token> {
            type Own = $module::Worker<Token>;

            fn of(owner: &Self::Own, _other: &Self) -> Self {
                owner.stealer()
            }

            fn len(&self) -> usize {
                let len = self.len();
                $check_len(self, len);
                len
            }

            fn is_empty(&self) -> bool {
                self.is_empty()
            }

            fn steal(&self) -> Option<Token> {
                self.steal()
            }

            fn steal_batch(&self, max: usize, meanwhile: &mut dyn FnMut()) -> Vec<Token> {
                let batch = self.steal_batch(max);
                meanwhile();
                batch.collect()
            }

            fn steal_into(&self, own: &mut Self::Own, max: usize) -> usize {
                self.steal_into(own, max)
            }

            fn steal_half_into(&self, own: &mut Self::Own, limit: usize) -> Option<Token> {
                self.steal_half_into(own, limit)
            }

            fn crash_with_batch(&self, max: usize, crashed: &mut dyn FnMut(usize)) {
                let batch = self.steal_batch(max);
                crashed(batch.len());
                drop(batch);
            }
        }
    };
}
thief!(bounded, |stealer: &Self, len| assert!(len <= stealer.capacity(), "more values than slots"));
thief!(unbounded, |_: &Self, _| ());

impl Deque for Bounded {
    type Owner = bounded::Worker<Token>;
    type Thief = bounded::Stealer<Token>;

    const BATCHES_ARE_ATOMIC: bool = true;

    #[cfg(any(loom, shuttle))]
    fn make(capacity: usize, start: u32) -> (Self::Owner, Self::Thief) {
        pooldeque::model::bounded_from(capacity, start)
    }

    #[cfg(not(any(loom, shuttle)))]
    fn make(capacity: usize, start: u32) -> (Self::Owner, Self::Thief) {
        assert_eq!(start, 0, "a handle cannot choose its start index");
        pooldeque::bounded(capacity)
    }
}

impl Deque for Unbounded {
    type Owner = unbounded::Worker<Token>;
    type Thief = unbounded::Stealer<Token>;

    const BATCHES_ARE_ATOMIC: bool = false;

    fn make(capacity: usize, _start: u32) -> (Self::Owner, Self::Thief) {
        unbounded::with_capacity(capacity)
    }
}
