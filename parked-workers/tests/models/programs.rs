//! What is explored: the scheduler at small jobs, and its sleepers alone.

use pooldeque::unbounded;
use pooldeque_parked_workers::runtime::{Arc, Condvar, Mutex, thread};
use pooldeque_parked_workers::scheduler::{Setup, Worker, run};
use pooldeque_parked_workers::sleepers::{Sleepers, Step};

use crate::roll::{Entry, Roll};

/// A small concurrent program, and how much of it to explore.
#[allow(dead_code, reason = "each checker reads what concerns it")]
#[derive(Clone, Copy)]
pub(crate) struct Program {
    pub(crate) name: &'static str,
    /// In a few words.
    pub(crate) about: &'static str,
    pub(crate) threads: usize,
    pub(crate) tasks: u32,
    body: fn(&Roll, Option<Step>),
    /// The most preemptions under loom.
    pub(crate) preemptions: Option<usize>,
    /// How many schedules there are at least, if shuttle is to go through all of them.
    pub(crate) every_schedule: Option<u64>,
    /// The least that loom must come to.
    pub(crate) in_loom: Floor,
}

/// About half of what was measured: a model that explores nothing falls below. Rings count that are
/// freed before the last task is carried out.
#[derive(Clone, Copy)]
pub(crate) struct Floor {
    pub(crate) executions: u64,
    pub(crate) rings_freed: u64,
}

/// All programs, the smallest first.
#[cfg(any(loom, shuttle))]
pub(crate) const PROGRAMS: [Program; 7] = [
    NOTHING_BUT_THE_ROOT,
    TWO_TASKS_MEET,
    TWO_SLEEPERS,
    TASKS_MAKE_TASKS,
    THREE_TASKS_MEET,
    WOKEN_BY_THE_FIRST,
    TWO_WOKEN_BY_THE_FIRST,
];

/// The end comes while the other worker falls asleep.
pub(crate) const NOTHING_BUT_THE_ROOT: Program = Program {
    name: "nothing_but_the_root",
    about: "2 workers, 1 task",
    threads: 2,
    tasks: 1,
    body: |roll, left_out| schedule(2, 1, roll, left_out, |_, _| {}),
    preemptions: None,
    every_schedule: Some(24_000),
    in_loom: Floor { executions: 2_700, rings_freed: 0 },
};

/// The child must be taken while its parent is busy: the other worker must not sleep on.
pub(crate) const TWO_TASKS_MEET: Program = Program {
    name: "two_tasks_meet",
    about: "2 workers, 2 tasks that wait for each other",
    threads: 2,
    tasks: 2,
    body: |roll, left_out| schedule(2, 1, roll, left_out, |worker, roll| meet(2, worker, roll)),
    preemptions: Some(3),
    every_schedule: None,
    in_loom: Floor { executions: 3_700, rings_freed: 0 },
};

/// A deque grows, and drained rings are freed, while tasks are stolen.
pub(crate) const TASKS_MAKE_TASKS: Program = Program {
    name: "tasks_make_tasks",
    about: "2 workers, 1 task that makes 2 and waits for the second",
    threads: 2,
    tasks: 3,
    body: |roll, left_out| {
        schedule(2, 1, roll, left_out, |worker, roll| {
            let entry = roll.enter();
            worker.spawn(move |_| entry.sign());
            meet(2, worker, roll);
        });
    },
    preemptions: Some(2),
    every_schedule: None,
    in_loom: Floor { executions: 8_000, rings_freed: 7_000 },
};

/// Each needs a worker of its own.
pub(crate) const THREE_TASKS_MEET: Program = Program {
    name: "three_tasks_meet",
    about: "3 workers, 3 tasks that wait for each other",
    threads: 3,
    tasks: 3,
    body: |roll, left_out| schedule(3, 2, roll, left_out, |worker, roll| meet(3, worker, roll)),
    preemptions: Some(1),
    every_schedule: None,
    in_loom: Floor { executions: 38_000, rings_freed: 0 },
};

/// The sleepers alone, which leaves room for more preemptions: a wake-up that comes to somebody who has
/// found something already must go to the one who sleeps.
pub(crate) const TWO_SLEEPERS: Program = Program {
    name: "two_sleepers",
    about: "2 sleepers, 2 tasks made by a third, one for each",
    threads: 3,
    tasks: 2,
    body: two_sleepers,
    preemptions: Some(2),
    every_schedule: None,
    in_loom: Floor { executions: 2_000, rings_freed: 0 },
};

/// A sleeper that is woken only when a push found the deque empty, while the deque grows.
pub(crate) const WOKEN_BY_THE_FIRST: Program = Program {
    name: "woken_by_the_first",
    about: "1 sleeper, 2 tasks for it, woken only if the deque was empty",
    threads: 2,
    tasks: 2,
    body: |roll, left_out| woken_by_the_first([2], roll, left_out),
    preemptions: Some(3),
    every_schedule: None,
    in_loom: Floor { executions: 20_000, rings_freed: 15_000 },
};

/// Two of them, both woken.
pub(crate) const TWO_WOKEN_BY_THE_FIRST: Program = Program {
    name: "two_woken_by_the_first",
    about: "2 sleepers, a task for each, woken only if the deque was empty",
    threads: 3,
    tasks: 2,
    body: |roll, left_out| woken_by_the_first([1, 1], roll, left_out),
    preemptions: Some(1),
    every_schedule: None,
    in_loom: Floor { executions: 480, rings_freed: 450 },
};

impl Program {
    /// Runs it once and checks what came of it. Returns how many rings were freed meanwhile.
    pub(crate) fn execute(&self, left_out: Option<Step>) -> usize {
        let roll = Roll::open();
        (self.body)(&roll, left_out);
        roll.close(self.tasks)
    }
}

fn schedule(
    workers: usize,
    first_ring: usize,
    roll: &Roll,
    left_out: Option<Step>,
    root: fn(&mut Worker, &Roll),
) {
    let (entry, roll) = (roll.enter(), roll.clone());
    run(Setup { workers, first_ring, left_out }, move |worker| {
        entry.sign();
        root(worker, &roll);
    });
}

/// This task and as many others as it takes wait until `number` of them are there.
fn meet(number: usize, worker: &mut Worker, roll: &Roll) {
    let meeting = Arc::new((Mutex::new(0), Condvar::new()));
    for _ in 1..number {
        let (entry, meeting) = (roll.enter(), Arc::clone(&meeting));
        worker.spawn(move |_| {
            entry.sign();
            attend(&meeting, number);
        });
    }
    attend(&meeting, number);
}

fn attend((present, complete): &(Mutex<usize>, Condvar), number: usize) {
    let mut present = present.lock().expect("nothing panics under the lock");
    *present += 1;
    complete.notify_all();
    while *present < number {
        present = complete.wait(present).expect("nothing panics under the lock");
    }
}

fn two_sleepers(roll: &Roll, left_out: Option<Step>) {
    let sleepers = Arc::new(Sleepers::new(2, left_out));
    let (worker, stealer) = unbounded::with_capacity::<Entry>(2);
    let threads = [0, 1].map(|index| {
        let (sleepers, stealer) = (Arc::clone(&sleepers), stealer.clone());
        thread::spawn(move || {
            loop {
                let look = || stealer.steal();
                if let Some(entry) = sleepers.sleep_unless(index, look).or_else(look) {
                    return entry.sign();
                }
            }
        })
    });
    for _ in 0..2 {
        worker.push(roll.enter());
        sleepers.wake_one();
    }
    for thread in threads {
        thread.join().expect("a sleeper does not panic");
    }
}

/// Sleepers that take so many tasks each, all made by this thread.
fn woken_by_the_first<const SLEEPERS: usize>(shares: [u32; SLEEPERS], roll: &Roll, left_out: Option<Step>) {
    let sleepers = Arc::new(Sleepers::new(SLEEPERS, left_out));
    let (worker, stealer) = unbounded::with_capacity::<Entry>(1);
    let mut index = 0..;
    let threads = shares.map(|share| {
        let (sleepers, stealer, index) = (Arc::clone(&sleepers), stealer.clone(), index.next());
        thread::spawn(move || {
            let index = index.expect("there is a number for everybody");
            for _ in 0..share {
                let look = || stealer.steal();
                loop {
                    if let Some(entry) = look().or_else(|| sleepers.sleep_unless(index, look)) {
                        break entry.sign();
                    }
                }
            }
        })
    });
    for _ in 0..shares.iter().sum() {
        if worker.push_was_empty(roll.enter()) {
            sleepers.wake_all();
        }
    }
    for thread in threads {
        thread.join().expect("a sleeper does not panic");
    }
}
