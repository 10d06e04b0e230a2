//! Runs tasks that make further tasks, on threads that take work from one another and sleep when
//! there is none to take.
//!
//! Every thread owns a deque. The tasks that a task makes go to the deque of the thread that carried
//! it out, and that thread takes the newest of them next: it goes deep before it goes wide, so that
//! few tasks wait at any time. A thread whose deque is empty steals from another's other end, where
//! the oldest tasks are and hence the largest parts of the work, and takes a batch of them.
//!
//! The scheduler knows nothing of what the tasks are.

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

/// No thief takes more tasks than this at once, however many there are.
const LARGEST_BATCH: usize = 32;

/// What one thread does with its tasks. Each thread has its own.
pub(crate) trait Work {
    /// A task; any thread may be the one that carries it out.
    type Task: Send;
    /// What is left of a thread's work when the run is over.
    type Outcome: Send;

    /// Carries out a task.
    ///
    /// The tasks it makes are left in `children`, which is empty at first; other threads see them once
    /// this returns, not before. This thread takes the last of them next. Breaking off ends the whole
    /// run: tasks that wait are dropped, and threads stop after the task that they are at.
    fn carry_out(&mut self, task: Self::Task, children: &mut Vec<Self::Task>) -> ControlFlow<()>;

    /// What the thread has come to.
    fn into_outcome(self) -> Self::Outcome;
}

/// Carries out `roots`, the tasks they make, the tasks those make, and so on, on `threads` threads.
///
/// Returns when all work is done or a task broke off, with each thread's outcome and how it spent the
/// run. `employ` is called on each thread for its [`Work`], which therefore never leaves that thread.
/// A panic in a task ends the run and is passed on.
///
/// # Errors
///
/// A thread could not be started. Tasks may have been carried out by then; those that wait are dropped.
pub(crate) fn run<W: Work>(
    roots: Vec<W::Task>,
    threads: NonZeroUsize,
    employ: impl Fn() -> W + Sync,
) -> io::Result<Vec<(W::Outcome, Activity)>> {
    let threads = threads.get();
    let (mut deques, stealers): (Vec<Worker<_>>, Vec<Stealer<_>>) =
        (0..threads).map(|_| pooldeque::unbounded()).unzip();
    deques[0].push_batch(&mut roots.into_iter());

    let sleepers = Sleepers::new(threads);
    let work = |(index, deque): (usize, Worker<W::Task>)| {
        let _end_on_panic = EndOnPanic(&sleepers);
        // Each thread tries its neighbours first, so that not all meet at one victim.
        let victims = (1..threads).map(|step| stealers[(index + step) % threads].clone()).collect();
        Hand::new(employ(), deque, victims, &sleepers).work_until_over()
    };
    thread::scope(|scope| {
        let mut deques = deques.into_iter().enumerate();
        let own = deques.next();
        let others: io::Result<Vec<_>> =
            deques.map(|deque| Builder::new().spawn_scoped(scope, || work(deque))).collect();
        // Without all its threads the run would wait forever for the missing ones to fall asleep.
        let others = others.inspect_err(|_| sleepers.end())?;
        let mut outcomes: Vec<_> = own.into_iter().map(work).collect();
        for other in others {
            outcomes.push(other.join().unwrap_or_else(|payload| panic::resume_unwind(payload)));
        }
        Ok(outcomes)
    })
}

/// One thread of the run, with the deque that it owns.
struct Hand<'run, W: Work> {
    work: W,
    deque: Worker<W::Task>,
    /// The other threads' deques, in the order in which this one tries them.
    victims: Vec<Stealer<W::Task>>,
    sleepers: &'run Sleepers,
    /// Tasks made by the task under way; empty between tasks.
    children: Vec<W::Task>,
    activity: Activity,
}

impl<'run, W: Work> Hand<'run, W> {
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
            if self.work.carry_out(task, &mut self.children).is_break() {
                self.sleepers.end();
            }
            self.publish_children();
        }
        (self.work.into_outcome(), self.activity)
    }

    /// The newest of this thread's own tasks. If it has none, it steals some; if there are none to
    /// steal, it sleeps until it is woken for some. None once the run is over.
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

    /// Lets the other threads see the tasks that the last one made, and wakes a thread for them.
    fn publish_children(&mut self) {
        let mut children = self.children.drain(..);
        let Some(first) = children.next() else { return };
        let was_empty = self.deque.push_was_empty(first);
        let others = self.deque.push_batch(&mut children);
        // A lone task is the one that this thread takes next: a thief woken for it would come too late.
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
            // The second look: between the first and the announcement no other thread would have woken this one.
            stolen = self.steal();
            if stolen.is_none() {
                self.activity.sleeps += 1;
                return self.sleepers.sleep();
            }
            self.sleepers.retract();
        }
        self.pass_the_wake_on(stolen);
    }

    /// Moves the older half of some other thread's tasks to this thread's deque. Returns how many.
    fn steal(&mut self) -> Option<NonZeroUsize> {
        self.victims.iter().find_map(|victim| {
            // The length is a guess and can be 0 of a deque that holds a task: only the attempt shows.
            let half = victim.len().div_ceil(2).clamp(1, LARGEST_BATCH);
            let stolen = NonZeroUsize::new(victim.steal_into(&self.deque, half))?;
            self.activity.record_steal(stolen);
            Some(stolen)
        })
    }

    /// A thread that has found work looks no further. If it leaves some, it wakes another to look on.
    fn pass_the_wake_on(&self, stolen: Option<NonZeroUsize>) {
        let can_spare_some = || stolen > NonZeroUsize::new(1);
        let has_left_some = || self.victims.iter().any(|victim| !victim.is_empty());
        if self.sleepers.any() && (can_spare_some() || has_left_some()) {
            self.sleepers.wake_one();
        }
    }
}

/// Ends the run for all threads if this one panics: the others would wait for it forever.
struct EndOnPanic<'run>(&'run Sleepers);

impl Drop for EndOnPanic<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.end();
        }
    }
}
