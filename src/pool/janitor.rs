//! A thread that ticks pools.
//!
//! Ownership: the janitor's thread owns the reader of the memory in use. Both sides share the counters and the
//! request to stop, behind a lock that is held for a moment only and never during a tick.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use core::time::Duration;
use core::{fmt, mem};
use std::io;
use std::panic::catch_unwind;
use std::process;
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use super::ageing::is_cleaning;
use super::counters::RelaxedCounter;
use super::registry::{self, NO_GROUP, PoolGroup, Which};
use crate::drop_each::discard;

mod pressure;

use pressure::Pressure;

/// Ticks pools in the background, as Go's garbage collector does.
///
/// At each interval its thread ticks the pools of one [group](JanitorBuilder::of), or without one all pools that
/// belong to no group, so that a value unused for two intervals is dropped. Where several janitors tick the same
/// pools, those age by the shortest interval: a janitor leaves out a tick that another has made within its own
/// interval.
///
/// With a [budget](JanitorBuilder::memory_budget_by) it looks first how much memory the process has in use. Where
/// that is more than 80 % of the budget it clears every pool of the process instead, of whatever group. A clear
/// frees what is idle; where that does not help, the janitor goes back to ticking and clears only now and then.
///
/// It stops when it is dropped: at once between two ticks, otherwise after the tick that it is making, for which
/// the drop waits. Values' destructors run on its thread, and may panic: that costs a message on standard error,
/// and it goes on. A drop by a destructor, in any tick on any thread, does not wait. Do not drop a janitor while
/// holding a lock that a value's destructor takes.
///
/// # Progress and cost
///
/// A thread that sleeps, and each time what [`tick_all`](crate::tick_all) costs. No call of a pool waits for it,
/// except another tick or clear of the pool that it is ticking, and the drop of that pool.
///
/// Source: `runtime_registerPoolCleanup` in Go's `sync/pool.go`; the pressure after Go's memory limit.
///
/// # Examples
///
/// ```
/// use std::thread;
/// use std::time::Duration;
///
/// use pooldeque::{Janitor, Pool};
///
/// let pool = Pool::new(String::new);
/// pool.put("used once".into());
///
/// let janitor = Janitor::every(Duration::from_millis(1)).spawn()?;
/// while janitor.ticks() < 2 {
///     thread::yield_now();
/// }
/// assert_eq!(pool.take(), None);
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use = "it stops when it is dropped"]
pub struct Janitor {
    shared: Arc<Shared>,
    /// The process that it cleans up in. A forked child has no such thread.
    process: u32,
    /// There until it is dropped.
    thread: Option<JoinHandle<()>>,
}

/// A [`Janitor`] before it starts.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use pooldeque::Janitor;
///
/// let janitor = Janitor::every(Duration::from_secs(60)).spawn()?;
/// assert_eq!(janitor.clears(), 0);
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use = "nothing happens before `spawn`"]
pub struct JanitorBuilder {
    interval: Duration,
    group: &'static PoolGroup,
    pressure: Option<Pressure>,
}

/// What the janitor's thread and its handle share.
#[derive(Default)]
struct Shared {
    is_stopping: Mutex<bool>,
    /// Notified when that becomes true.
    stopping: Condvar,
    counters: JanitorCounters,
}

/// What has been done. Only the janitor's thread counts.
#[derive(Default)]
struct JanitorCounters {
    ticks: RelaxedCounter,
    clears: RelaxedCounter,
    futile_clears: RelaxedCounter,
}

impl Janitor {
    /// A janitor that ticks all pools without a [group](PoolGroup) each `interval`, counted from the end of one tick
    /// to the next.
    ///
    /// # Panics
    ///
    /// If `interval` is zero.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let builder = pooldeque::Janitor::every(Duration::from_secs(10));
    /// let janitor = builder.spawn()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn every(interval: Duration) -> JanitorBuilder {
        assert!(!interval.is_zero(), "a janitor's interval must be longer than zero");
        JanitorBuilder { interval, group: &NO_GROUP, pressure: None }
    }

    /// How many intervals have ended with the pools ticked, by this janitor or within the interval by another. It
    /// takes a lock for a moment.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let janitor = pooldeque::Janitor::every(Duration::from_millis(1)).spawn()?;
    /// while janitor.ticks() == 0 {
    ///     std::thread::yield_now();
    /// }
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn ticks(&self) -> u64 {
        self.shared.counters.ticks.get() as u64
    }

    /// How many intervals have ended with all pools cleared instead. It takes a lock for a moment.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let janitor = pooldeque::Janitor::every(Duration::from_millis(1))
    ///     .memory_budget_by(1000, || Some(900))
    ///     .spawn()?;
    /// while janitor.clears() == 0 {
    ///     std::thread::yield_now();
    /// }
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn clears(&self) -> u64 {
        self.shared.counters.clears.get() as u64
    }

    /// How many of its [clears](Self::clears) were futile: they left more than 80 % of the budget in use, and freed
    /// less than a sixteenth of what is above that. It takes a lock for a moment.
    ///
    /// If this grows, the memory is not in the pools.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// // Nothing that a clear does changes what is in use.
    /// let janitor = pooldeque::Janitor::every(Duration::from_millis(1))
    ///     .memory_budget_by(1000, || Some(900))
    ///     .spawn()?;
    /// while janitor.futile_clears() < 2 {
    ///     std::thread::yield_now();
    /// }
    /// assert!(janitor.ticks() > 0, "it ticks in between");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn futile_clears(&self) -> u64 {
        self.shared.counters.futile_clears.get() as u64
    }
}

impl JanitorBuilder {
    /// Ticks the pools of `group`, and no others.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use pooldeque::{Janitor, Pool, PoolGroup};
    ///
    /// static GROUP: PoolGroup = PoolGroup::new();
    /// let mine = Pool::new(String::new).with_group(&GROUP);
    /// let other = Pool::new(String::new);
    /// mine.put(String::new());
    /// other.put(String::new());
    ///
    /// let janitor = Janitor::every(Duration::from_millis(1)).of(&GROUP).spawn()?;
    /// while janitor.ticks() < 2 {
    ///     std::thread::yield_now();
    /// }
    /// assert!(mine.take().is_none() && other.take().is_some());
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn of(mut self, group: &'static PoolGroup) -> Self {
        self.group = group;
        self
    }

    /// Clears all pools instead of ticking them where more than 80 % of `bytes` of physical memory are in use by
    /// this process, as the operating system reports it.
    ///
    /// As [`memory_budget_by`](Self::memory_budget_by); on a system that does not report it, the janitor ticks.
    ///
    /// # Panics
    ///
    /// If `bytes` is 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let janitor = pooldeque::Janitor::every(Duration::from_secs(1)).memory_budget(512 << 20).spawn()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[cfg(feature = "pressure")]
    pub fn memory_budget(self, bytes: u64) -> Self {
        self.memory_budget_by(bytes, pressure::resident_memory)
    }

    /// Clears all pools instead of ticking them where `in_use` returns more than 80 % of `bytes`.
    ///
    /// The janitor's thread calls it at each interval, and once more after a clear. `None` means unknown, and so
    /// does a panic: then the pools are ticked. The last budget that is set counts.
    ///
    /// A clear is futile if it leaves more than 80 % in use and frees less than a sixteenth of what is above that:
    /// the memory is not in the pools, and a clear at each interval would cost their values for nothing. After a
    /// futile clear the next interval ticks, after a second one in a row the next two, then 4, 8 and so on up
    /// to 64. A clear that is not futile ends the series, and so does a fall to 80 % or below.
    /// [`Janitor::futile_clears`] counts them.
    ///
    /// # Panics
    ///
    /// If `bytes` is 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use std::time::Duration;
    ///
    /// use pooldeque::Janitor;
    ///
    /// /// What an allocator of the program's own counts.
    /// static ALLOCATED: AtomicU64 = AtomicU64::new(0);
    ///
    /// let janitor = Janitor::every(Duration::from_secs(1))
    ///     .memory_budget_by(512 << 20, || Some(ALLOCATED.load(Ordering::Relaxed)))
    ///     .spawn()?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn memory_budget_by(
        mut self,
        bytes: u64,
        in_use: impl FnMut() -> Option<u64> + Send + 'static,
    ) -> Self {
        self.pressure = Some(Pressure::new(bytes, Box::new(in_use)));
        self
    }

    /// Starts the janitor's thread. The first tick comes after one interval.
    ///
    /// # Errors
    ///
    /// If the operating system gives no thread.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let janitor = pooldeque::Janitor::every(Duration::from_secs(10)).spawn()?;
    /// drop(janitor);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn spawn(self) -> io::Result<Janitor> {
        let Self { interval, group, mut pressure } = self;
        let shared = Arc::new(Shared::default());
        let of_the_thread = Arc::clone(&shared);
        let work = move || {
            while of_the_thread.wait(interval) {
                of_the_thread.clean_up(interval, group, pressure.as_mut());
            }
        };
        let thread = thread::Builder::new().name(String::from("pool-janitor")).spawn(work)?;
        Ok(Janitor { shared, process: process::id(), thread: Some(thread) })
    }
}

impl Shared {
    /// Waits for an interval; `false` as soon as the janitor is to stop.
    fn wait(&self, interval: Duration) -> bool {
        let is_stopping = self.is_stopping.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.stopping.wait_timeout_while(is_stopping, interval, |is_stopping| !*is_stopping);
        !*waited.unwrap_or_else(PoisonError::into_inner).0
    }

    /// Ticks or clears, and counts it. The panic hook has reported a panic of a value's destructor, and all other
    /// values were dropped.
    fn clean_up(&self, interval: Duration, group: &'static PoolGroup, mut pressure: Option<&mut Pressure>) {
        let clears = pressure.as_deref_mut().is_some_and(Pressure::wants_a_clear);
        let action = || if clears { registry::clear(Which::All) } else { group.tick_unless_recent(interval) };
        if let Err(panic) = catch_unwind(action) {
            discard(panic);
        }
        let is_futile = clears && pressure.is_some_and(Pressure::was_futile);
        let counters = &self.counters;
        counters.futile_clears.add(is_futile.into());
        if clears { &counters.clears } else { &counters.ticks }.add(1);
    }

    fn stop(&self) {
        *self.is_stopping.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.stopping.notify_all();
    }
}

impl Drop for Janitor {
    /// Stops the thread and waits for its end, unless a destructor calls this: then the thread ends after the tick
    /// that it is making. In a forked child, which does not have the thread, it does nothing.
    fn drop(&mut self) {
        let thread = self.thread.take();
        if self.process != process::id() {
            // Neither waited for nor detached: there is no such thread here.
            return mem::forget(thread);
        }
        self.shared.stop();
        if let Some(thread) = thread
            && thread.thread().id() != thread::current().id()
            && !is_cleaning()
            && let Err(panic) = thread.join()
        {
            discard(panic);
        }
    }
}

impl fmt::Debug for Janitor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Janitor")
            .field("ticks", &self.ticks())
            .field("clears", &self.clears())
            .field("futile_clears", &self.futile_clears())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for JanitorBuilder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("JanitorBuilder").field("interval", &self.interval).finish_non_exhaustive()
    }
}
