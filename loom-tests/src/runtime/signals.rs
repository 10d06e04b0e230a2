//! Channels of signals on the real machine, all of it in sight of a sanitizer. Signals that are sent before
//! one of them is received count as one.
//!
//! The standard library is compiled without sanitizers. Two threads that one of its channels orders look as
//! if nothing ordered them, and so do two that drop an `Arc`: hence neither of them here.

use std::marker::PhantomData;
use std::sync::atomic::{AtomicU8, Ordering::SeqCst};
use std::thread;

const IN_USE: u8 = 1;
/// A signal was sent and not received.
const SIGNAL: u8 = 2;
const SENDER_GONE: u8 = 4;
const RECEIVER_GONE: u8 = 8;

/// The channels there are.
static CHANNELS: [AtomicU8; 256] = [const { AtomicU8::new(0) }; 256];

/// Sends signals.
#[derive(Debug)]
pub struct Sender<T>(&'static AtomicU8, PhantomData<T>);

/// Receives them.
#[derive(Debug)]
pub struct Receiver<T>(&'static AtomicU8, PhantomData<T>);

/// The other end is gone.
#[derive(Clone, Copy, Debug)]
pub struct Disconnected;

/// A channel that nobody else uses.
pub(in crate::runtime) fn channel() -> (Sender<()>, Receiver<()>) {
    let is_free = |channel: &&AtomicU8| channel.compare_exchange(0, IN_USE, SeqCst, SeqCst).is_ok();
    let channel =
        CHANNELS.iter().find(is_free).expect("fewer signals are waited for than there are channels");
    (Sender(channel, PhantomData), Receiver(channel, PhantomData))
}

/// One end is gone; the second to go frees the channel.
fn leave(channel: &AtomicU8, gone: u8) {
    let before = channel.fetch_or(gone, SeqCst);
    if before & (SENDER_GONE | RECEIVER_GONE) != 0 {
        channel.store(0, SeqCst);
    }
}

impl Sender<()> {
    /// Sends a signal.
    ///
    /// # Errors
    ///
    /// Nobody will receive it.
    pub fn send(&self, signal: ()) -> Result<(), Disconnected> {
        let before = self.0.fetch_or(SIGNAL, SeqCst);
        if before & RECEIVER_GONE == 0 { Ok(signal) } else { Err(Disconnected) }
    }
}

impl Receiver<()> {
    /// Waits for a signal.
    ///
    /// # Errors
    ///
    /// There will be none.
    pub fn recv(&self) -> Result<(), Disconnected> {
        loop {
            let state = self.0.load(SeqCst);
            if state & SIGNAL != 0 {
                self.0.fetch_and(!SIGNAL, SeqCst);
                return Ok(());
            }
            if state & SENDER_GONE != 0 {
                return Err(Disconnected);
            }
            thread::yield_now();
        }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        leave(self.0, SENDER_GONE);
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        leave(self.0, RECEIVER_GONE);
    }
}

#[cfg(test)]
mod tests {
    use super::channel;

    #[test]
    fn a_signal_is_received_even_after_its_sender_is_gone() {
        let (sender, receiver) = channel();
        assert!(sender.send(()).is_ok());
        drop(sender);
        assert!(receiver.recv().is_ok());
        assert!(receiver.recv().is_err());
    }

    #[test]
    fn nobody_is_left_to_receive_a_signal() {
        let (sender, receiver) = channel();
        drop(receiver);
        assert!(sender.send(()).is_err());
    }

    #[test]
    fn channels_are_used_again() {
        for _ in 0..1_000 {
            let (sender, receiver) = channel();
            let thread = std::thread::spawn(move || receiver.recv().is_ok());
            assert!(sender.send(()).is_ok());
            drop(sender);
            assert!(thread.join().is_ok_and(|received| received));
        }
    }
}
