//! Work for the sanitizers: every scenario with a name over and over on real threads, and long runs on
//! deques of values that own memory. A plain program, because a test harness has channels of its own,
//! which the standard library brings uninstrumented.
//!
//! `soak TIMES` runs each scenario so many times, `soak TIMES joined` those in which all threads are joined
//! before the last handle is dropped, and `soak TIMES scattered` the others. What orders those is a fence in
//! the standard library's `Arc`, and `ThreadSanitizer` sees no fences.

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Instant;
use std::{env, thread};

use pooldeque::{bounded, unbounded};
use pooldeque_loom_tests::exploration::explore;
use pooldeque_loom_tests::program::{End, Program};
use pooldeque_loom_tests::runtime::NAME;
use pooldeque_loom_tests::scenarios::CATALOGUE;
use pooldeque_loom_tests::search::Search;

/// How many values a long run has for each time that a scenario runs.
const VALUES: u64 = 100;

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let times = arguments.next().and_then(|times| times.parse::<u32>().ok());
    let which = Which::named(arguments.next().as_deref());
    let (Some(times), Some(which), "std") = (times, which, NAME) else {
        eprintln!("usage: soak TIMES [joined | scattered], built for real threads");
        return ExitCode::FAILURE;
    };

    let begin = Instant::now();
    let (mut scenarios, mut executions) = (0, 0);
    for scenario in CATALOGUE {
        let program = scenario.program();
        if !which.has(&program) {
            continue;
        }
        match explore(&program, &Search::Repeat(times as usize)) {
            Ok(explored) => executions += explored,
            Err(failure) => {
                eprintln!("{}, execution {}: {}", scenario.name, failure.execution, failure.message);
                return ExitCode::FAILURE;
            }
        }
        scenarios += 1;
    }
    let mut values = 0;
    if which != Which::Scattered {
        for long_run in [long_run_on_a_growing_deque, long_run_on_a_bounded_deque] {
            long_run(VALUES * u64::from(times));
            values += VALUES * u64::from(times);
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    println!("soak: {scenarios} scenarios, {executions} executions, {values} values, {seconds:.1} s");
    ExitCode::SUCCESS
}

/// Which scenarios to run.
#[derive(PartialEq, Eq)]
enum Which {
    All,
    Joined,
    Scattered,
}

impl Which {
    fn named(name: Option<&str>) -> Option<Self> {
        match name {
            None => Some(Self::All),
            Some("joined") => Some(Self::Joined),
            Some("scattered") => Some(Self::Scattered),
            Some(_) => None,
        }
    }

    fn has(&self, program: &Program) -> bool {
        *self == Self::All || (program.end == End::Scatter) == (*self == Self::Scattered)
    }
}

/// Bursts that make the deque grow and drain, against a thief of single values and one of batches.
fn long_run_on_a_growing_deque(values: u64) {
    static OVER: AtomicBool = AtomicBool::new(false);
    let (mut worker, stealer) = unbounded::with_capacity::<Box<u64>>(1);
    let (one, many) = (stealer.clone(), stealer);
    let one = thread::spawn(move || {
        let mut sum = 0;
        loop {
            let over = OVER.load(SeqCst);
            match one.steal() {
                Some(value) => sum += *value,
                // The handle goes where the thread is joined.
                None if over => return (sum, one),
                None => thread::yield_now(),
            }
        }
    });
    let many = thread::spawn(move || {
        let (mut own, _) = pooldeque::unbounded::<Box<u64>>();
        let mut sum = 0;
        loop {
            let over = OVER.load(SeqCst);
            let stolen = many.steal_batch(3).map(|value| *value).sum::<u64>();
            many.steal_into(&own, 5);
            let moved = own.pop_batch(usize::MAX).map(|value| *value).sum::<u64>();
            sum += stolen + moved;
            if over && many.is_empty() {
                return (sum, many);
            }
        }
    });
    let mut sum = 0;
    let mut left = 1..=values;
    while !left.is_empty() {
        let burst = left.start() % 61;
        worker.push_batch(&mut left.by_ref().take(burst as usize).map(Box::new));
        left.by_ref().take(7).for_each(|value| worker.push(Box::new(value)));
        sum += worker.pop_batch(burst as usize / 3).map(|value| *value).sum::<u64>();
        sum += worker.pop().map_or(0, |value| *value);
        if burst == 60 {
            worker.shrink_to(1);
        }
    }
    OVER.store(true, SeqCst);
    sum += one.join().expect("a thief does not panic").0;
    sum += many.join().expect("a thief does not panic").0;
    assert_eq!(sum, values * (values + 1) / 2, "each value was handed out once");
}

/// A ring of 8, refused pushes and all, against two thieves.
fn long_run_on_a_bounded_deque(values: u64) {
    static OVER: AtomicBool = AtomicBool::new(false);
    let (worker, stealer) = bounded::<Box<u64>>(8);
    let thieves = [1, 3].map(|max| {
        let stealer = stealer.clone();
        thread::spawn(move || {
            let mut sum = 0;
            loop {
                let over = OVER.load(SeqCst);
                let batch = stealer.steal_batch(max);
                let is_empty = batch.len() == 0;
                sum += batch.map(|value| *value).sum::<u64>();
                if is_empty && over {
                    return (sum, stealer);
                }
            }
        })
    });
    let mut sum = 0;
    for value in 1..=values {
        if let Err(refused) = worker.push(Box::new(value)) {
            sum += *refused.into_inner();
            sum += worker.pop().map_or(0, |value| *value);
        }
    }
    OVER.store(true, SeqCst);
    let stolen = thieves.map(|thief| thief.join().expect("a thief does not panic"));
    sum += stolen.iter().map(|(sum, _)| sum).sum::<u64>();
    assert_eq!(sum, values * (values + 1) / 2, "each value was handed out once");
}
