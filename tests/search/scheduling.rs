//! The scheduler by itself: it runs every task once and then ends, whatever the tasks do.

use std::cell::Cell;
use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Mutex;
use std::thread;

use crate::ledger::{Ledger, Noted};
use crate::scheduler::{self, Activity, Work};

pub(crate) const MOST_THREADS: usize = 8;

/// Runs tasks on this many threads, calling `run_task` for each.
pub(crate) fn run<T: Send>(
    roots: Vec<T>,
    threads: usize,
    run_task: impl Fn(T, &mut Vec<T>) -> ControlFlow<()> + Sync,
) -> Vec<Activity> {
    struct Calls<F, T>(F, PhantomData<T>);
    impl<T: Send, F: Fn(T, &mut Vec<T>) -> ControlFlow<()>> Work for Calls<F, T> {
        type Task = T;
        type Outcome = ();
        fn run_task(&mut self, task: T, children: &mut Vec<T>) -> ControlFlow<()> {
            assert!(children.is_empty());
            (self.0)(task, children)
        }
        fn into_outcome(self) {}
    }
    let threads = NonZeroUsize::new(threads).expect("some threads");
    let outcomes = scheduler::run(roots, threads, || Calls(&run_task, PhantomData));
    outcomes.expect("threads start").into_iter().map(|(_, activity)| activity).collect()
}

pub(crate) fn total(activities: &[Activity]) -> Activity {
    let mut total = Activity::default();
    activities.iter().for_each(|activity| total += activity);
    total
}

/// A tree of tasks, each with its children.
struct Tree {
    children: Vec<Vec<usize>>,
    roots: Vec<usize>,
}

impl Tree {
    /// A tree of `size` tasks, with a random shape between broad and narrow.
    fn random(random: &mut fastrand::Rng, size: usize) -> Self {
        let mut tree = Self { children: vec![Vec::new(); size], roots: Vec::new() };
        // How far back a task's parent may be: 1 makes a chain.
        let reach = 1 << random.usize(0..12);
        for task in 0..size {
            let parent = task.checked_sub(1 + random.usize(0..reach));
            parent.map_or(&mut tree.roots, |parent| &mut tree.children[parent]).push(task);
        }
        tree
    }
}

#[test]
fn each_task_of_a_random_tree_runs_once() {
    for seed in 0..60 {
        let mut random = fastrand::Rng::with_seed(seed);
        let size = random.usize(1..=3000);
        let tree = Tree::random(&mut random, size);
        for threads in 1..=MOST_THREADS {
            let ledger = Ledger::new(tree.children.len());
            let activities = run(tree.roots.clone(), threads, |task, children| {
                ledger.note(task);
                children.extend(&tree.children[task]);
                ControlFlow::Continue(())
            });
            ledger.assert_each_once();
            assert_counts_add_up(&activities, threads, tree.children.len());
        }
    }
}

fn assert_counts_add_up(activities: &[Activity], threads: usize, tasks: usize) {
    assert_eq!(activities.len(), threads);
    let total = total(activities);
    assert_eq!(total.tasks, tasks as u64);
    let batches: Vec<(usize, usize, u64)> = total.batch_sizes().collect();
    assert_eq!(batches.iter().map(|batch| batch.2).sum::<u64>(), total.steals());
    let bound = |size: fn(&(usize, usize, u64)) -> usize| -> u64 {
        batches.iter().map(|batch| size(batch) as u64 * batch.2).sum()
    };
    assert!((bound(|batch| batch.0)..=bound(|batch| batch.1)).contains(&total.stolen));
}

#[test]
fn small_runs_end_thousands_of_times() {
    for round in 0..2000 {
        let threads = 1 + round % MOST_THREADS;
        let ledger = Ledger::new(7);
        // A binary tree of depth three: threads sleep and wake about as often as there are tasks.
        run(vec![0], threads, |task, children| {
            ledger.note(task);
            children.extend([2 * task + 1, 2 * task + 2].into_iter().filter(|child| *child < 7));
            ControlFlow::Continue(())
        });
        ledger.assert_each_once();
    }
}

#[test]
fn a_run_without_tasks_ends_immediately() {
    for threads in 1..=MOST_THREADS {
        let activities = run(Vec::new(), threads, |(), _| ControlFlow::Continue(()));
        assert_eq!(total(&activities).tasks, 0);
    }
}

#[test]
fn one_thread_takes_the_newest_task_first() {
    let order = Mutex::new(Vec::new());
    run(vec![1, 2], 1, |task, children| {
        order.lock().expect("one thread").push(task);
        if task < 10 {
            children.extend([10 * task, 10 * task + 1]);
        }
        ControlFlow::Continue(())
    });
    assert_eq!(order.into_inner().expect("one thread"), [2, 21, 20, 1, 11, 10]);
}

#[test]
fn a_break_ends_the_run_and_drops_queued_tasks() {
    const TASKS: usize = 500;
    for threads in 1..=MOST_THREADS {
        let ledger = Ledger::new(TASKS);
        let activities = run(vec![ledger.values().collect::<Vec<_>>()], threads, |mut tasks, children| {
            if tasks.len() > 1 {
                children.extend(tasks.drain(..).map(|task| vec![task]));
                return ControlFlow::Continue(());
            }
            if tasks[0].id == 250 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        ledger.assert_each_once();
        if threads == 1 {
            // The newest first, 499 down to 250, after their parent.
            assert_eq!(total(&activities).tasks, 1 + 250);
        }
    }
}

#[test]
fn a_panic_in_a_task_ends_the_run_and_is_propagated() {
    for threads in 1..=MOST_THREADS {
        for panics_at in [0, 1, 30, 99] {
            let ledger = Ledger::new(100);
            let panicking_run = || {
                run(ledger.values().collect::<Vec<Noted>>(), threads, |task, _| {
                    assert!(task.id != panics_at, "as planned");
                    ControlFlow::Continue(())
                })
            };
            let panic = catch_unwind(AssertUnwindSafe(panicking_run)).expect_err("the panic propagates");
            assert!(panic.downcast_ref::<&str>().is_some_and(|message| *message == "as planned"));
            ledger.assert_each_once();
        }
    }
}

#[test]
fn a_panic_before_the_first_task_ends_the_run_too() {
    struct Never;
    impl Work for Never {
        type Task = ();
        type Outcome = ();
        fn run_task(&mut self, (): (), _: &mut Vec<()>) -> ControlFlow<()> {
            ControlFlow::Continue(())
        }
        fn into_outcome(self) {}
    }
    let caller = thread::current().id();
    for is_to_panic in [true, false] {
        let threads = NonZeroUsize::new(4).expect("four");
        let new_work = || {
            assert!((thread::current().id() == caller) != is_to_panic, "as planned");
            Never
        };
        let panicking_run = || scheduler::run(vec![(), ()], threads, new_work);
        catch_unwind(AssertUnwindSafe(panicking_run)).expect_err("the panic propagates");
    }
}

#[test]
fn a_threads_work_stays_on_its_thread() {
    // It need not be `Send`.
    struct Counter(Rc<Cell<u64>>);
    impl Work for Counter {
        type Task = u32;
        type Outcome = u64;
        fn run_task(&mut self, depth: u32, children: &mut Vec<u32>) -> ControlFlow<()> {
            self.0.set(self.0.get() + 1);
            children.extend((0..depth.min(3)).map(|_| depth - 1));
            ControlFlow::Continue(())
        }
        fn into_outcome(self) -> u64 {
            self.0.get()
        }
    }
    let new_work = || Counter(Rc::default());
    let outcomes =
        scheduler::run(vec![6], NonZeroUsize::new(3).expect("three"), new_work).expect("threads start");
    assert!(outcomes.iter().all(|(counted, activity)| *counted == activity.tasks));
    assert_eq!(outcomes.iter().map(|(counted, _)| counted).sum::<u64>(), tasks_below(6));
}

/// The number of tasks in the subtree that starts with `depth`.
fn tasks_below(depth: u32) -> u64 {
    1 + u64::from(depth.min(3)) * if depth == 0 { 0 } else { tasks_below(depth - 1) }
}
