//! Who sleeps, who is woken, and when all is done.
//!
//! # Falling asleep without missing a task
//!
//! A thread without work sleeps on a condition variable. What must not happen is that a task becomes
//! visible in a deque and everyone who could take it sleeps on. The danger is between a thread's look
//! at the deques and its sleep: no thread sees a task that is published there.
//!
//! So a thread goes to sleep in three steps: it **announces** that it is going to, it looks at all the
//! deques **once more**, and only then it **sleeps**. A thread that publishes tasks takes two: it
//! **pushes**, then it looks whether anyone has **announced**.
//!
//! ```text
//!     going to sleep                    publishing
//!     unwoken += 1                      push
//!     fence(SeqCst)                     fence(SeqCst)
//!     look at all deques                unwoken > 0 ?
//! ```
//!
//! Each side writes, then reads what the other writes. With a sequentially consistent fence between the
//! two, one of the fences comes first, and what was written before it is seen after the other: either
//! the publisher sees the announcement, and leaves a wake-up, or the second look sees the task.
//! With anything weaker both could read the old value, and the task would lie there.
//!
//! # A wake-up is owed to the run, not to a thread
//!
//! `unwoken` counts the threads that announced and were not woken; `wake_ups` the wake-ups that
//! were left and not yet taken. A thread that leaves a wake-up moves one from the first to the second, so the
//! two together are the threads between their announcement and their return to work. A publisher that
//! finds `unwoken` at 0 need do nothing: no thread is left to wake, or all are on their way.
//!
//! Any announced thread may take any wake-up, before it sleeps or after; then it looks through all the
//! deques, whichever task the wake-up was left for. What becomes of a wake-up is one of three things. Its
//! taker finds all deques empty, and should it go back to sleep, it announces that and looks again. Or the
//! taker finds work, looks whether there is more, and if so leaves a wake-up in its turn. Or there is
//! no thread left to wake. In none of them is a task in a deque with a thread asleep that could take it.
//!
//! A mistake in all this could not lose a task or hang the run, only leave threads idle: a thread sleeps
//! only when its own deque is empty, and no other thread pushes to it, so every deque that holds a task
//! belongs to a thread that is awake.
//!
//! # The end
//!
//! For the same reason all is done when all the threads sleep, even if wake-ups are left that no thread has
//! taken yet. The last thread to lie down sees that, under the lock that each of them took to lie down,
//! and ends the run. There is no count of unfinished tasks to keep.

use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicUsize, fence};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The threads of a run that have no work.
pub(crate) struct Sleepers {
    /// How many threads the run has.
    threads: usize,
    /// Threads that announced their sleep and that no wake-up was left for. Raised by the thread itself,
    /// lowered under the lock.
    unwoken: AtomicUsize,
    /// Set once, under the lock.
    over: AtomicBool,
    dormitory: Mutex<Dormitory>,
    alarm: Condvar,
}

/// What the lock protects.
struct Dormitory {
    /// Threads that lie down. Those of them that have yet to notice a wake-up are counted.
    asleep: usize,
    /// Wake-ups that are not taken yet.
    wake_ups: usize,
}

impl Sleepers {
    /// All `threads` are awake.
    pub(crate) fn new(threads: usize) -> Self {
        Self {
            threads,
            unwoken: AtomicUsize::new(0),
            over: AtomicBool::new(false),
            dormitory: Mutex::new(Dormitory { asleep: 0, wake_ups: 0 }),
            alarm: Condvar::new(),
        }
    }

    /// Says that the calling thread is about to sleep. It must then look at all the deques once more,
    /// and either [`sleep`](Self::sleep) or [`retract`](Self::retract).
    pub(crate) fn announce(&self) {
        self.unwoken.fetch_add(1, Relaxed);
        // SeqCst: pairs with the fence in `any`; see above.
        fence(SeqCst);
    }

    /// The calling thread announced its sleep but found work.
    pub(crate) fn retract(&self) {
        let mut dormitory = self.lock();
        if self.unwoken.load(Relaxed) > 0 {
            self.unwoken.fetch_sub(1, Relaxed);
        } else {
            // Everyone who announced has a wake-up: this thread's goes with it.
            dormitory.wake_ups -= 1;
        }
    }

    /// Sleeps until there is a wake-up to take or the run is over. The calling thread has announced it,
    /// looked at all the deques since, and its own is empty.
    ///
    /// Ends the run if all the other threads sleep already.
    pub(crate) fn sleep(&self) {
        let mut dormitory = self.lock();
        dormitory.asleep += 1;
        if dormitory.asleep == self.threads {
            return self.end_all(dormitory);
        }
        while !self.is_over() {
            if dormitory.wake_ups > 0 {
                dormitory.wake_ups -= 1;
                dormitory.asleep -= 1;
                return;
            }
            dormitory = self.alarm.wait(dormitory).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether a thread sleeps, or is about to, that no wake-up was left for.
    ///
    /// Of a task that the calling thread published before, or knew to be published: if this says no, then
    /// everyone who announces a sleep sees that task in the second look.
    pub(crate) fn any(&self) -> bool {
        // SeqCst: pairs with the fence in `announce`; see above.
        fence(SeqCst);
        self.unwoken.load(Relaxed) > 0
    }

    /// Leaves a wake-up, if there is [`any`](Self::any) thread to take it.
    pub(crate) fn wake_one(&self) {
        if !self.any() {
            return;
        }
        let mut dormitory = self.lock();
        if self.unwoken.load(Relaxed) > 0 {
            self.unwoken.fetch_sub(1, Relaxed);
            dormitory.wake_ups += 1;
            drop(dormitory);
            self.alarm.notify_one();
        }
    }

    /// Whether the run is over. After `true` a thread takes no further task.
    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Relaxed)
    }

    /// Ends the run, whatever is left to do, and wakes everyone.
    pub(crate) fn end(&self) {
        self.end_all(self.lock());
    }

    fn end_all(&self, dormitory: MutexGuard<'_, Dormitory>) {
        self.over.store(true, Relaxed);
        drop(dormitory);
        self.alarm.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Dormitory> {
        // No code that can panic runs under the lock.
        self.dormitory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
