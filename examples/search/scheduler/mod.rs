//! Runs tasks that spawn further tasks, on threads that steal from one another and sleep when there is
//! nothing to steal.
//!
//! Every thread owns a deque. The children of a task go to the deque of the thread that ran it, and that
//! thread takes the newest of them next: depth first, so that few tasks are queued at any time. A thread
//! whose deque is empty steals a batch from the other end of another's deque, where the oldest tasks are
//! and hence the largest parts of the work.
//!
//! The scheduler is independent of what the tasks do.

mod activity;
mod sleepers;

use std::io;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::panic;
use std::thread::{self, Builder};

use pooldeque::unbounded::{Stealer, Worker};

pub(crate) use activity::Activity;
use sleepers::Sleepers;

/// The largest batch that a thief steals.
const LARGEST_BATCH: usize = 32;

/// How a thread runs its tasks. Each thread has its own instance.
pub(crate) trait Work {
    /// A task, which any thread may run.
    type Task: Send;
    /// A thread's result when the run is over.
    type Outcome: Send;

    /// Runs a task.
    ///
    /// New tasks are pushed to `children`, which is empty at first; they become visible to other threads
    /// after this returns. This thread takes the last of them next. `Break` ends the whole run: queued
    /// tasks are dropped, and each thread stops after its current task.
    fn run_task(&mut self, task: Self::Task, children: &mut Vec<Self::Task>) -> ControlFlow<()>;

    /// Returns the thread's result.
    fn into_outcome(self) -> Self::Outcome;
}

/// Runs `roots` and all tasks they spawn, directly or indirectly, on `threads` threads.
///
/// Returns when all tasks are done or one returned `Break`, with each thread's result and counts.
/// `new_work` is called on each thread to create its [`Work`], which never leaves that thread. A panic in a
/// task ends the run and is propagated.
///
/// # Errors
///
/// A thread could not be spawned. Some tasks may have run by then; queued ones are dropped.
pub(crate) fn run<W: Work>(
    roots: Vec<W::Task>,
    threads: NonZeroUsize,
    new_work: impl Fn() -> W + Sync,
) -> io::Result<Vec<(W::Outcome, Activity)>> {
    let threads = threads.get();
    let (mut deques, stealers): (Vec<Worker<_>>, Vec<Stealer<_>>) =
        (0..threads).map(|_| pooldeque::unbounded()).unzip();
    deques[0].push_batch(&mut roots.into_iter());

    let sleepers = Sleepers::new(threads);
    let work = |(index, deque): (usize, Worker<W::Task>)| {
        let _end_on_panic = EndOnPanic(&sleepers);
        // Each thread starts with its neighbours, so that thieves do not all try the same victim.
        let victims = (1..threads).map(|step| stealers[(index + step) % threads].clone()).collect();
        WorkerThread::new(new_work(), deque, victims, &sleepers).work_until_over()
    };
    thread::scope(|scope| {
        let mut deques = deques.into_iter().enumerate();
        let own = deques.next();
        let others: io::Result<Vec<_>> =
            deques.map(|deque| Builder::new().spawn_scoped(scope, || work(deque))).collect();
        // Without all its threads the run would never end: it ends when all of them sleep.
        let others = others.inspect_err(|_| sleepers.end())?;
        let mut outcomes: Vec<_> = own.into_iter().map(work).collect();
        for other in others {
            outcomes.push(other.join().unwrap_or_else(|payload| panic::resume_unwind(payload)));
        }
        Ok(outcomes)
    })
}

/// One thread of the run, with its own deque.
struct WorkerThread<'run, W: Work> {
    work: W,
    deque: Worker<W::Task>,
    /// The other threads' deques, in the order in which this thread tries them.
    victims: Vec<Stealer<W::Task>>,
    sleepers: &'run Sleepers,
    /// Children of the running task; empty between tasks.
    children: Vec<W::Task>,
    activity: Activity,
}

impl<'run, W: Work> WorkerThread<'run, W> {
    fn new(
        work: W,
        deque: Worker<W::Task>,
        victims: Vec<Stealer<W::Task>>,
        sleepers: &'run Sleepers,
    ) -> Self {
        Self { work, deque, victims, sleepers, children: Vec::new(), activity: Activity::default() }
    }

    fn work_until_over(mut self) -> (W::Outcome, Activity) {
        while let Some(task) = self.next_task() {
            self.activity.tasks += 1;
            if self.work.run_task(task, &mut self.children).is_break() {
                self.sleepers.end();
            }
            self.publish_children();
        }
        (self.work.into_outcome(), self.activity)
    }

    /// This thread's newest task. If it has none, it steals; if there is nothing to steal, it sleeps until
    /// woken. `None` once the run is over.
    fn next_task(&mut self) -> Option<W::Task> {
        while !self.sleepers.is_over() {
            let own = self.deque.pop();
            if own.is_some() {
                return own;
            }
            self.steal_or_sleep();
        }
        None
    }

    /// Publishes the last task's children and wakes a thread for them.
    fn publish_children(&mut self) {
        let mut children = self.children.drain(..);
        let Some(first) = children.next() else { return };
        let was_empty = self.deque.push_was_empty(first);
        let others = self.deque.push_batch(&mut children);
        // This thread takes a lone task itself; a thief woken for it would come too late.
        let is_lone = was_empty && others == 0;
        if !is_lone {
            self.sleepers.wake_one();
        }
    }

    /// Returns with stolen tasks in this thread's deque, or after a sleep.
    fn steal_or_sleep(&mut self) {
        let mut stolen = self.steal();
        if stolen.is_none() {
            self.sleepers.announce();
            // Second scan: tasks published between the first scan and the announcement woke nobody.
            stolen = self.steal();
            if stolen.is_none() {
                self.activity.sleeps += 1;
                return self.sleepers.sleep();
            }
            self.sleepers.retract();
        }
        self.pass_the_wake_on(stolen);
    }

    /// Steals the older half of some other thread's tasks into this thread's deque. Returns the number.
    fn steal(&mut self) -> Option<NonZeroUsize> {
        self.victims.iter().find_map(|victim| {
            // The length is an estimate and can be 0 for a non-empty deque; only an attempt is conclusive.
            let half = victim.len().div_ceil(2).clamp(1, LARGEST_BATCH);
            let stolen = NonZeroUsize::new(victim.steal_into(&self.deque, half))?;
            self.activity.record_steal(stolen);
            Some(stolen)
        })
    }

    /// A thread that found work stops scanning. If tasks remain, it wakes another thread to scan on.
    fn pass_the_wake_on(&self, stolen: Option<NonZeroUsize>) {
        let can_spare_some = || stolen > NonZeroUsize::new(1);
        let has_left_some = || self.victims.iter().any(|victim| !victim.is_empty());
        if self.sleepers.any() && (can_spare_some() || has_left_some()) {
            self.sleepers.wake_one();
        }
    }
}

/// Ends the run for all threads if this one panics; otherwise the others would wait for it indefinitely.
struct EndOnPanic<'run>(&'run Sleepers);

impl Drop for EndOnPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.end();
        }
    }
}
