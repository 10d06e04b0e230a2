//! shuttle's threads and channels, whose operations are part of the recorded state.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use pooldeque::model::recorder::{self, Operation};
use shuttle::sync::mpsc::{self, RecvError, SendError};
use shuttle::thread;

/// A running thread.
#[derive(Debug)]
pub struct JoinHandle<T>(thread::JoinHandle<T>);

/// Starts a thread.
pub fn spawn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    recorder::begin(Operation::Spawn, 0, 0);
    let handle = thread::spawn(work);
    recorder::end(0);
    JoinHandle(handle)
}

impl<T> JoinHandle<T> {
    /// Waits for the thread's end.
    ///
    /// # Errors
    ///
    /// Its panic.
    pub fn join(self) -> std::thread::Result<T> {
        let number: usize = self.0.thread().id().into();
        recorder::begin(Operation::Join, number as u64, 0);
        let result = self.0.join();
        recorder::end(0);
        result
    }
}

/// The recorded state of a channel: the number of messages in it, and which of its ends are gone.
#[derive(Debug)]
struct Channel {
    name: u64,
    state: AtomicU64,
}

/// What is added to the state for a message.
const MESSAGE: u64 = 4;
const NO_SENDER: u64 = 1;
const NO_RECEIVER: u64 = 2;

impl Channel {
    fn change(&self, change: impl FnOnce(u64) -> u64) {
        let before = self.state.load(Relaxed);
        let after = change(before);
        self.state.store(after, Relaxed);
        recorder::change(self.name, before.into(), after.into());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        recorder::vanish(self.name, (*self.state.get_mut()).into());
    }
}

/// The sending end of a channel.
#[derive(Debug)]
pub struct Sender<T> {
    inner: mpsc::Sender<T>,
    channel: Arc<Channel>,
}

/// The receiving end of a channel.
#[derive(Debug)]
pub(super) struct Receiver<T> {
    inner: mpsc::Receiver<T>,
    channel: Arc<Channel>,
}

/// A channel.
#[must_use]
pub(super) fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let (sender, receiver) = mpsc::channel();
    let channel = Arc::new(Channel { name: recorder::new_name(), state: AtomicU64::new(0) });
    recorder::appear(channel.name, 0);
    (Sender { inner: sender, channel: Arc::clone(&channel) }, Receiver { inner: receiver, channel })
}

impl<T> Sender<T> {
    /// Sends a message.
    ///
    /// # Errors
    ///
    /// The receiver is gone.
    pub fn send(&self, message: T) -> Result<(), SendError<T>> {
        recorder::begin(Operation::Send, self.channel.name, 0);
        let sent = self.inner.send(message);
        if sent.is_ok() {
            self.channel.change(|state| state + MESSAGE);
        }
        recorder::end(sent.is_ok().into());
        sent
    }
}

impl<T> Receiver<T> {
    /// Waits for a message.
    ///
    /// # Errors
    ///
    /// The sender is gone.
    pub(super) fn recv(&self) -> Result<T, RecvError> {
        recorder::begin(Operation::Receive, self.channel.name, 0);
        let received = self.inner.recv();
        if received.is_ok() {
            self.channel.change(|state| state - MESSAGE);
        }
        recorder::end(received.is_ok().into());
        received
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.channel.change(|state| state | NO_SENDER);
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        self.channel.change(|state| state | NO_RECEIVER);
    }
}
