//! The scheduler at work: in how many ways can queens stand on a board without attacking each other?
//!
//! A task places the queen of one row, and makes a task for each way to go on.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::Instant;

use pooldeque_parked_workers::scheduler::{Setup, Worker, run};

const ROWS: u32 = 10;

/// The squares of the next row that queens of earlier rows attack, a bit each.
#[derive(Clone, Copy, Default)]
struct Attacked {
    straight: u32,
    leftwards: u32,
    rightwards: u32,
}

impl Attacked {
    fn squares(self) -> u32 {
        self.straight | self.leftwards | self.rightwards
    }

    /// What a queen on `square` adds, seen from the row after.
    fn with(self, square: u32) -> Self {
        Self {
            straight: self.straight | square,
            leftwards: (self.leftwards | square) << 1,
            rightwards: (self.rightwards | square) >> 1,
        }
    }
}

fn place(row: u32, attacked: Attacked, solutions: &Arc<AtomicU64>, worker: &mut Worker) {
    if row == ROWS {
        solutions.fetch_add(1, Relaxed);
        return;
    }
    let squares = (0..ROWS).map(|column| 1 << column);
    for square in squares.filter(|square| attacked.squares() & square == 0) {
        let solutions = Arc::clone(solutions);
        worker.spawn(move |worker| place(row + 1, attacked.with(square), &solutions, worker));
    }
}

fn main() {
    if cfg!(any(loom, shuttle)) {
        return println!("built for a model checker: the models are tests");
    }
    let workers = thread::available_parallelism().map_or(2, NonZeroUsize::get).min(64);
    let solutions = Arc::new(AtomicU64::new(0));
    let sum = Arc::clone(&solutions);
    let begin = Instant::now();
    let setup = Setup { workers, first_ring: 64, left_out: None };
    let activities = run(setup, move |worker| place(0, Attacked::default(), &sum, worker));
    println!("{ROWS} queens: {} solutions in {:.1?}", solutions.load(Relaxed), begin.elapsed());
    for (index, activity) in activities.iter().enumerate() {
        let (tasks, stolen, sleeps) = (activity.tasks, activity.stolen, activity.sleeps);
        println!("worker {index}: {tasks} tasks, {stolen} of them stolen; slept {sleeps} times");
    }
}
