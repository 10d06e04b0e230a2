//! This crate's pool.

use pooldeque::{Pool, PoolGuard};

use super::{Buffer, Lender, SIZE, Store, buffer};

/// Our pool of buffers.
#[must_use]
pub fn ours() -> Pool<Buffer> {
    Pool::new(buffer)
}

/// Our pool, with the two rules that a pool of buffers should have.
#[must_use]
pub fn ours_with_rules() -> Pool<Buffer> {
    ours().with_reset(Vec::clear).with_retain(|buffer| buffer.capacity() <= SIZE)
}

impl Lender for Pool<Buffer> {
    type Guard<'a> = PoolGuard<'a, Buffer>;

    #[inline]
    fn get(&self) -> PoolGuard<'_, Buffer> {
        Self::get(self)
    }
}

impl Store for Pool<Buffer> {
    #[inline]
    fn take(&self) -> Option<Buffer> {
        Self::take(self)
    }

    #[inline]
    fn put(&self, buffer: Buffer) {
        Self::put(self, buffer);
    }
}
