//! The guards of a pool of buffers.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::mem::ManuallyDrop;
use core::ops::Deref;

use super::BufferPool;
use super::calibration::Lent;
use crate::pool::guard::{GuardCore, Recycle, guard_impls};

/// A buffer on loan from a [`BufferPool`]. It goes back when the guard is dropped, wherever that is.
///
/// It is a `Vec<u8>`, empty at first, that may grow and be written to like any other. When it goes back it is
/// cleared and filed by the capacity that it has then, or dropped if that is above the pool's maximum or below
/// 64 bytes.
///
/// It can be sent to another thread, held across an `await`, and dropped anywhere, as a
/// [`PoolGuard`](crate::PoolGuard) can. No call of it panics but where a `Vec`'s does. A guard that is forgotten
/// leaks its buffer and harms nothing else.
///
/// Progress and cost: those of [`BufferPool::put`]. Source: `ByteBuffer` in bytebufferpool.
///
/// # Examples
///
/// ```
/// use std::io::Write;
///
/// let pool = pooldeque::BufferPool::new();
/// let mut buffer = pool.get(64);
/// write!(buffer, "{} bytes", 7).unwrap();
/// assert_eq!(*buffer, b"7 bytes");
/// ```
#[must_use = "the buffer goes straight back when its guard is dropped"]
pub struct Buffer<'a> {
    core: GuardCore<Vec<u8>, Lender<&'a BufferPool>>,
}

/// A buffer on loan from a [`BufferPool`] that its guard keeps alive. It goes back when the guard is dropped.
///
/// As [`Buffer`], but borrows nothing: for tasks and threads that outlive the place they were made in.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
/// use std::thread;
///
/// use pooldeque::BufferPool;
///
/// let pool = Arc::new(BufferPool::new());
/// let mut buffer = pool.get_owned(1000);
/// thread::spawn(move || buffer.extend(b"elsewhere")).join().unwrap();
/// ```
#[must_use = "the buffer goes straight back when its guard is dropped"]
pub struct OwnedBuffer {
    core: GuardCore<Vec<u8>, Lender<Arc<BufferPool>>>,
}

/// The way back to a pool, with what it needs to learn from the return.
struct Lender<P> {
    pool: P,
    lent: Lent,
}

impl<P: Deref<Target = BufferPool>> Lender<P> {
    /// Lends a buffer for a request of `requested` bytes; 0 if the pool chose the size.
    #[inline(always)]
    fn lend(pool: P, requested: usize, buffer: Vec<u8>) -> GuardCore<Vec<u8>, Self> {
        let lent = Lent::new(requested, &buffer);
        GuardCore::new(Self { pool, lent }, buffer)
    }
}

impl<P: Deref<Target = BufferPool>> Recycle<Vec<u8>> for Lender<P> {
    #[inline(always)]
    unsafe fn recycle(&self, value: &mut ManuallyDrop<Vec<u8>>) {
        // SAFETY: there is a value, and it is not used again.
        self.pool.recycle(unsafe { ManuallyDrop::take(value) }, self.lent);
    }
}

guard_impls!(['a,] Buffer<'a>, Vec<u8>);
guard_impls!([] OwnedBuffer, Vec<u8>);

impl<'a> Buffer<'a> {
    #[inline(always)]
    pub(super) fn new(pool: &'a BufferPool, requested: usize, buffer: Vec<u8>) -> Self {
        Self { core: Lender::lend(pool, requested, buffer) }
    }

    /// Takes the buffer out of the pool for good, with its content. It costs nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use pooldeque::buffers::Buffer;
    /// use pooldeque::BufferPool;
    ///
    /// let pool = BufferPool::new();
    /// let mut buffer = pool.get(64);
    /// buffer.extend(b"kept");
    /// assert_eq!(Buffer::detach(buffer), b"kept");
    /// ```
    #[inline]
    #[must_use = "the buffer is dropped unless it is used"]
    pub fn detach(guard: Self) -> Vec<u8> {
        guard.core.keep()
    }
}

impl OwnedBuffer {
    #[inline(always)]
    pub(super) fn new(pool: Arc<BufferPool>, requested: usize, buffer: Vec<u8>) -> Self {
        Self { core: Lender::lend(pool, requested, buffer) }
    }

    /// Takes the buffer out of the pool for good, with its content. It costs nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use pooldeque::buffers::OwnedBuffer;
    /// use pooldeque::BufferPool;
    ///
    /// let pool = Arc::new(BufferPool::new());
    /// let mut buffer = pool.get_owned(64);
    /// buffer.extend(b"kept");
    /// assert_eq!(OwnedBuffer::detach(buffer), b"kept");
    /// ```
    #[inline]
    #[must_use = "the buffer is dropped unless it is used"]
    pub fn detach(guard: Self) -> Vec<u8> {
        guard.core.keep()
    }
}
