//! The machine: the same programs, over and over.

use std::process;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::programs::{Floor, Program};

pub(crate) const NAME: &str = "std";

const TIMES: u64 = 2_000;
/// Nothing else notices that all workers sleep.
const LIMIT: Duration = Duration::from_secs(120);

#[derive(Clone, Debug)]
pub(crate) struct Search;

impl Search {
    pub(crate) fn name(&self) -> String {
        "repeated".to_owned()
    }

    pub(crate) fn bound(&self) -> Option<usize> {
        None
    }

    pub(crate) fn is_complete(&self) -> bool {
        false
    }

    pub(crate) fn floor(&self, _program: &Program) -> Floor {
        Floor { executions: TIMES, rings_freed: 0 }
    }
}

pub(crate) fn searches(_program: &Program) -> Vec<Search> {
    vec![Search]
}

/// An execution needs no beginning.
pub(crate) fn start() {}

/// Freed rings are not counted.
pub(crate) fn rings_freed() -> usize {
    0
}

/// Runs `model` again and again. If that takes too long, ends the process.
pub(crate) fn explore(_search: &Search, model: impl Fn() + Send + Sync + 'static) {
    let (done, until_done) = mpsc::channel();
    let watch = thread::spawn(move || {
        if until_done.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
            eprintln!("a run did not end: a worker sleeps forever");
            process::abort();
        }
    });
    (0..TIMES).for_each(|_| model());
    drop::<mpsc::Sender<()>>(done);
    watch.join().expect("the watch does not panic");
}
