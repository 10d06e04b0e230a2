//! Sleeping, waking, and detecting the end of the run.
//!
//! # Falling asleep without missing a task
//!
//! A thread without work sleeps on a condition variable. No task may become visible in a deque while all
//! threads that could take it sleep on. The danger is the time between a thread's scan of the deques and
//! its sleep: a task published then wakes nobody.
//!
//! So a thread goes to sleep in three steps: it **announces** its sleep, scans all the deques **once
//! more**, and only then **sleeps**. A thread that publishes tasks takes two steps: it **pushes**, then
//! checks whether a thread has **announced** its sleep.
//!
//! ```text
//!     going to sleep                    publishing
//!     unwoken += 1                      push
//!     fence(SeqCst)                     fence(SeqCst)
//!     scan all deques                   unwoken > 0 ?
//! ```
//!
//! Each side writes, then reads what the other writes. With a sequentially consistent fence between the
//! two, one of the fences comes first, and everything written before it is visible after the other: either
//! the publisher sees the announcement and posts a wake-up, or the second scan sees the task. With anything
//! weaker both could read the old value, and the task would stay in the deque.
//!
//! # A wake-up is not bound to a thread
//!
//! `unwoken` counts the threads that announced their sleep and have no wake-up posted for them; `wake_ups`
//! counts the wake-ups posted and not yet taken. Posting a wake-up moves one from the first to the second,
//! so their sum is the number of threads between their announcement and their return to work. A publisher
//! that reads `unwoken == 0` need do nothing: no thread sleeps, or all are about to wake.
//!
//! Any announced thread may take any wake-up, before it sleeps or after; then it scans all the deques,
//! whichever task the wake-up was posted for. There are three cases. Its taker finds all deques empty:
//! before it sleeps again, it announces that and scans once more. Or the taker finds work: it checks for
//! more, and if there is some, posts a wake-up in turn. Or there is no thread left to wake. In each of
//! them, no task stays in a deque while a thread that could take it sleeps.
//!
//! A bug in this protocol could not lose a task or hang the run, only leave threads idle: a thread sleeps
//! only when its own deque is empty, and no other thread pushes to that deque, so every deque that holds a
//! task belongs to a thread that is awake.
//!
//! # The end
//!
//! For the same reason the run is over when all threads sleep, even if some wake-ups have not been taken.
//! The last thread to go to sleep sees that, under the lock that each thread takes to go to sleep, and ends
//! the run. No count of unfinished tasks is needed.

use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicUsize, fence};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// The threads of a run that have no work.
pub(crate) struct Sleepers {
    /// How many threads the run has.
    threads: usize,
    /// Threads that announced their sleep and have no wake-up posted for them. Incremented by the thread
    /// itself, decremented under the lock.
    unwoken: AtomicUsize,
    /// Set once, under the lock.
    over: AtomicBool,
    state: Mutex<State>,
    wake: Condvar,
}

/// The state under the lock.
struct State {
    /// Threads in `sleep`, including those that have yet to notice a wake-up.
    asleep: usize,
    /// Wake-ups that have not been taken yet.
    wake_ups: usize,
}

impl Sleepers {
    /// All `threads` are awake.
    pub(crate) fn new(threads: usize) -> Self {
        Self {
            threads,
            unwoken: AtomicUsize::new(0),
            over: AtomicBool::new(false),
            state: Mutex::new(State { asleep: 0, wake_ups: 0 }),
            wake: Condvar::new(),
        }
    }

    /// Announces that the calling thread is about to sleep. It must then scan all the deques once more, and
    /// either [`sleep`](Self::sleep) or [`retract`](Self::retract).
    pub(crate) fn announce(&self) {
        self.unwoken.fetch_add(1, Relaxed);
        // SeqCst: pairs with the fence in `any`; see above.
        fence(SeqCst);
    }

    /// Withdraws the announcement of a thread that found work.
    pub(crate) fn retract(&self) {
        let mut state = self.lock();
        if self.unwoken.load(Relaxed) > 0 {
            self.unwoken.fetch_sub(1, Relaxed);
        } else {
            // Every announced thread has a wake-up posted; this thread takes one of them.
            state.wake_ups -= 1;
        }
    }

    /// Sleeps until there is a wake-up to take or the run is over. The calling thread has announced its
    /// sleep and scanned all the deques since, and its own is empty.
    ///
    /// Ends the run if all the other threads sleep already.
    pub(crate) fn sleep(&self) {
        let mut state = self.lock();
        state.asleep += 1;
        if state.asleep == self.threads {
            return self.end_all(state);
        }
        while !self.is_over() {
            if state.wake_ups > 0 {
                state.wake_ups -= 1;
                state.asleep -= 1;
                return;
            }
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Whether some thread sleeps, or is about to, without a wake-up posted for it.
    ///
    /// If this returns false, then every thread that announces its sleep later sees, in its second scan,
    /// all tasks that the calling thread had published or seen published before the call.
    pub(crate) fn any(&self) -> bool {
        // SeqCst: pairs with the fence in `announce`; see above.
        fence(SeqCst);
        self.unwoken.load(Relaxed) > 0
    }

    /// Posts a wake-up, if there is [`any`](Self::any) thread to take it.
    pub(crate) fn wake_one(&self) {
        if !self.any() {
            return;
        }
        let mut state = self.lock();
        if self.unwoken.load(Relaxed) > 0 {
            self.unwoken.fetch_sub(1, Relaxed);
            state.wake_ups += 1;
            drop(state);
            self.wake.notify_one();
        }
    }

    /// Whether the run is over. A thread that sees `true` takes no further task.
    pub(crate) fn is_over(&self) -> bool {
        self.over.load(Relaxed)
    }

    /// Ends the run, even if tasks are left, and wakes all threads.
    pub(crate) fn end(&self) {
        self.end_all(self.lock());
    }

    fn end_all(&self, state: MutexGuard<'_, State>) {
        self.over.store(true, Relaxed);
        drop(state);
        self.wake.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // No code that can panic runs under the lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
