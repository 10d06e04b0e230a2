//! What a thief hands over before it stops for ever.

use std::sync::{Arc, Mutex, PoisonError};

use crate::history::Call;
use crate::runtime::{Receiver, Sender, channel};

/// Its calls, and how many values it holds. Unseen by a model checker: the signal is what orders it.
type Estate = Arc<Mutex<(Vec<Call>, u32)>>;

/// The thief's end.
pub(super) struct Will {
    estate: Estate,
    signal: Sender,
}

/// The end of those who go on.
pub(super) struct Executor {
    estate: Estate,
    signal: Receiver,
}

/// A will to be left by one thread and read by another.
pub(super) fn will() -> (Will, Executor) {
    let (sender, receiver) = channel();
    let estate = Estate::default();
    (Will { estate: Arc::clone(&estate), signal: sender }, Executor { estate, signal: receiver })
}

impl Will {
    pub(super) fn leave(&self, calls: Vec<Call>, held: u32) {
        *self.estate.lock().unwrap_or_else(PoisonError::into_inner) = (calls, held);
        self.signal.send(()).expect("the owner waits for the dead");
    }
}

impl Executor {
    /// Waits for the thief's death.
    pub(super) fn read(self) -> (Vec<Call>, u32) {
        // A thief that panics before its death hangs up.
        self.signal.recv().expect("the thief comes to its death");
        std::mem::take(&mut *self.estate.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
