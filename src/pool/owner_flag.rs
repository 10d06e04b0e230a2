//! The owner flag: it lets one thread use its private cells for next to nothing, and a ticking thread take them
//! over now and then.
//!
//! Ownership: the private cells under a thread slot belong to the thread that holds the slot. It enters and
//! leaves with two plain stores. A ticking thread revokes the flag and then looks whether the owner is inside.
//! This is Dekker's protocol: each side stores first and loads second, with a fence in between, so at least
//! one of them sees the other. The owner finds the flag revoked and uses its shared queue; or the ticking
//! thread finds the owner inside and leaves the cells alone. Neither waits.
//!
//! The fences are an asymmetric pair. The owner's is free where the kernel can fence all threads for the
//! ticking one (`membarrier`). A kernel may refuse that at any time, for instance in a sandbox. Then the flag
//! demands a full fence of its owner, and the ticking thread leaves the cells alone until the owner has
//! acknowledged the demand: an owner that has seen it once never enters without a full fence again.

use core::sync::atomic::Ordering;

use super::counters::RelaxedCounter;
use crate::orderings;
use crate::sync::{AtomicU8, fence, heavy_fence, light_fence};

/// Lets the holder of a thread slot in, unless a ticking thread has revoked it.
pub(super) struct OwnerFlag {
    /// Where the owner is: `OUT`, `INSIDE` or `OUT_FENCED`. Only the owner writes it.
    owner: AtomicU8,
    /// What the owner must heed: `REVOKED`, `FENCE`, both or nothing. Only a ticking thread writes it, one at a
    /// time.
    ticker: AtomicU8,
    /// What of that outlasts a tick: `FENCE` or nothing. Used under the tick lock.
    demand: RelaxedCounter,
}

/// The owner is outside, and may go inside with a light fence.
const OUT: u8 = 0;
/// The owner is inside, or about to find the flag revoked.
const INSIDE: u8 = 1;
/// The owner is outside, and never enters without a full fence again.
const OUT_FENCED: u8 = 2;

/// A ticking thread may be inside.
const REVOKED: u8 = 1;
/// A light fence is not enough. Once set it stays set.
const FENCE: u8 = 2;

/// The owner is inside as long as this lives.
pub(super) struct Inside<'a> {
    flag: &'a OwnerFlag,
    /// What the owner writes as it leaves.
    left: u8,
}

/// The flag is revoked as long as this lives.
pub(super) struct Revoked<'a>(&'a OwnerFlag);

impl OwnerFlag {
    pub(super) fn new() -> Self {
        Self { owner: AtomicU8::new(OUT), ticker: AtomicU8::new(0), demand: RelaxedCounter::default() }
    }

    /// Enters, unless the flag is revoked. Wait-free: two accesses, and a third to leave.
    ///
    /// # Safety
    ///
    /// The caller holds the thread slot, and is not inside.
    #[inline(always)]
    pub(super) unsafe fn try_enter(&self) -> Option<Inside<'_>> {
        // docs: entering
        // Relaxed: the fences order it with OWNER_IS_OUT.
        self.owner.store(INSIDE, orderings::OWNER_ENTER.get());
        // SeqCst: pairs with OWNER_TICKER_FENCE.
        let ordering = orderings::OWNER_FENCE.get();
        light_fence(ordering);
        match self.check() {
            0 => Some(Inside { flag: self, left: OUT }),
            ticker => self.enter_slowly(ticker, ordering),
        }
        // docs: end
    }

    /// What a ticking thread demands.
    #[inline(always)]
    fn check(&self) -> u8 {
        // Acquire: pairs with OWNER_RESTORE.
        self.ticker.load(orderings::OWNER_CHECK.get())
    }

    #[cold]
    fn enter_slowly(&self, mut ticker: u8, ordering: Ordering) -> Option<Inside<'_>> {
        let mut inside = Inside { flag: self, left: OUT };
        if ticker & FENCE != 0 {
            inside.left = OUT_FENCED;
            fence(ordering);
            ticker = self.check();
        }
        (ticker & REVOKED == 0).then_some(inside)
    }

    #[inline(always)]
    fn leave(&self, left: u8) {
        // Release: pairs with OWNER_IS_OUT.
        self.owner.store(left, orderings::OWNER_LEAVE.get());
    }

    fn restore(&self) {
        // Release: pairs with OWNER_CHECK.
        self.ticker.store(self.demand(), orderings::OWNER_RESTORE.get());
    }

    fn demand(&self) -> u8 {
        self.demand.get() as u8
    }

    /// Revokes the flag. The cells are the caller's only after a [`fence_after_revoking`], and if the owner
    /// [`is_out`](Revoked::is_out).
    ///
    /// # Safety
    ///
    /// No other thread revokes this flag meanwhile.
    pub(super) unsafe fn revoke(&self) -> Revoked<'_> {
        // Relaxed: the fences order it with OWNER_CHECK.
        self.ticker.store(self.demand() | REVOKED, orderings::OWNER_REVOKE.get());
        Revoked(self)
    }
}

impl Revoked<'_> {
    /// Whether the owner is outside, and stays there until the flag is restored. `reached_all` is what
    /// [`fence_after_revoking`] returned.
    pub(super) fn is_out(&self, reached_all: bool) -> bool {
        // Acquire: pairs with OWNER_LEAVE.
        match self.0.owner.load(orderings::OWNER_IS_OUT.get()) {
            // docs: whether the owner is out
            INSIDE => false,
            // It may be entering with a light fence, and its store be on the way.
            OUT => reached_all,
            _ => true,
            // docs: end
        }
    }

    /// Demands a full fence of the owner from now on.
    pub(super) fn demand_fence(&self) {
        self.0.demand.set(FENCE.into());
    }
}

impl Drop for Inside<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        self.flag.leave(self.left);
    }
}

impl Drop for Revoked<'_> {
    fn drop(&mut self) {
        self.0.restore();
    }
}

/// Comes between revoking flags and looking whether their owners are out: one fence for any number of flags.
/// `false` if it does not order owners that made a light fence.
pub(super) fn fence_after_revoking() -> bool {
    // SeqCst: pairs with OWNER_FENCE.
    heavy_fence(orderings::OWNER_TICKER_FENCE.get())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_enters_unless_the_flag_is_revoked() {
        crate::sync::test(|| {
            let flag = OwnerFlag::new();
            // SAFETY: the only thread there is; each time it has left before.
            let enters = || unsafe { flag.try_enter() }.is_some();
            assert!(enters());
            // SAFETY: the only thread there is.
            let revoked = unsafe { flag.revoke() };
            assert!(revoked.is_out(true) && !enters() && revoked.is_out(true));
            assert!(!revoked.is_out(false), "no full fence was demanded of it");
            drop(revoked);
            assert!(enters());
        });
    }

    #[test]
    fn an_owner_is_seen_inside_until_it_leaves() {
        crate::sync::test(|| {
            let flag = OwnerFlag::new();
            // SAFETY: the only thread there is.
            let inside = unsafe { flag.try_enter() };
            // SAFETY: the only thread there is.
            let revoked = unsafe { flag.revoke() };
            assert!(!revoked.is_out(true));
            drop(inside);
            assert!(revoked.is_out(true));
        });
    }

    #[test]
    fn without_help_from_the_kernel_an_owner_counts_as_out_once_it_has_acknowledged_the_demand() {
        crate::sync::test(|| {
            let flag = OwnerFlag::new();
            // SAFETY: the only thread there is; each time it has left before.
            let enters = || unsafe { flag.try_enter() }.is_some();
            assert!(enters());
            // SAFETY: the only thread there is.
            let revoked = unsafe { flag.revoke() };
            assert!(!revoked.is_out(false));
            revoked.demand_fence();
            drop(revoked);
            // SAFETY: the only thread there is.
            let revoked = unsafe { flag.revoke() };
            assert!(!revoked.is_out(false), "it has not seen the demand");
            assert!(!enters() && revoked.is_out(false));
            drop(revoked);
            assert!(enters());
        });
    }
}
