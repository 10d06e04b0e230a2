//! Two threads, each on a core of its own, that begin together.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Waits a moment for the other side: on the core, unless that has not helped for long.
#[derive(Default)]
pub(crate) struct Patience(u32);

impl Patience {
    #[inline]
    pub(crate) fn wait(&mut self) {
        self.0 += 1;
        if self.0.is_multiple_of(1 << 14) {
            thread::yield_now();
        } else {
            spin_loop();
        }
    }
}

/// Lets two threads begin together.
#[derive(Default)]
struct StartingLine(AtomicUsize);

impl StartingLine {
    fn cross(&self) -> Instant {
        self.0.fetch_add(1, Ordering::AcqRel);
        let mut patience = Patience::default();
        while self.0.load(Ordering::Acquire) < 2 {
            patience.wait();
        }
        Instant::now()
    }
}

/// Pins the running thread to the `nth` core, if the system lets it.
fn pin_to(nth: usize) {
    let cores = core_affinity::get_core_ids().unwrap_or_default();
    if let Some(core) = cores.get(nth % cores.len().max(1)) {
        core_affinity::set_for_current(*core);
    }
}

/// What a side calls once, when it is ready: from there on its time counts.
pub(crate) type Start<'a> = &'a mut dyn FnMut();

/// Runs the two sides at once; the time from the start to the end of the later one.
pub(crate) fn race(one: impl FnOnce(Start<'_>) + Send, other: impl FnOnce(Start<'_>) + Send) -> Duration {
    type Side<'a> = Box<dyn FnOnce(Start<'_>) + Send + 'a>;
    let line = StartingLine::default();
    let run = |core: usize, side: Side<'_>| {
        pin_to(core);
        let mut started = None;
        side(&mut || started = Some(line.cross()));
        (started.expect("a side starts"), Instant::now())
    };
    let (one, other) = thread::scope(|scope| {
        let one = scope.spawn(|| run(0, Box::new(one)));
        let other = scope.spawn(|| run(1, Box::new(other)));
        (one.join(), other.join())
    });
    match (one, other) {
        (Ok(one), Ok(other)) => one.1.max(other.1) - one.0.min(other.0),
        (Err(panic), _) | (_, Err(panic)) => std::panic::resume_unwind(panic),
    }
}
