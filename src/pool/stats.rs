//! Pool statistics.

use core::ops::Add;

use super::Pool;
use super::counters::{Counter, Counters};

/// Pool statistics: what has happened so far, and what is idle now.
///
/// Each number is a sum over all threads, of counts that each thread keeps for itself. It is exact when
/// no other thread uses the pool; otherwise each count may be stale, and two of them need not match.
///
/// # What to look for
///
/// Three derived figures show most problems of a pool:
///
/// | figure | healthy | otherwise |
/// |---|---|---|
/// | [`miss_rate`](Self::miss_rate) | below 5 % in a steady state | values do not come back, or ticks come too often for the load: prefill, tick less often, or do without the pool |
/// | [`imbalance`](Self::imbalance) | near 0 | above 0: guards are detached, forgotten or never dropped; below 0: values are put in that were never got |
/// | [`churn`](Self::churn) | low and free | ticks drain the pool faster than it fills |
///
/// # Examples
///
/// ```
/// let pool = pooldeque::Pool::new(String::new);
/// drop(pool.get());
/// drop(pool.get());
/// let stats = pool.stats();
/// assert_eq!((stats.gets(), stats.misses, stats.hits.private, stats.idle), (2, 1, 1, 1));
/// assert_eq!(stats.miss_rate(), 0.5);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Values found, by where they were.
    pub hits: Hits,
    /// Values created because a call found none.
    pub misses: u64,
    /// Creations that returned an error or panicked.
    pub failed: u64,
    /// Calls that found nothing and created nothing, such as [`take`](Pool::take) and
    /// [`try_get`](Pool::try_get).
    pub empty: u64,
    /// Values returned, whether kept or not: by guards and by [`put`](Pool::put).
    pub puts: u64,
    /// Values made by [`prefill`](Pool::prefill).
    pub prefilled: u64,
    /// Values dropped, by the cause.
    pub drops: Drops,
    /// Ticks.
    pub ticks: u64,
    /// Values that lie in the pool now.
    pub idle: u64,
}

/// Values that were found, by where they were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hits {
    /// In the thread's private cell.
    pub private: u64,
    /// In the thread's shared queue, among them what it had taken from others in one go with a stolen one.
    pub own: u64,
    /// In another thread's shared queue.
    pub stolen: u64,
    /// Among what the last tick had left.
    pub victim: u64,
}

/// Values that were dropped, by the cause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drops {
    /// The pool's [rule](Pool::with_retain) was against it.
    pub rejected: u64,
    /// There was [no room](Pool::with_max_idle).
    pub full: u64,
    /// It was not used for two ticks.
    pub aged: u64,
    /// It was [cleared](Pool::clear) away.
    pub cleared: u64,
}

impl Hits {
    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.private + self.own + self.stolen + self.victim
    }
}

impl Drops {
    /// All of them.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.rejected + self.full + self.aged + self.cleared
    }
}

impl Stats {
    /// Values handed out: found or created.
    #[must_use]
    pub const fn gets(&self) -> u64 {
        self.hits.total() + self.misses
    }

    /// The share of the values handed out that had to be created; 0 before the first.
    #[must_use]
    pub fn miss_rate(&self) -> f64 {
        ratio(self.misses as f64, self.gets())
    }

    /// The share of the values handed out that have not come back; 0 before the first. Below 0, values were put in
    /// that were never handed out.
    #[must_use]
    pub fn imbalance(&self) -> f64 {
        ratio(self.gets() as f64 - self.puts as f64, self.gets())
    }

    /// The same of another part of one pool, added up. Its parts tick together, from their first values on.
    pub(crate) fn with_part(self, part: Self) -> Self {
        Self {
            hits: Hits {
                private: self.hits.private + part.hits.private,
                own: self.hits.own + part.hits.own,
                stolen: self.hits.stolen + part.hits.stolen,
                victim: self.hits.victim + part.hits.victim,
            },
            misses: self.misses + part.misses,
            failed: self.failed + part.failed,
            empty: self.empty + part.empty,
            puts: self.puts + part.puts,
            prefilled: self.prefilled + part.prefilled,
            drops: Drops {
                rejected: self.drops.rejected + part.drops.rejected,
                full: self.drops.full + part.drops.full,
                aged: self.drops.aged + part.drops.aged,
                cleared: self.drops.cleared + part.drops.cleared,
            },
            ticks: self.ticks.max(part.ticks),
            idle: self.idle + part.idle,
        }
    }

    /// Values created for each tick; all of them before the first.
    #[must_use]
    pub fn churn(&self) -> f64 {
        ratio(self.misses as f64, self.ticks.max(1))
    }
}

fn ratio(part: f64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part / whole as f64 }
}

/// The numbers of one thread slot, or of many.
impl Add<&Counters> for Stats {
    type Output = Self;

    fn add(mut self, counters: &Counters) -> Self {
        let hits = &mut self.hits;
        for (sum, counter) in [
            (&mut hits.private, &counters.private),
            (&mut hits.own, &counters.own),
            (&mut hits.stolen, &counters.stolen),
            (&mut hits.victim, &counters.victim),
            (&mut self.misses, &counters.created),
            (&mut self.failed, &counters.failed),
            (&mut self.empty, &counters.empty),
            (&mut self.puts, &counters.puts),
            (&mut self.prefilled, &counters.prefilled),
            (&mut self.drops.rejected, &counters.rejected),
            (&mut self.drops.full, &counters.full),
        ] {
            *sum += Counter::get(counter);
        }
        self
    }
}

impl<T, F: ?Sized> Pool<T, F> {
    /// Statistics of this pool.
    ///
    /// A few loads for each thread, under a lock that only first calls of threads and ticks take.
    ///
    /// # Examples
    ///
    /// ```
    /// let pool = pooldeque::Pool::new(String::new);
    /// pool.prefill(3);
    /// pool.clear();
    /// assert_eq!(pool.stats().drops.cleared, 3);
    /// ```
    #[must_use]
    pub fn stats(&self) -> Stats {
        let Some(state) = self.state() else { return Stats::default() };
        let mut stats = state.sum_up(Stats::default(), |sum, counters| sum + counters);
        stats.ticks = state.tick_counters.ticks.get();
        stats.drops.aged = state.tick_counters.aged.get();
        stats.drops.cleared = state.tick_counters.cleared.get();
        let came = stats.puts + stats.prefilled;
        stats.idle = came.saturating_sub(stats.hits.total() + stats.drops.total());
        stats
    }
}
