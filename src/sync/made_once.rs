//! A value that is made by the first thread that needs it, without a lock.
//!
//! A lock would not work in a process that forks: if another thread of the parent was making the value, the child would
//! wait for that thread, which it does not have.

use alloc::boxed::Box;
use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};

/// A value that is made when it is first needed, and never dropped.
pub(crate) struct MadeOnce<T: 'static>(AtomicPtr<T>);

impl<T: Send + Sync> MadeOnce<T> {
    pub(crate) const fn new() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }

    /// The value. Several threads may make one at the same time: the first to place it wins, and the other values are
    /// dropped.
    pub(crate) fn get_or_make(&'static self, make: impl FnOnce() -> T) -> &'static T {
        // Acquire: pairs with the release below. The value is made before it is used.
        // SAFETY: placed below, and never dropped.
        if let Some(value) = unsafe { self.0.load(Ordering::Acquire).as_ref() } {
            return value;
        }
        let mine = Box::into_raw(Box::new(make()));
        // Release: pairs with the acquires. Acquire on failure: another thread's value is used.
        match self.0.compare_exchange(ptr::null_mut(), mine, Ordering::Release, Ordering::Acquire) {
            // SAFETY: just placed, and never dropped.
            Ok(_) => unsafe { &*mine },
            Err(placed) => {
                // SAFETY: made above, and no other thread has seen it.
                drop(unsafe { Box::from_raw(mine) });
                // SAFETY: placed by another thread, and never dropped.
                unsafe { &*placed }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;
    use core::sync::atomic::AtomicUsize;
    use std::sync::Barrier;
    use std::thread;

    use super::*;

    /// Counts the values that are alive.
    struct Counted(&'static AtomicUsize);

    impl Drop for Counted {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::SeqCst);
        }
    }

    #[test]
    fn all_threads_get_the_same_value_and_the_others_are_dropped() {
        static ALIVE: AtomicUsize = AtomicUsize::new(0);
        static VALUE: MadeOnce<Counted> = MadeOnce::new();
        let make = || {
            ALIVE.fetch_add(1, Ordering::SeqCst);
            Counted(&ALIVE)
        };
        let line = Barrier::new(8);
        let addresses: Vec<usize> = thread::scope(|scope| {
            let get = || {
                line.wait();
                ptr::from_ref(VALUE.get_or_make(make)).addr()
            };
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(get)).collect();
            threads.into_iter().map(|thread| thread.join().expect("nothing panics")).collect()
        });
        assert!(addresses.windows(2).all(|pair| pair[0] == pair[1]));
        assert_eq!(ALIVE.load(Ordering::SeqCst), 1);
    }

    /// A forked child needs this if another thread of its parent was making the value.
    #[test]
    fn a_thread_that_makes_the_value_keeps_nobody_waiting() {
        static VALUE: MadeOnce<u32> = MadeOnce::new();
        let (begun, finished) = (Barrier::new(2), Barrier::new(2));
        thread::scope(|scope| {
            let slow = scope.spawn(|| {
                VALUE.get_or_make(|| {
                    begun.wait();
                    finished.wait();
                    1
                })
            });
            begun.wait();
            assert_eq!(*VALUE.get_or_make(|| 2), 2);
            finished.wait();
            assert_eq!(*slow.join().expect("it does not panic"), 2);
        });
    }
}
