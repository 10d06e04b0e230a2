//! Which workers sleep, and how one falls asleep without missing a task.
//!
//! ```text
//!     falling asleep                    handing out a task
//!     set one's bit in `asleep`         push it
//!     fence(SeqCst)                     fence(SeqCst)
//!     look again                        any bit set in `asleep`?
//! ```
//!
//! Each side writes and then reads what the other writes. One of the two fences comes first, and what
//! was written before it is seen after the other: either the second look finds the task, or whoever
//! hands it out sees the bit.
//!
//! The thread that clears a bit is responsible for the worker: a sleeper that clears its own goes back to work, anybody else
//! owes that sleeper a wake-up. A wake-up that comes before the sleep is kept until then.

use crate::runtime::Ordering::{Relaxed, SeqCst};
use crate::runtime::{AtomicUsize, Condvar, Mutex, fence};

/// A step that a model can have left out, to show that it would notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Looking again between the announcement and the sleep.
    SecondLook,
    /// The fence before that look.
    FenceBeforeSecondLook,
    /// The fence before looking for sleepers.
    FenceBeforeWaking,
    /// A wake-up that comes before the sleep is kept until then.
    WakeUpIsKept,
    /// A worker that is woken without need wakes another instead.
    WakeUpIsPassedOn,
}

/// The workers of a run that have nothing to do.
pub struct Sleepers {
    /// A bit for each worker that is about to sleep, or sleeps, and is not woken yet.
    asleep: AtomicUsize,
    beds: Vec<Bed>,
    left_out: Option<Step>,
}

/// Where one worker sleeps.
struct Bed {
    /// Whether there is a wake-up that the worker has not taken yet.
    woken: Mutex<bool>,
    alarm: Condvar,
}

impl Sleepers {
    /// All `workers` are awake.
    ///
    /// # Panics
    ///
    /// If there are more workers than bits in a word.
    #[must_use]
    pub fn new(workers: usize, left_out: Option<Step>) -> Self {
        assert!(workers <= usize::BITS as usize, "there is a bit for {} workers", usize::BITS);
        let bed = || Bed { woken: Mutex::new(false), alarm: Condvar::new() };
        Self { asleep: AtomicUsize::new(0), beds: (0..workers).map(|_| bed()).collect(), left_out }
    }

    /// Sleeps until it is woken, unless `look`, a look at all there is to do, sees something.
    ///
    /// What woke it may be for another to do by then: after a sleep it must look again.
    // docs: sleep unless
    pub fn sleep_unless<T>(&self, worker: usize, look: impl FnOnce() -> Option<T>) -> Option<T> {
        let bit = 1 << worker;
        self.asleep.fetch_or(bit, Relaxed);
        self.fence(Step::FenceBeforeSecondLook);
        let seen = if self.takes(Step::SecondLook) { look() } else { None };
        if seen.is_none() {
            self.sleep(worker);
        } else if self.asleep.fetch_and(!bit, Relaxed) & bit == 0 {
            // Somebody was faster and has this worker woken, perhaps for another task than it has seen.
            self.sleep(worker);
            if self.takes(Step::WakeUpIsPassedOn) {
                self.wake_one();
            }
        }
        seen
    }
    // docs: end

    /// Wakes a sleeper, if there is one, for a task that was handed out before.
    pub fn wake_one(&self) {
        self.fence(Step::FenceBeforeWaking);
        let mut asleep = self.asleep.load(Relaxed);
        while asleep != 0 {
            let worker = asleep.trailing_zeros();
            let bit = 1 << worker;
            let before = self.asleep.fetch_and(!bit, Relaxed);
            if before & bit != 0 {
                return self.wake(worker as usize);
            }
            asleep = before;
        }
    }

    /// Wakes every sleeper: there will be nothing to do any more.
    pub fn wake_all(&self) {
        self.fence(Step::FenceBeforeWaking);
        let asleep = self.asleep.swap(0, Relaxed);
        let is_asleep = |worker: &usize| asleep & (1 << worker) != 0;
        (0..self.beds.len()).filter(is_asleep).for_each(|worker| self.wake(worker));
    }

    /// Sleeps until there is a wake-up, and takes it.
    fn sleep(&self, worker: usize) {
        let Bed { woken, alarm } = &self.beds[worker];
        let mut woken = woken.lock().expect("nothing panics under the lock");
        if !self.takes(Step::WakeUpIsKept) {
            *woken = false;
        }
        while !*woken {
            woken = alarm.wait(woken).expect("nothing panics under the lock");
        }
        *woken = false;
        drop(woken);
        let bit = self.asleep.load(Relaxed) & (1 << worker);
        assert_eq!(bit, 0, "a worker that is up would be woken in place of one that sleeps");
    }

    fn wake(&self, worker: usize) {
        let Bed { woken, alarm } = &self.beds[worker];
        *woken.lock().expect("nothing panics under the lock") = true;
        alarm.notify_one();
    }

    fn fence(&self, step: Step) {
        if self.takes(step) {
            // SeqCst: pairs with the fence on the other side; see above.
            fence(SeqCst);
        }
    }

    fn takes(&self, step: Step) -> bool {
        self.left_out != Some(step)
    }
}
