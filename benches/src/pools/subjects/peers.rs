//! Pools, and queues used as pools, that others have published.

use crossbeam_channel::{Receiver, Sender};
use crossbeam_queue::ArrayQueue;
use lockfree_object_pool::{
    LinearObjectPool, LinearReusable, MutexObjectPool, MutexReusable, SpinLockObjectPool, SpinLockReusable,
};
use opool::PoolAllocator;
use regex_automata::util::pool as regex;

use super::{Buffer, CAPACITY, Lender, Store, buffer};

impl Store for ArrayQueue<Buffer> {
    #[inline]
    fn take(&self) -> Option<Buffer> {
        self.pop()
    }

    #[inline]
    fn put(&self, buffer: Buffer) {
        drop(self.push(buffer));
    }
}

/// Both ends of a channel.
pub struct Channel {
    sender: Sender<Buffer>,
    receiver: Receiver<Buffer>,
}

/// A bounded channel used as a pool.
#[must_use]
pub fn channel() -> Channel {
    let (sender, receiver) = crossbeam_channel::bounded(CAPACITY);
    Channel { sender, receiver }
}

impl Store for Channel {
    #[inline]
    fn take(&self) -> Option<Buffer> {
        self.receiver.try_recv().ok()
    }

    #[inline]
    fn put(&self, buffer: Buffer) {
        drop(self.sender.try_send(buffer));
    }
}

/// The pool inside the crate regex.
#[must_use]
pub fn regex_pool() -> regex::Pool<Buffer, fn() -> Buffer> {
    regex::Pool::new(buffer)
}

impl Lender for regex::Pool<Buffer, fn() -> Buffer> {
    type Guard<'a> = regex::PoolGuard<'a, Buffer, fn() -> Buffer>;

    #[inline]
    fn get(&self) -> Self::Guard<'_> {
        Self::get(self)
    }
}

/// Makes buffers for opool.
pub struct Maker;

impl PoolAllocator<Buffer> for Maker {
    #[inline]
    fn allocate(&self) -> Buffer {
        buffer()
    }
}

/// opool.
#[must_use]
pub fn opool() -> opool::Pool<Maker, Buffer> {
    opool::Pool::new(CAPACITY, Maker)
}

impl Lender for opool::Pool<Maker, Buffer> {
    type Guard<'a> = opool::RefGuard<'a, Maker, Buffer>;

    #[inline]
    fn get(&self) -> Self::Guard<'_> {
        Self::get(self)
    }
}

/// The three of lockfree-object-pool are used alike.
macro_rules! lockfree_object_pool {
    ($pool:ident, $guard:ident, $new:ident, $what:literal) => {
        #[doc = concat!("lockfree-object-pool's pool ", $what, ".")]
        #[must_use]
        pub fn $new() -> $pool<Buffer> {
            $pool::new(buffer, |_| {})
        }

        impl Lender for $pool<Buffer> {
            type Guard<'a> = $guard<'a, Buffer>;

            #[inline]
            fn get(&self) -> Self::Guard<'_> {
                self.pull()
            }
        }
    };
}

lockfree_object_pool!(LinearObjectPool, LinearReusable, linear, "without a lock");
lockfree_object_pool!(SpinLockObjectPool, SpinLockReusable, spin_lock, "with a spin lock");
lockfree_object_pool!(MutexObjectPool, MutexReusable, locked, "with a mutex");

/// object-pool.
#[must_use]
pub fn object_pool() -> object_pool::Pool<Buffer> {
    object_pool::Pool::from_vec(Vec::new())
}

impl Lender for object_pool::Pool<Buffer> {
    type Guard<'a> = object_pool::Reusable<'a, Buffer>;

    #[inline]
    fn get(&self) -> Self::Guard<'_> {
        self.pull(buffer)
    }
}

impl Store for object_pool::Pool<Buffer> {
    #[inline]
    fn take(&self) -> Option<Buffer> {
        Some(self.try_pull()?.detach().1)
    }

    #[inline]
    fn put(&self, buffer: Buffer) {
        self.attach(buffer);
    }
}
