//! Workers that carry out tasks, which make further tasks, until there are none.

use std::panic;

use pooldeque::unbounded::{self, Stealer};

use crate::runtime::Ordering::Relaxed;
use crate::runtime::{Arc, AtomicUsize, thread};
use crate::sleepers::{Sleepers, Step};

/// Something to do, by whichever worker takes it.
type Task = Box<dyn FnOnce(&mut Worker) + Send>;

/// How to run.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// How many workers, the calling thread among them.
    pub workers: usize,
    /// How many tasks a deque holds before it grows: a power of two. A model wants it small.
    pub first_ring: usize,
    /// A step to leave out; none, but in a model that is to fail.
    pub left_out: Option<Step>,
}

/// What a worker did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Activity {
    /// Tasks it carried out.
    pub tasks: u64,
    /// How many of them it had stolen.
    pub stolen: u64,
    /// Times it slept.
    pub sleeps: u64,
}

/// What the workers of a run share.
struct Run {
    stealers: Vec<Stealer<Task>>,
    /// Tasks that were made and are not carried out yet.
    unfinished: AtomicUsize,
    sleepers: Sleepers,
}

/// One thread of a run, with the deque that it owns.
pub struct Worker {
    index: usize,
    deque: unbounded::Worker<Task>,
    run: Arc<Run>,
    activity: Activity,
}

/// What a worker without a task of its own sees when it looks around.
enum Sight {
    Stolen(Task),
    AllIsDone,
}

/// Carries out `root` and all the tasks it leads to. Returns what each worker did.
///
/// A task that panics ends its worker; what that worker leaves is stolen by the others, and the panic
/// is passed on.
///
/// # Panics
///
/// If a task does, or if there are no workers, or more than there are bits in a `usize`.
pub fn run(setup: Setup, root: impl FnOnce(&mut Worker) + Send + 'static) -> Vec<Activity> {
    let Setup { workers, first_ring, left_out } = setup;
    let (deques, stealers): (Vec<_>, Vec<_>) =
        (0..workers).map(|_| unbounded::with_capacity::<Task>(first_ring)).unzip();
    deques[0].push(Box::new(root));
    let sleepers = Sleepers::new(workers, left_out);
    let run = Arc::new(Run { stealers, unfinished: AtomicUsize::new(1), sleepers });
    let worker = |(index, deque)| {
        let run = Arc::clone(&run);
        Worker { index, deque, run, activity: Activity::default() }
    };
    let mut hands = deques.into_iter().enumerate().map(worker);
    let own = hands.next();
    let others: Vec<_> = hands.map(|hand| thread::spawn(|| hand.work())).collect();
    let mut activities: Vec<_> = own.into_iter().map(Worker::work).collect();
    for other in others {
        activities.push(other.join().unwrap_or_else(|payload| panic::resume_unwind(payload)));
    }
    activities
}

impl Worker {
    /// Makes a task: this worker's next one, unless another comes and takes it before.
    pub fn spawn(&mut self, task: impl FnOnce(&mut Self) + Send + 'static) {
        self.run.unfinished.fetch_add(1, Relaxed);
        self.deque.push(Box::new(task));
        self.run.sleepers.wake_one();
    }

    fn work(mut self) -> Activity {
        let run = Arc::clone(&self.run);
        while let Some(task) = self.next_task() {
            let _finished = Finished(&run);
            self.activity.tasks += 1;
            task(&mut self);
        }
        self.activity
    }

    /// The newest of its own, or one of another's, or after a sleep. None when all is done.
    fn next_task(&mut self) -> Option<Task> {
        loop {
            let own = self.deque.pop();
            if own.is_some() {
                return own;
            }
            // No other thread pushes to its own deque: the second look, too, is at the others' alone.
            let look = || self.look_around();
            match look().or_else(|| self.run.sleepers.sleep_unless(self.index, look)) {
                Some(Sight::Stolen(task)) => {
                    self.activity.stolen += 1;
                    return Some(task);
                }
                Some(Sight::AllIsDone) => return None,
                None => self.activity.sleeps += 1,
            }
        }
    }

    fn look_around(&self) -> Option<Sight> {
        let Run { stealers, unfinished, .. } = &*self.run;
        if unfinished.load(Relaxed) == 0 {
            return Some(Sight::AllIsDone);
        }
        let (before, after) = stealers.split_at(self.index);
        let stolen = after.iter().skip(1).chain(before).find_map(Stealer::steal);
        stolen.map(Sight::Stolen)
    }
}

/// Counts a task as carried out, even if it panics: the others would wait for it forever.
struct Finished<'run>(&'run Run);

impl Drop for Finished<'_> {
    fn drop(&mut self) {
        if self.0.unfinished.fetch_sub(1, Relaxed) == 1 {
            self.0.sleepers.wake_all();
        }
    }
}
