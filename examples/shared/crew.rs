//! Threads that run the same work at the same time.

use std::io;
use std::panic;
use std::sync::{PoisonError, RwLock};
use std::thread;

use crate::threads::no_thread;

/// Runs `work` on this many threads, each with its index. No thread starts working unless all can be
/// spawned.
///
/// # Errors
///
/// The system has no more threads.
pub(crate) fn on_each<R: Send>(threads: u32, work: impl Fn(u32) -> R + Sync) -> io::Result<Vec<R>> {
    let all_there = RwLock::new(false);
    thread::scope(|scope| {
        // The threads wait for this lock.
        let mut gate = all_there.write().unwrap_or_else(PoisonError::into_inner);
        let (all_there, work) = (&all_there, &work);
        let started: io::Result<Vec<_>> = (0..threads)
            .map(|number| {
                let work = move || {
                    let begins = *all_there.read().unwrap_or_else(PoisonError::into_inner);
                    begins.then(|| work(number))
                };
                thread::Builder::new().spawn_scoped(scope, work).map_err(no_thread)
            })
            .collect();
        *gate = started.is_ok();
        drop(gate);
        let results = started?.into_iter().map(|thread| thread.join());
        Ok(results.filter_map(|result| result.unwrap_or_else(|panic| panic::resume_unwind(panic))).collect())
    })
}
