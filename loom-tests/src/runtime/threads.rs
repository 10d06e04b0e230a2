//! Threads, channels and a start barrier: the model checker's own, or on real threads such as a sanitizer
//! can follow.
//!
//! The standard library comes compiled without sanitizers. Two threads that its channels, its barriers or a contended
//! mutex of its order look unordered, and so do two that drop an `Arc`. crossbeam-channel is compiled along with this
//! crate. But it keeps an `Arc` for each thread that it parks, so a receiver polls.

use std::hint;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

#[cfg(loom)]
pub use loom::thread::{JoinHandle, spawn};
#[cfg(shuttle)]
pub use recorded::{JoinHandle, spawn};
#[cfg(not(any(loom, shuttle)))]
pub use std::thread::{JoinHandle, spawn};

#[cfg(not(any(loom, shuttle)))]
use crossbeam_channel as mpsc;
#[cfg(loom)]
use loom::sync::mpsc;
#[cfg(shuttle)]
use recorded as mpsc;

#[cfg(shuttle)]
#[path = "threads_in_shuttle.rs"]
mod recorded;

/// The sending end of a [`channel`].
pub type Sender<T> = mpsc::Sender<T>;

/// The receiving end of a [`channel`].
#[derive(Debug)]
pub struct Receiver<T>(mpsc::Receiver<T>);

/// A channel.
#[must_use]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    #[cfg(any(loom, shuttle))]
    let (sender, receiver) = mpsc::channel();
    #[cfg(not(any(loom, shuttle)))]
    let (sender, receiver) = mpsc::unbounded();
    (sender, Receiver(receiver))
}

/// The sender is gone.
#[derive(Clone, Copy, Debug)]
pub struct Disconnected;

impl<T> Receiver<T> {
    /// Waits for a message.
    ///
    /// # Errors
    ///
    /// The sender is gone.
    pub fn recv(&self) -> Result<T, Disconnected> {
        #[cfg(any(loom, shuttle))]
        let received = self.0.recv();
        #[cfg(not(any(loom, shuttle)))]
        let received = loop {
            match self.0.try_recv() {
                Err(mpsc::TryRecvError::Empty) => std::thread::yield_now(),
                received => break received,
            }
        };
        received.map_err(|_| Disconnected)
    }
}

/// Holds threads back until all have started, because a program is shorter than the start of a thread.
#[derive(Clone, Debug)]
pub struct StartBarrier(Arc<AtomicUsize>);

impl StartBarrier {
    /// A barrier for so many threads.
    #[must_use]
    pub fn new(threads: usize) -> Self {
        Self(Arc::new(AtomicUsize::new(threads)))
    }

    /// Waits for the others. Under a model checker it returns at once: threads start in every order anyway.
    pub fn wait(&self) {
        if cfg!(any(loom, shuttle)) {
            return;
        }
        self.0.fetch_sub(1, SeqCst);
        let mut turns = 0;
        while self.0.load(SeqCst) != 0 {
            turns += 1;
            // There may be fewer processors than threads.
            if turns % 64 == 0 { std::thread::yield_now() } else { hint::spin_loop() }
        }
    }
}
