//! Which threads sleep, and which are woken.

use std::hint;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::patience::Patience;
use crate::scheduling::{MOST_THREADS, run, total};

/// How long a test waits for a thread to wake before it fails. A correct scheduler wakes it at once, even
/// on a slow machine.
const LIMIT: Duration = Duration::from_secs(60);

/// A rendezvous: threads wait until the expected number is present.
struct Meeting {
    expected: usize,
    present: Mutex<usize>,
    complete: Condvar,
}

impl Meeting {
    fn of(expected: usize) -> Self {
        Self { expected, present: Mutex::new(0), complete: Condvar::new() }
    }

    /// Counts as present without waiting.
    fn pass_by(&self) {
        *self.lock() += 1;
        self.complete.notify_all();
    }

    /// Waits until all are present.
    fn attend(&self) {
        self.pass_by();
        let waiting = |present: &mut usize| *present < self.expected;
        let wait = self.complete.wait_timeout_while(self.lock(), LIMIT, waiting);
        let (present, wait) = wait.unwrap_or_else(PoisonError::into_inner);
        assert!(!wait.timed_out(), "{} of {} arrived: a sleeper was not woken", *present, self.expected);
    }

    fn lock(&self) -> MutexGuard<'_, usize> {
        self.present.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The kinds of tasks below.
#[derive(Clone, Copy)]
enum Step {
    /// Waits a little, so that the other threads fall asleep, then continues.
    Pause { pauses_left: u32 },
    /// Creates this many tasks that meet: all at once, or by recursive halving.
    Gather { number: usize, at_once: bool },
    /// Waits for all other tasks of this kind, so each needs its own thread.
    Meet,
}

/// Runs as many tasks as threads, each of which waits for all the others. They can all meet only if no task
/// stays in a deque while a thread sleeps.
fn all_threads_meet(threads: usize, pauses: u32, at_once: bool) {
    let meeting = Meeting::of(threads);
    run(vec![Step::Pause { pauses_left: pauses }], threads, |step, children| {
        match step {
            Step::Pause { pauses_left: 0 } => children.push(Step::Gather { number: threads, at_once }),
            Step::Pause { pauses_left } => {
                thread::sleep(Duration::from_micros(50));
                children.push(Step::Pause { pauses_left: pauses_left - 1 });
            }
            Step::Gather { number: 1, .. } => children.push(Step::Meet),
            Step::Gather { number, at_once: true } => children.extend(vec![Step::Meet; number]),
            Step::Gather { number, at_once } => {
                let half = |number| Step::Gather { number, at_once };
                children.extend([half(number / 2), half(number - number / 2)]);
            }
            Step::Meet => meeting.attend(),
        }
        ControlFlow::Continue(())
    });
}

#[test]
fn every_sleeper_is_woken_when_tasks_appear_at_once() {
    for round in 0..400 {
        let threads = 2 + round % (MOST_THREADS - 1);
        all_threads_meet(threads, round as u32 % 4, true);
    }
}

#[test]
fn every_sleeper_is_woken_when_tasks_appear_gradually() {
    for round in 0..400 {
        let threads = 2 + round % (MOST_THREADS - 1);
        all_threads_meet(threads, round as u32 % 4, false);
    }
}

#[test]
fn a_thread_about_to_sleep_sees_a_new_task() {
    const ROUNDS: usize = 20_000;
    #[derive(Clone, Copy)]
    enum Step {
        /// Creates two tasks that meet, at a random time after the end of the last round.
        Round(usize),
        /// Waits for the other task of the round. The last one to arrive begins the next round, while the
        /// other's thread finds no work and goes to sleep.
        Meet(usize),
    }
    let present: Vec<AtomicUsize> = (0..ROUNDS).map(|_| AtomicUsize::new(0)).collect();
    let activities = run(vec![Step::Round(0)], 2, |step, children| {
        match step {
            Step::Round(round) => {
                (0..round % 256).for_each(|_| hint::spin_loop());
                children.extend([Step::Meet(round); 2]);
            }
            Step::Meet(round) => {
                if present[round].fetch_add(1, Ordering::Relaxed) == 1 {
                    children.extend((round + 1 < ROUNDS).then_some(Step::Round(round + 1)));
                }
                // No condition variable: both must continue at the same moment.
                let patience = Patience::new();
                while present[round].load(Ordering::Relaxed) < 2 {
                    patience.pause();
                }
            }
        }
        ControlFlow::Continue(())
    });
    assert_eq!(total(&activities).tasks, 3 * ROUNDS as u64);
}

#[test]
fn sleepers_look_for_work_only_when_woken() {
    // One task takes long. The other threads find no work and go to sleep, once each; so does the task's
    // thread when it is done. If they kept looking, they would sleep often.
    for threads in 1..=MOST_THREADS {
        let activities = run(vec![()], threads, |(), _| {
            thread::sleep(Duration::from_millis(100));
            ControlFlow::Continue(())
        });
        assert_eq!(total(&activities).sleeps, threads as u64);
    }
}

#[test]
fn a_chain_of_lone_tasks_wakes_no_thread() {
    for threads in 1..=MOST_THREADS {
        let activities = run(vec![300_u32], threads, |left, children| {
            thread::sleep(Duration::from_micros(100));
            children.extend(left.checked_sub(1));
            ControlFlow::Continue(())
        });
        assert_eq!(total(&activities).sleeps, threads as u64);
        assert_eq!(total(&activities).tasks, 301);
    }
}

#[test]
fn tasks_are_stolen_in_batches() {
    const TASKS: usize = 64;
    const NEWEST: usize = TASKS - 1;
    for threads in 2..=MOST_THREADS {
        let meeting = Meeting::of(TASKS);
        // The newest task, which its own thread runs first, lasts until other threads have done the rest.
        let activities = run(vec![TASKS], threads, |number, children| {
            match number {
                TASKS => children.extend(0..TASKS),
                NEWEST => meeting.attend(),
                _ => meeting.pass_by(),
            }
            ControlFlow::Continue(())
        });
        let total = total(&activities);
        let largest_batch = total.batch_sizes().map(|(smallest, _, _)| smallest).max();
        assert!(largest_batch >= Some(TASKS / 4), "{total:?}");
        assert!(total.stolen > total.steals(), "{total:?}");
    }
}
