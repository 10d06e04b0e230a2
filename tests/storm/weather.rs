//! The course of the storm.

use std::env;
use std::panic;
use std::process::{ExitCode, abort};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::counts::{self, Count};
use crate::panic_message::message_of;
use crate::work::{caught, come_and_go};
use crate::world::{self, PANIC};

/// How many threads there are at any time.
const THREADS: usize = 200;

const USUAL_SECONDS: u64 = 3;

/// How long nothing may happen before the storm is taken for dead.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) fn main() -> ExitCode {
    let Some(duration) = duration() else { return ExitCode::SUCCESS };
    silence();
    thread::spawn(watch);
    world::begin();
    static IS_OVER: AtomicBool = AtomicBool::new(false);
    let began = Instant::now();
    let mut threads: Vec<JoinHandle<()>> = Vec::new();
    while began.elapsed() < duration {
        while threads.len() < THREADS {
            Count::Threads.add();
            threads.push(thread::spawn(|| come_and_go(&IS_OVER)));
        }
        thread::sleep(Duration::from_millis(1));
        let mut index = 0;
        while index < threads.len() {
            if threads[index].is_finished() {
                threads.swap_remove(index).join().expect("a thread catches its panics");
            } else {
                index += 1;
            }
        }
    }
    IS_OVER.store(true, Relaxed);
    for thread in threads {
        thread.join().expect("a thread catches its panics");
    }
    for pools in world::end() {
        caught(|| drop(pools));
    }
    // A janitor that a destructor has dropped may still be at its last tick.
    while counts::missing() != 0 {
        thread::sleep(Duration::from_millis(1));
    }
    println!("storm: {:.1} s", began.elapsed().as_secs_f64());
    counts::print();
    let never = counts::never();
    if never.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("storm: these have never happened: {never:?}");
    ExitCode::FAILURE
}

/// How long to storm; `None` if the arguments select other tests.
fn duration() -> Option<Duration> {
    let mut seconds = env::var("POOLDEQUE_STORM_SECONDS").ok();
    for argument in env::args().skip(1) {
        if argument == "--list"
            || !argument.starts_with('-') && argument.parse::<u64>().is_err() && !"storm".contains(&argument)
        {
            return None;
        }
        if argument.parse::<u64>().is_ok() {
            seconds = Some(argument);
        }
    }
    let seconds = seconds.map_or(USUAL_SECONDS, |seconds| seconds.parse().expect("a number of seconds"));
    Some(Duration::from_secs(seconds))
}

/// Prints no panics but those that are none of the storm's.
fn silence() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |panic| {
        if message_of(panic.payload()) != Some(PANIC) {
            print(panic);
        }
    }));
}

/// Ends the process if nothing happens any more.
fn watch() {
    let (mut seen, mut since) = (counts::total(), Instant::now());
    loop {
        thread::sleep(Duration::from_secs(1));
        let now = counts::total();
        if now != seen {
            (seen, since) = (now, Instant::now());
        } else if since.elapsed() > PATIENCE {
            counts::print();
            let missing = counts::missing();
            eprintln!(
                "storm: nothing has happened for {PATIENCE:?}; {missing} values are neither dropped nor forgotten"
            );
            abort();
        }
    }
}
