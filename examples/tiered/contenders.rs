//! The sources of buffers under comparison.

use std::ops::{Deref, DerefMut};

use pooldeque::buffers::Buffer;
use pooldeque::pool::Stats;
use pooldeque::{BufferPool, Pool, PoolGuard};

/// A source of empty buffers that takes them back when they are dropped.
pub(crate) trait Buffers: Sync {
    type Buffer<'a>: DerefMut<Target = Vec<u8>>
    where
        Self: 'a;

    /// An empty buffer with capacity for at least this many bytes.
    fn get(&self, bytes: usize) -> Self::Buffer<'_>;

    /// Drops all idle buffers.
    fn clear(&self);

    /// `None` without a pool.
    fn stats(&self) -> Option<Stats>;
}

/// Each request allocates its own buffer.
pub(crate) struct Unpooled;

/// A buffer that belongs to no pool.
pub(crate) struct Own(Vec<u8>);

impl Deref for Own {
    type Target = Vec<u8>;

    fn deref(&self) -> &Vec<u8> {
        &self.0
    }
}

impl DerefMut for Own {
    fn deref_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl Buffers for Unpooled {
    type Buffer<'a> = Own;

    fn get(&self, bytes: usize) -> Own {
        Own(Vec::with_capacity(bytes))
    }

    fn clear(&self) {}

    fn stats(&self) -> Option<Stats> {
        None
    }
}

/// One pool for all sizes.
pub(crate) struct One(pub(crate) Pool<Vec<u8>>);

impl Buffers for One {
    type Buffer<'a> = PoolGuard<'a, Vec<u8>>;

    fn get(&self, bytes: usize) -> PoolGuard<'_, Vec<u8>> {
        let mut buffer = self.0.get();
        buffer.reserve(bytes);
        buffer
    }

    fn clear(&self) {
        self.0.clear();
    }

    fn stats(&self) -> Option<Stats> {
        Some(self.0.stats())
    }
}

/// A pool per size class.
impl Buffers for BufferPool {
    type Buffer<'a> = Buffer<'a>;

    fn get(&self, bytes: usize) -> Buffer<'_> {
        Self::get(self, bytes)
    }

    fn clear(&self) {
        Self::clear(self);
    }

    fn stats(&self) -> Option<Stats> {
        Some(Self::stats(self))
    }
}
