//! Two deques of one kind, their oracles, and the batches that are open.

use anyhow::{Result, ensure};

use super::batches::{Claimed, Effects, Open};
use super::feed::{Feed, FeedPlan};
use super::program::{Fate, Hand, Side, Step};
use crate::campaign::Tally;
use crate::item::{Id, Item, ended};
use crate::kind::{Kind, Owner, Thief};
use crate::oracle::{Oracle, Shown, Target};

/// All that a program works on.
pub(super) struct Table<'t, K: Kind> {
    workers: &'t mut [Option<K::Worker>; 2],
    /// Two of each deque.
    stealers: &'t [[K::Stealer; 2]; 2],
    oracles: &'t mut [Oracle<K::Shape, Id>; 2],
    open: Vec<Open<'t>>,
    /// What the oracles showed when they were last asked.
    shown: [Shown; 2],
    checks: usize,
    /// Who should have been dropped since the last check.
    dropped: Vec<Id>,
    next_id: Id,
    tally: &'t mut Tally,
}

impl<'t, K: Kind> Table<'t, K> {
    pub(super) fn new(
        workers: &'t mut [Option<K::Worker>; 2],
        stealers: &'t [[K::Stealer; 2]; 2],
        oracles: &'t mut [Oracle<K::Shape, Id>; 2],
        tally: &'t mut Tally,
    ) -> Self {
        let shown = oracles.each_ref().map(Oracle::shown);
        Self {
            workers,
            stealers,
            oracles,
            open: Vec::new(),
            shown,
            checks: 0,
            dropped: Vec::new(),
            next_id: 0,
            tally,
        }
    }

    /// Compares what the deques tell of themselves with the oracles, and who was dropped.
    pub(super) fn check(&mut self) -> Result<()> {
        let (dropped, expected) = (ended(), std::mem::take(&mut self.dropped));
        ensure!(dropped == expected, "dropped: {dropped:?}, not {expected:?}");
        self.checks += 1;
        for (side, oracle) in self.oracles.iter().enumerate() {
            let shown = oracle.shown();
            if let Some(change) = shown.change_since(&self.shown[side]) {
                self.tally.note(change);
            }
            self.shown[side] = shown.clone();
            let capacity = match shown {
                Shown::Ring { capacity, .. } => Some(capacity),
                Shown::Chain(_) => None,
            };
            let expected = (oracle.len(), oracle.is_empty(), capacity, shown);
            // One and the other by turns.
            let stealer = &self.stealers[side][self.checks % 2];
            let told = (stealer.len(), stealer.is_empty(), stealer.capacity(), K::shown(stealer));
            ensure!(told == expected, "a stealer of deque {side} tells {told:?}, not {expected:?}");
            if let Some(worker) = &self.workers[side] {
                let told = (worker.len(), worker.is_empty(), worker.capacity(), K::shown(worker));
                ensure!(told == expected, "the worker of deque {side} tells {told:?}, not {expected:?}");
            }
        }
        Ok(())
    }

    /// Drops both workers.
    pub(super) fn drop_workers(&mut self) {
        *self.workers = [None, None];
    }

    /// Drops the batches that are open.
    pub(super) fn close_all(mut self) -> Result<()> {
        while !self.open.is_empty() {
            self.close(0, Fate::DroppedAfter(0))?;
        }
        self.check()
    }

    /// Does a step on the deque and on the oracle. One that needs a worker that is gone, or an open
    /// batch where there is none, does nothing.
    pub(super) fn perform(&mut self, step: &Step) -> Result<()> {
        match *step {
            Step::Push(side) => self.push(side, "push", |worker, item| {
                worker.push(item).map(|()| None).map_err(pooldeque::Full::into_inner)
            }),
            Step::PushWasEmpty(side) => self.push(side, "push_was_empty", |worker, item| {
                worker.push_was_empty(item).map(Some).map_err(pooldeque::Full::into_inner)
            }),
            Step::PushBatch(side, ref plan) => self.push_batch(side, plan),
            Step::Pop(side) => self.pop(side),
            Step::PopBatch { side, max, fate } => self.pop_batch(side, max, fate),
            Step::Steal(side, hand) => self.steal(side, hand),
            Step::StealBatch { side, hand, max, fate } => self.steal_batch(side, hand, max, fate),
            Step::OpenBatch { side, thief, max } => self.open_batch(side, thief, max),
            Step::TakeFromOpen { which, count } => self.take_from_open(which, count),
            Step::CloseOpen { which, fate } => self.close(which, fate),
            Step::StealInto { from, hand, into, max } => self.steal_into(from, hand, into, max),
            Step::ShrinkTo(side, capacity) => {
                let Some(worker) = &mut self.workers[side] else { return Ok(()) };
                worker.shrink_to(capacity);
                self.oracles[side].shrink_to(capacity);
                self.tally.note("shrink_to");
                Ok(())
            }
            Step::DropWorker(side) => {
                self.workers[side] = None;
                self.tally.note("early-drop-of-a-worker");
                Ok(())
            }
        }
    }

    fn push(
        &mut self,
        side: Side,
        name: &'static str,
        push: impl FnOnce(&mut K::Worker, Item) -> Result<Option<bool>, Item>,
    ) -> Result<()> {
        let Some(worker) = &mut self.workers[side] else { return Ok(()) };
        let oracle = &mut self.oracles[side];
        let id = self.next_id;
        self.next_id += 1;
        let was_empty = oracle.is_empty();
        let room_by_count = Self::has_room_by_count(oracle);
        let accepted = oracle.push(id).is_ok();
        self.tally.note(name);
        match push(worker, Item::new(id)) {
            Ok(told) => {
                ensure!(accepted, "accepted, though there was no room");
                ensure!(told.is_none_or(|told| told == was_empty), "was_empty is {told:?}, not {was_empty}");
            }
            Err(refused) => {
                ensure!(!accepted, "refused, though there was room");
                ensure!(refused.id() == id, "{} was handed back in place of {id}", refused.id());
                self.dropped.push(id);
                self.tally.note(if room_by_count { "refusal-for-a-held-slot" } else { "refusal" });
            }
        }
        Ok(())
    }

    /// Whether a bounded deque holds fewer values than it has slots.
    fn has_room_by_count(oracle: &Oracle<K::Shape, Id>) -> bool {
        matches!(oracle.shown(), Shown::Ring { capacity, .. } if oracle.len() < capacity)
    }

    fn push_batch(&mut self, side: Side, plan: &FeedPlan) -> Result<()> {
        let Some(worker) = &mut self.workers[side] else { return Ok(()) };
        let mut feed = Feed::new(plan, self.next_id);
        let pushed = worker.push_batch(&mut feed);

        let (mut expected, mut asked) = (0, 0);
        while let Some(target) = self.oracles[side].target() {
            let more = plan.answers.get(asked).copied().unwrap_or(false);
            asked += 1;
            if !more {
                break;
            }
            self.oracles[side].push_at(target, self.next_id);
            self.next_id += 1;
            expected += 1;
        }
        ensure!(pushed == expected, "pushed {pushed}, not {expected}");
        ensure!(feed.asked == asked, "the iterator was asked {} times, not {asked}", feed.asked);
        self.tally.note("push_batch");
        if expected < plan.answers.len() && asked == expected {
            self.tally.note("push_batch-of-more-than-fits");
        }
        Ok(())
    }

    fn pop(&mut self, side: Side) -> Result<()> {
        let Some(worker) = &mut self.workers[side] else { return Ok(()) };
        let expected = self.oracles[side].pop(1).pop();
        let popped = worker.pop().map(|item| item.id());
        ensure!(popped == expected, "popped {popped:?}, not {expected:?}");
        self.dropped.extend(expected);
        self.tally.note("pop");
        Ok(())
    }

    fn pop_batch(&mut self, side: Side, max: usize, fate: Fate) -> Result<()> {
        let Some(worker) = &mut self.workers[side] else { return Ok(()) };
        let expected = self.oracles[side].pop(max);
        let effects = Claimed::popped(worker.pop_batch(max), expected)?.end(fate)?;
        self.tally.note("pop_batch");
        self.settle(side, effects);
        Ok(())
    }

    fn steal(&mut self, side: Side, hand: Hand) -> Result<()> {
        let (expected, place) = self.oracles[side].steal(1).pop().unzip();
        let stolen = self.with_stealer(side, hand, |stealer| stealer.steal().map(|item| item.id()));
        ensure!(stolen == expected, "stole {stolen:?}, not {expected:?}");
        self.tally.note("steal");
        self.settle(
            side,
            Effects { dropped: Vec::from_iter(expected), released: Vec::from_iter(place), leaked: 0 },
        );
        Ok(())
    }

    fn steal_batch(&mut self, side: Side, hand: Hand, max: usize, fate: Fate) -> Result<()> {
        let expected = self.oracles[side].steal(max);
        let effects = self.with_stealer(side, hand, |stealer| {
            Claimed::stolen(stealer.steal_batch(max), expected)?.end(fate)
        })?;
        self.tally.note("steal_batch");
        self.settle(side, effects);
        Ok(())
    }

    fn open_batch(&mut self, side: Side, thief: usize, max: usize) -> Result<()> {
        let expected = self.oracles[side].steal(max);
        let claimed = Claimed::stolen(self.stealers[side][thief].steal_batch(max), expected)?;
        self.open.push(Open { side, claimed });
        self.tally.note("open-batch");
        Ok(())
    }

    fn take_from_open(&mut self, which: usize, count: usize) -> Result<()> {
        let Some(which) = which.checked_rem(self.open.len()) else { return Ok(()) };
        let Open { side, claimed } = &mut self.open[which];
        let (side, effects) = (*side, claimed.take(count)?);
        self.settle(side, effects);
        Ok(())
    }

    fn close(&mut self, which: usize, fate: Fate) -> Result<()> {
        let Some(which) = which.checked_rem(self.open.len()) else { return Ok(()) };
        let Open { side, claimed } = self.open.swap_remove(which);
        let effects = claimed.end(fate)?;
        self.settle(side, effects);
        Ok(())
    }

    fn steal_into(&mut self, from: Side, hand: Hand, into: Side, max: usize) -> Result<()> {
        let Some(dest) = self.workers[into].take() else { return Ok(()) };
        // The worker of a deque that is stolen into itself is away and cannot hand out a stealer.
        let moved = self.with_stealer(from, hand, |stealer| stealer.steal_into(&dest, max));
        self.workers[into] = Some(dest);

        let room = self.oracles[into].room(max);
        let stolen = self.oracles[from].steal(room);
        ensure!(moved == stolen.len(), "moved {moved}, not {}", stolen.len());
        for (id, place) in stolen {
            // The thief finds where the value will go, then takes it out of its slot.
            let target = self.oracles[into].target();
            self.oracles[from].release(place);
            ensure!(target.is_some(), "no room for what was stolen");
            self.oracles[into].push_at(target.unwrap_or(Target::HeadRing), id);
        }
        self.tally.note(if from == into { "steal_into-itself" } else { "steal_into" });
        Ok(())
    }

    /// Lets `steal` work with the stealer it is said to.
    fn with_stealer<R>(&self, side: Side, hand: Hand, steal: impl FnOnce(&K::Stealer) -> R) -> R {
        match (hand, &self.workers[side]) {
            (Hand::Lasting(thief), _) => steal(&self.stealers[side][thief]),
            (Hand::OfWorker, Some(worker)) => steal(&K::stealer(worker)),
            _ => steal(&self.stealers[side][0].clone()),
        }
    }

    /// Notes what became of values that were claimed from a deque.
    fn settle(&mut self, side: Side, effects: Effects) {
        for &place in &effects.released {
            self.oracles[side].release(place);
        }
        self.dropped.extend(effects.dropped);
        self.tally.note_many("leaked-with-a-forgotten-batch", effects.leaked as u64);
    }
}
