//! The janitor: what it does unasked, and how it ends.
//!
//! It ticks every pool in the process, so one test runs at a time.

#![cfg(all(feature = "std", not(any(loom, shuttle))))]

#[path = "support/patience.rs"]
#[allow(dead_code, reason = "each test binary uses what it needs")]
mod patience;

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use patience::patiently;
use pooldeque::{Janitor, Pool};

const INSTANT: Duration = Duration::from_micros(100);

fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts when it is dropped.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

/// A janitor whose every reading of the memory in use waits for the test.
struct Told {
    in_use: Sender<Option<u64>>,
    janitor: Janitor,
}

impl Told {
    fn with_budget(bytes: u64) -> Self {
        let (in_use, told) = channel();
        // Without a sender the janitor is about to be dropped.
        let in_use_now = move || told.recv().unwrap_or(None);
        let janitor = Janitor::every(INSTANT).memory_budget_by(bytes, in_use_now);
        Self { in_use, janitor: janitor.spawn().expect("a thread for the janitor") }
    }

    /// An interval that ticks with so much in use: how many ticks and clears there have been after it.
    #[track_caller]
    fn tick_at(&self, in_use: impl Into<Option<u64>>) -> (u64, u64) {
        self.interval([in_use.into()])
    }

    /// An interval that clears with so much in use before it and after it.
    #[track_caller]
    fn clear_at(&self, before: u64, after: impl Into<Option<u64>>) -> (u64, u64) {
        self.interval([Some(before), after.into()])
    }

    /// An interval with these readings. A janitor that does not ask for as many fails the test here or at the
    /// next interval.
    #[track_caller]
    fn interval<const READINGS: usize>(&self, readings: [Option<u64>; READINGS]) -> (u64, u64) {
        let done = || self.janitor.ticks() + self.janitor.clears();
        let before = done();
        for reading in readings {
            self.in_use.send(reading).expect("the janitor listens");
        }
        patiently(|| (done() > before).then_some(()));
        (self.janitor.ticks(), self.janitor.clears())
    }
}

#[test]
fn idle_values_go_though_nobody_else_ticks() {
    let _alone = alone();
    let dropped = Arc::new(AtomicUsize::new(0));
    let pool = Pool::new(|| Counted(Arc::clone(&dropped)));
    pool.prefill(100);
    // Some lie where a thread that has ended left them.
    thread::scope(|scope| {
        scope.spawn(|| pool.prefill(100));
    });
    let janitor = Janitor::every(INSTANT).spawn().expect("a thread for the janitor");
    patiently(|| (dropped.load(Ordering::SeqCst) == 200).then_some(()));
    patiently(|| (janitor.ticks() >= 2).then_some(()));
    assert_eq!(janitor.clears(), 0);
}

#[test]
fn it_stops_at_once_in_the_middle_of_an_interval() {
    let _alone = alone();
    for interval in [Duration::from_secs(3600), Duration::MAX] {
        let janitor = Janitor::every(interval).spawn().expect("a thread for the janitor");
        let waiter = thread::spawn(move || drop(janitor));
        patiently(|| waiter.is_finished().then_some(()));
        waiter.join().expect("the drop does not panic");
    }
}

#[test]
fn its_thread_has_ended_when_it_is_dropped() {
    let _alone = alone();
    let held = Arc::new(());
    for _ in 0..50 {
        let its_hold = Arc::clone(&held);
        let in_use = move || {
            let _held = &its_hold;
            Some(0)
        };
        let builder = Janitor::every(INSTANT).memory_budget_by(1, in_use);
        drop(builder.spawn().expect("a thread for the janitor"));
        assert_eq!(Arc::strong_count(&held), 1);
    }
}

#[test]
fn it_waits_for_the_tick_that_is_under_way() {
    struct Slow(Arc<AtomicBool>, Arc<AtomicBool>);
    impl Drop for Slow {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
            for _ in 0..1000 {
                thread::yield_now();
            }
            self.1.store(true, Ordering::SeqCst);
        }
    }

    let _alone = alone();
    let (began, ended) = (Arc::default(), Arc::default());
    let pool = <Pool<Slow>>::new(|| unreachable!("nothing is created"));
    pool.put(Slow(Arc::clone(&began), Arc::clone(&ended)));
    let janitor = Janitor::every(INSTANT).spawn().expect("a thread for the janitor");
    patiently(|| began.load(Ordering::SeqCst).then_some(()));
    drop(janitor);
    assert!(ended.load(Ordering::SeqCst));
}

#[test]
fn above_four_fifths_of_the_budget_it_clears_and_up_to_there_it_ticks() {
    let _alone = alone();
    let told = Told::with_budget(100);
    let pool = Pool::new(String::new);

    pool.put("ages".into());
    assert_eq!(told.tick_at(80), (1, 0));
    assert_eq!(pool.take().as_deref(), Some("ages"));

    pool.put("is cleared".into());
    assert_eq!(told.clear_at(81, 0), (1, 1));
    assert_eq!(pool.take(), None);

    pool.put("ages twice".into());
    assert_eq!(told.tick_at(0), (2, 1));
    assert_eq!(told.tick_at(79), (3, 1));
    assert_eq!(pool.take(), None);

    assert_eq!(told.clear_at(u64::MAX, 0), (3, 2));
}

#[test]
fn the_boundary_is_exact_for_any_budget() {
    let _alone = alone();
    for (budget, most) in [(1, 0), (4, 3), (5, 4), (6, 4), (1001, 800), (u64::MAX, u64::MAX / 5 * 4)] {
        let told = Told::with_budget(budget);
        assert_eq!(told.tick_at(most), (1, 0), "{most} of {budget}");
        assert_eq!(told.clear_at(most + 1, 0), (1, 1), "{} of {budget}", most + 1);
    }
}

#[test]
fn clears_that_free_nothing_give_way_to_ticks() {
    let _alone = alone();
    let told = Told::with_budget(100);
    let pool = Pool::new(String::new);
    // Others use the memory, and what the pool holds is nothing beside it.
    let futile_clear = || told.clear_at(120, 119);
    for (series, pause) in [1, 2, 4, 8, 16, 32, 64, 64, 64].into_iter().enumerate() {
        futile_clear();
        assert_eq!(told.janitor.futile_clears(), series as u64 + 1);
        for _ in 0..pause {
            pool.put("in use".into());
            told.tick_at(120);
            assert_eq!(pool.take().as_deref(), Some("in use"));
        }
    }
    assert_eq!((told.janitor.ticks(), told.janitor.clears()), (255, 9));
    assert!(format!("{:?}", told.janitor).contains("clears: 9, futile_clears: 9"));
}

#[test]
fn a_clear_that_helps_is_followed_by_another_while_memory_is_short() {
    let _alone = alone();
    let told = Told::with_budget(100);
    told.clear_at(120, 120);
    told.tick_at(120);
    told.clear_at(120, 120);
    told.tick_at(120);
    told.tick_at(120);
    // A sixteenth of 40 and more.
    for _ in 0..3 {
        told.clear_at(120, 117);
    }
    assert_eq!(told.janitor.futile_clears(), 2);
    // The next series begins with the shortest pause.
    told.clear_at(120, 118);
    told.tick_at(120);
    assert_eq!(told.clear_at(120, 0), (4, 7));
    assert_eq!(told.janitor.futile_clears(), 3);
}

#[test]
fn a_pause_ends_when_memory_is_no_longer_short() {
    let _alone = alone();
    let told = Told::with_budget(100);
    told.clear_at(90, 90);
    told.tick_at(90);
    told.clear_at(90, 90);
    told.tick_at(80);
    assert_eq!(told.clear_at(90, 90), (2, 3));
    assert_eq!(told.tick_at(90), (3, 3));
    // Unknown is not low, and what a clear has freed may be unknown.
    assert_eq!(told.clear_at(90, 90), (3, 4));
    assert_eq!(told.tick_at(None), (4, 4));
    assert_eq!(told.tick_at(90), (5, 4));
    assert_eq!(told.clear_at(90, None), (5, 5));
    assert_eq!(told.clear_at(90, 0), (5, 6));
    assert_eq!(told.janitor.futile_clears(), 4);
}

#[test]
fn it_ticks_where_nobody_knows_what_is_in_use() {
    let _alone = alone();
    let told = Told::with_budget(1);
    let pool = Pool::new(String::new);
    pool.put("ages".into());
    assert_eq!(told.tick_at(None), (1, 0));
    assert_eq!(pool.take().as_deref(), Some("ages"));
}

#[test]
fn a_reader_that_panics_is_one_that_does_not_know() {
    let _alone = alone();
    let mut is_first = true;
    let in_use = move || {
        assert!(!std::mem::take(&mut is_first), "this reader panics once");
        Some(1)
    };
    let janitor = Janitor::every(INSTANT).memory_budget_by(1, in_use).spawn().expect("a thread");
    patiently(|| (janitor.clears() > 0).then_some(()));
    assert!(janitor.ticks() >= 1);
}

#[test]
fn it_goes_on_after_destructors_have_panicked() {
    struct Bomb(Counted);
    impl Drop for Bomb {
        fn drop(&mut self) {
            let Counted(dropped) = &self.0;
            panic!("destructor number {} panics", dropped.load(Ordering::SeqCst));
        }
    }

    let _alone = alone();
    let dropped = Arc::new(AtomicUsize::new(0));
    let bombs = <Pool<Bomb>>::new(|| unreachable!("nothing is created"));
    let others = <Pool<Counted>>::new(|| unreachable!("nothing is created"));
    let told = Told::with_budget(100);
    for round in 1..=3 {
        for _ in 0..3 {
            bombs.put(Bomb(Counted(Arc::clone(&dropped))));
            others.put(Counted(Arc::clone(&dropped)));
        }
        assert_eq!(told.clear_at(100, 0).1, round);
        assert_eq!(dropped.load(Ordering::SeqCst), 6 * round as usize);
    }
    for _ in 0..3 {
        bombs.put(Bomb(Counted(Arc::clone(&dropped))));
    }
    told.tick_at(0);
    assert_eq!(told.tick_at(0), (2, 3));
    assert_eq!(dropped.load(Ordering::SeqCst), 21);
}

#[test]
fn a_destructor_may_drop_the_janitor_that_runs_it() {
    struct Last(Arc<Mutex<Option<Janitor>>>, Arc<AtomicBool>);
    impl Drop for Last {
        fn drop(&mut self) {
            let janitor = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
            drop(janitor.expect("it is put there before its first tick"));
            self.1.store(true, Ordering::SeqCst);
        }
    }

    let _alone = alone();
    let held = Arc::new(());
    let (janitor, is_through) = (Arc::new(Mutex::new(None)), Arc::new(AtomicBool::new(false)));
    let pool = <Pool<Last>>::new(|| unreachable!("nothing is created"));
    let its_hold = Arc::clone(&held);
    let in_use = move || {
        let _held = &its_hold;
        Some(0)
    };
    {
        let mut place = janitor.lock().expect("nobody has panicked");
        let builder = Janitor::every(INSTANT).memory_budget_by(1, in_use);
        *place = Some(builder.spawn().expect("a thread for the janitor"));
    }
    pool.put(Last(Arc::clone(&janitor), Arc::clone(&is_through)));
    patiently(|| is_through.load(Ordering::SeqCst).then_some(()));
    // Its thread ends by itself, and drops its reader.
    patiently(|| (Arc::strong_count(&held) == 1).then_some(()));
}

#[test]
fn its_thread_has_a_name() {
    let _alone = alone();
    let (name, told) = channel();
    let in_use = move || {
        let _ = name.send(thread::current().name().map(str::to_owned));
        None
    };
    let janitor = Janitor::every(INSTANT).memory_budget_by(1, in_use).spawn().expect("a thread");
    let name = told.recv_timeout(Duration::from_secs(60)).expect("the reader is asked");
    assert_eq!(name.as_deref(), Some("pool-janitor"));
    assert!(format!("{janitor:?}").starts_with("Janitor { ticks: "));
}

#[test]
#[should_panic(expected = "a janitor's interval must be longer than zero")]
fn an_interval_of_zero_is_refused() {
    let _ = Janitor::every(Duration::ZERO);
}

#[test]
#[should_panic(expected = "a janitor's memory budget must be more than zero bytes")]
fn a_budget_of_zero_is_refused() {
    let _ = Janitor::every(INSTANT).memory_budget_by(0, || None);
}

#[cfg(feature = "pressure")]
#[test]
fn it_reads_the_resident_memory_of_the_process() {
    let _alone = alone();
    let janitor = |bytes| Janitor::every(INSTANT).memory_budget(bytes).spawn().expect("a thread");
    let poor = janitor(1 << 10);
    patiently(|| (poor.clears() > 0).then_some(()));
    let rich = janitor(u64::MAX);
    patiently(|| (rich.ticks() > 0).then_some(()));
    assert_eq!(rich.clears(), 0);
}

#[cfg(feature = "pressure")]
#[test]
fn memory_that_is_touched_counts_and_memory_that_is_freed_does_not() {
    const BLOCK: u64 = 64 << 20;

    let _alone = alone();
    let resident = || memory_stats::memory_stats().expect("this system tells").physical_mem as u64;
    // Half of the block is above the threshold.
    let budget = (resident() + BLOCK / 2) * 5 / 4;
    let janitor = Janitor::every(INSTANT).memory_budget(budget).spawn().expect("a thread");
    patiently(|| (janitor.ticks() > 0).then_some(()));
    assert_eq!(janitor.clears(), 0);
    let block = vec![1_u8; BLOCK as usize];
    patiently(|| (janitor.clears() > 0).then_some(()));
    drop(block);
    let before = janitor.ticks();
    patiently(|| (janitor.ticks() > before + 1).then_some(()));
}
