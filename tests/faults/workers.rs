//! Threads that wait for work and so keep their slots and private places.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::patience::patiently;

/// How long a thread may take for what does not have to wait for anything.
const LIMIT: Duration = Duration::from_secs(60);

type Work = Box<dyn FnOnce() + Send>;

/// A thread that does one piece of work after the other. It ends when this is dropped.
pub(crate) struct Worker {
    work: Option<Sender<Work>>,
    done: Receiver<()>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    pub(crate) fn new() -> Self {
        let (work, works) = channel::<Work>();
        let (is_done, done) = channel();
        let thread = thread::Builder::new().stack_size(256 << 10).spawn(move || {
            for work in works {
                work();
                is_done.send(()).expect("the test waits");
            }
        });
        Self { work: Some(work), done, thread: Some(thread.expect("a thread")) }
    }

    /// Does this on the thread and waits until it is done.
    #[track_caller]
    pub(crate) fn does(&self, work: impl FnOnce() + Send + 'static) {
        self.begins(work);
        self.is_done();
    }

    /// Begins this on the thread.
    #[track_caller]
    pub(crate) fn begins(&self, work: impl FnOnce() + Send + 'static) {
        let sender = self.work.as_ref().expect("it ends when this is dropped");
        sender.send(Box::new(work)).expect("the thread has not panicked");
    }

    /// Waits until what was begun is done.
    #[track_caller]
    pub(crate) fn is_done(&self) {
        self.done.recv_timeout(LIMIT).expect("the thread gets through");
    }
}

/// Ends the thread, its thread-locals' destructors included.
impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.work.take());
        let Some(thread) = self.thread.take() else { return };
        if !thread::panicking() {
            patiently(|| thread.is_finished().then_some(()));
            thread.join().expect("the thread does not panic");
        }
    }
}

pub(crate) fn workers(count: usize) -> Vec<Worker> {
    (0..count).map(|_| Worker::new()).collect()
}
