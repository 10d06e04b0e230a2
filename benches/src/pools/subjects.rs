//! The pools under test, behind one face.

mod allocators;
mod alternatives;
mod ours;
mod peers;
mod slab;
mod thread_local;

use std::hint::black_box;
use std::mem::ManuallyDrop;
use std::ops::{Deref, DerefMut};

pub use self::allocators::{Mimalloc, Nothing};
pub use self::alternatives::{Arrays, LockedLifo, Sharded, Treiber};
pub use self::ours::{ours, ours_with_rules};
pub use self::peers::{channel, linear, locked, object_pool, opool, regex_pool, spin_lock};
pub use self::slab::{OwnedSlab, Slab};
pub use self::thread_local::{OneSlot, Vector};

/// What is pooled.
pub type Buffer = Vec<u8>;

/// How large a buffer is made.
pub const SIZE: usize = 1024;

/// How many buffers a bounded subject may hold.
pub const CAPACITY: usize = 1024;

/// A new buffer.
#[must_use]
pub fn buffer() -> Buffer {
    Vec::with_capacity(SIZE)
}

/// What is lent out.
pub trait Touch {
    /// Clears the buffer and writes into it, as its user would.
    fn touch(&mut self);
}

impl Touch for Buffer {
    #[inline(always)]
    fn touch(&mut self) {
        self.clear();
        self.push(1);
        // The compiler must think that somebody reads what was written, and writes more.
        black_box(self.as_mut_slice());
    }
}

/// A pool that makes a buffer if it has none, and gets it back when the guard is dropped.
pub trait Lender: Sync {
    /// Lends a buffer.
    type Guard<'a>: DerefMut<Target: Touch>
    where
        Self: 'a;

    /// A buffer of the pool, or a new one.
    fn get(&self) -> Self::Guard<'_>;
}

/// A pool that may be filled with any values, and checked for being empty.
pub trait Store: Sync {
    /// A buffer, if one is found.
    fn take(&self) -> Option<Buffer>;

    /// Keeps a buffer, or drops it.
    fn put(&self, buffer: Buffer);
}

/// Makes a store lend.
pub struct Lending<S>(pub S);

/// A buffer on loan from a store.
pub struct Lent<'a, S: Store> {
    store: &'a S,
    buffer: ManuallyDrop<Buffer>,
}

impl<S: Store> Lender for Lending<S> {
    type Guard<'a>
        = Lent<'a, S>
    where
        S: 'a;

    #[inline]
    fn get(&self) -> Lent<'_, S> {
        let buffer = self.0.take().unwrap_or_else(buffer);
        Lent { store: &self.0, buffer: ManuallyDrop::new(buffer) }
    }
}

impl<S: Store> Deref for Lent<'_, S> {
    type Target = Buffer;

    #[inline]
    fn deref(&self) -> &Buffer {
        &self.buffer
    }
}

impl<S: Store> DerefMut for Lent<'_, S> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Buffer {
        &mut self.buffer
    }
}

impl<S: Store> Drop for Lent<'_, S> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: it is not used after the drop.
        self.store.put(unsafe { ManuallyDrop::take(&mut self.buffer) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a buffer that was marked and given back is the one that comes next.
    fn gives_back<L: Lender>(lender: &L) -> bool
    where
        for<'a> L::Guard<'a>: DerefMut<Target = Buffer>,
    {
        let mut buffer = lender.get();
        buffer.touch();
        buffer[0] = 77;
        let address = buffer.as_ptr();
        drop(buffer);
        let again = lender.get();
        address == again.as_ptr() && again.capacity() == SIZE && **again == [77]
    }

    #[test]
    fn every_pool_gives_back_what_came_in() {
        assert!(gives_back(&ours()));
        assert!(gives_back(&regex_pool()));
        assert!(gives_back(&opool()));
        assert!(gives_back(&linear()));
        assert!(gives_back(&spin_lock()));
        assert!(gives_back(&locked()));
        assert!(gives_back(&object_pool()));
        assert!(gives_back(&Lending(crossbeam_queue::ArrayQueue::new(CAPACITY))));
        assert!(gives_back(&Lending(LockedLifo::unbounded())));
        assert!(gives_back(&Lending(LockedLifo::bounded(CAPACITY))));
        assert!(gives_back(&Lending(Treiber::default())));
        assert!(gives_back(&Lending(channel())));
        assert!(gives_back(&Lending(Arrays::new(CAPACITY))));
        assert!(gives_back(&Lending(Vector::emptied())));
        assert!(gives_back(&Lending(OneSlot::emptied())));
    }

    #[test]
    fn our_rules_reset_and_retain() {
        let pool = ours_with_rules();
        pool.get().push(1);
        assert!(pool.get().is_empty());
        pool.get().reserve(2 * SIZE);
        assert_eq!(pool.take(), None);
    }

    #[test]
    fn slabs_give_back_what_came_in() {
        let (slab, owned) = (Slab::default(), OwnedSlab::default());
        let address = slab.get().address();
        assert_eq!(slab.get().address(), address);
        let address = owned.get().address();
        assert_eq!(owned.get().address(), address);
    }

    #[test]
    fn all_shards_together_give_back_what_came_in() {
        let shards = Sharded::default();
        for _ in 0..10 {
            shards.put(buffer());
        }
        let found = (0..100_000).filter_map(|_| shards.take()).count();
        assert_eq!(found, 10, "by chance a shard may be left out: one run in 10^169");
    }

    #[test]
    fn a_stack_that_is_dropped_drops_what_it_holds() {
        let stack = Treiber::default();
        stack.put(vec![1]);
        stack.put(vec![2]);
        assert_eq!(stack.take(), Some(vec![2]));
        drop(stack);
    }

    #[test]
    fn a_block_is_written_within_its_bounds() {
        let mimalloc = Mimalloc;
        let mut block = mimalloc.get();
        block.touch();
        assert_eq!(*block.written(), [1]);
    }
}
