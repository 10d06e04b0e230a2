//! A thread at work: it does what its plan says and records what it saw.

use std::hint;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

use anyhow::{Result, ensure};
use pooldeque::Batch;

use super::history::{Deed as Done, Event, identity};
use super::program::{Deed, Helping, How, OwnerPlan, Pause, Theft};
use crate::item::{Id, Item, ended};
use crate::kind::{Kind, Owner, Thief};

/// Lets the threads start together, awake, and tells the thieves when the owners are done.
#[derive(Debug)]
pub(super) struct Gate {
    absent: AtomicUsize,
    owners_at_work: AtomicUsize,
}

/// An owner is at work as long as this lives.
pub(super) struct AtWork<'g>(&'g Gate);

impl Gate {
    pub(super) fn new(owners: usize, thieves: usize) -> Self {
        Self { absent: AtomicUsize::new(owners + thieves), owners_at_work: AtomicUsize::new(owners) }
    }

    /// Returns when all threads have come.
    pub(super) fn pass(&self) {
        self.absent.fetch_sub(1, Ordering::AcqRel);
        while self.absent.load(Ordering::Acquire) != 0 {
            thread::yield_now();
        }
    }

    /// As [`pass`](Self::pass), for an owner.
    pub(super) fn pass_to_work(&self) -> AtWork<'_> {
        self.pass();
        AtWork(self)
    }

    fn is_any_owner_at_work(&self) -> bool {
        self.owners_at_work.load(Ordering::Relaxed) != 0
    }
}

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.0.owners_at_work.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Writes down what a thread does.
#[derive(Debug)]
pub(super) struct Recorder<'c> {
    clock: Option<&'c AtomicU64>,
    events: Vec<Event>,
}

impl<'c> Recorder<'c> {
    pub(super) fn new(clock: Option<&'c AtomicU64>) -> Self {
        Self { clock, events: Vec::new() }
    }

    fn record(&mut self, deque: usize, act: impl FnOnce() -> Result<Done>) -> Result<()> {
        let began = self.now();
        let deed = act()?;
        let span = (began, self.now());
        self.events.push(Event { deque, deed, span });
        Ok(())
    }

    /// A time later than every one that was told before, to any thread, and told after what the
    /// thread did before.
    fn now(&self) -> u64 {
        self.clock.map_or(0, |clock| clock.fetch_add(1, Ordering::AcqRel))
    }
}

/// How often a thread will still stand aside when its plan says so: on a busy machine each time can
/// cost it many time slices.
struct Patience(u32);

impl Patience {
    const fn new() -> Self {
        Self(30)
    }

    fn wait(&mut self, pause: Pause) {
        match (pause, self.0.checked_sub(1)) {
            (Pause::Yield, Some(left)) => {
                self.0 = left;
                thread::yield_now();
            }
            (Pause::Spin(times), _) => (0..times).for_each(|_| hint::spin_loop()),
            (Pause::No | Pause::Yield, _) => {}
        }
    }
}

/// The owner of a deque.
pub(super) struct OwnerAtWork<'c, K: Kind> {
    deque: usize,
    worker: K::Worker,
    recorder: Recorder<'c>,
    next_place: u64,
    patience: Patience,
}

impl<'c, K: Kind> OwnerAtWork<'c, K> {
    pub(super) fn new(deque: usize, worker: K::Worker, recorder: Recorder<'c>) -> Self {
        Self { deque, worker, recorder, next_place: 0, patience: Patience::new() }
    }

    /// Pushes the first values.
    pub(super) fn prefill(&mut self, count: usize) -> Result<()> {
        self.perform(Deed::PushBatch(count), &[])
    }

    /// Goes through the plan, then gives up the worker, if it is not to be dropped, and the record.
    pub(super) fn work(
        mut self,
        plan: &OwnerPlan,
        stealers: &[K::Stealer],
    ) -> Result<(Option<K::Worker>, Vec<Event>)> {
        for _ in 0..plan.rounds {
            plan.pattern.iter().try_for_each(|&deed| self.perform(deed, stealers))?;
            self.patience.wait(plan.pause);
        }
        let Self { worker, recorder, .. } = self;
        let worker = (!plan.leaves_early).then_some(worker);
        ensure!(ended().is_empty(), "values were dropped with the worker, though there are stealers");
        Ok((worker, recorder.events))
    }

    fn perform(&mut self, deed: Deed, stealers: &[K::Stealer]) -> Result<()> {
        let Self { deque, worker, recorder, next_place, patience } = self;
        match deed {
            Deed::Push => recorder.record(*deque, || {
                let id = identity(*deque, *next_place);
                let refused = worker.push(Item::new(id)).map_err(pooldeque::Full::into_inner).err();
                pushed(id, next_place, refused.map(|item| item.id()).map_or(Ok(None), Err))
            }),
            Deed::PushWasEmpty => recorder.record(*deque, || {
                let id = identity(*deque, *next_place);
                let told = worker.push_was_empty(Item::new(id));
                pushed(id, next_place, told.map(Some).map_err(|refused| refused.into_inner().id()))
            }),
            Deed::PushBatch(count) => recorder.record(*deque, || {
                let first = *next_place;
                let mut items = (0..count).map(|_| {
                    *next_place += 1;
                    Item::new(identity(*deque, *next_place - 1))
                });
                let told = worker.push_batch(&mut items);
                ensure!(told as u64 == *next_place - first, "took {} values of {told}", *next_place - first);
                let ids = (first..*next_place).map(|place| identity(*deque, place)).collect();
                Ok(Done::Pushed { ids, was_empty: None, refused: told < count })
            }),
            Deed::Pop => recorder.record(*deque, || Ok(Done::Popped { ids: single(worker.pop())?, max: 1 })),
            Deed::PopBatch(helping) => recorder.record(*deque, || {
                let ids = eat(worker.pop_batch(helping.max), helping, || {})?;
                Ok(Done::Popped { ids, max: helping.max })
            }),
            Deed::StealInto { from, max } => {
                let from = from % stealers.len();
                recorder.record(from, || {
                    let count = stealers[from].steal_into(worker, max);
                    ensure!(ended().is_empty(), "steal_into dropped a value");
                    Ok(Done::Moved { into: *deque, count, max })
                })
            }
            Deed::Look => {
                recorder.record(*deque, || Ok(Done::SawLength(worker.len())))?;
                recorder.record(*deque, || Ok(Done::SawEmpty(worker.is_empty())))
            }
            Deed::ShrinkTo(capacity) => {
                worker.shrink_to(capacity);
                Ok(())
            }
            Deed::Pause(pause) => {
                patience.wait(pause);
                Ok(())
            }
        }
    }
}

/// A push of one value was accepted, perhaps with word that the deque was empty, or it was refused.
fn pushed(id: Id, next_place: &mut u64, told: Result<Option<bool>, Id>) -> Result<Done> {
    let dropped = ended();
    match told {
        Ok(was_empty) => {
            ensure!(dropped.is_empty(), "the push dropped {dropped:?}");
            *next_place += 1;
            Ok(Done::Pushed { ids: vec![id], was_empty, refused: false })
        }
        Err(refused) => {
            ensure!(refused == id && dropped == [id], "{refused} handed back, {dropped:?} dropped, not {id}");
            Ok(Done::Pushed { ids: Vec::new(), was_empty: None, refused: true })
        }
    }
}

/// A thread that only steals.
pub(super) struct ThiefAtWork<'s, K: Kind> {
    stealers: &'s [K::Stealer],
    recorder: Recorder<'s>,
    patience: Patience,
}

impl<'s, K: Kind> ThiefAtWork<'s, K> {
    pub(super) fn new(stealers: &'s [K::Stealer], recorder: Recorder<'s>) -> Self {
        Self { stealers, recorder, patience: Patience::new() }
    }

    /// Goes through the pattern until no owner is at work, then gives up the record.
    pub(super) fn work(mut self, pattern: &[Theft], gate: &Gate) -> Result<Vec<Event>> {
        loop {
            let known = self.recorder.events.len();
            pattern.iter().try_for_each(|&theft| self.perform(theft))?;
            if !gate.is_any_owner_at_work() {
                return Ok(self.recorder.events);
            }
            if self.recorder.events[known..].iter().all(|event| !event.deed.is_theft_of_something()) {
                thread::yield_now();
            }
        }
    }

    fn perform(&mut self, theft: Theft) -> Result<()> {
        let from = theft.from % self.stealers.len();
        let Self { stealers, recorder, patience } = self;
        let stealer = &stealers[from];
        match theft.how {
            How::Steal => recorder.record(from, || stolen(single(stealer.steal())?, 1)),
            How::StealAsClone => {
                let stealer = stealer.clone();
                recorder.record(from, || stolen(single(stealer.steal())?, 1))
            }
            How::StealBatch(helping, stall) => recorder.record(from, || {
                let batch = stealer.steal_batch(helping.max);
                stolen(eat(batch, helping, || patience.wait(stall))?, helping.max)
            }),
            How::Look => {
                recorder.record(from, || Ok(Done::SawLength(stealer.len())))?;
                recorder.record(from, || Ok(Done::SawEmpty(stealer.is_empty())))
            }
            How::Wait(pause) => {
                patience.wait(pause);
                Ok(())
            }
        }
    }
}

fn stolen(ids: Vec<Id>, max: usize) -> Result<Done> {
    Ok(Done::Stole { ids, max })
}

/// Lets go of a value and tells which it was.
fn single(item: Option<Item>) -> Result<Vec<Id>> {
    let expected = Vec::from_iter(item.as_ref().map(Item::id));
    drop(item);
    let dropped = ended();
    ensure!(dropped == expected, "{expected:?} was handed out, {dropped:?} was dropped");
    Ok(dropped)
}

/// Takes some values out of a batch, with a stall after each, and drops the batch with the rest.
/// Tells which there were.
fn eat(mut batch: Batch<'_, Item>, helping: Helping, mut stall: impl FnMut()) -> Result<Vec<Id>> {
    let promised = batch.len();
    ensure!(promised <= helping.max, "{promised} values in a batch of {} at most", helping.max);
    let mut taken = Vec::new();
    for item in batch.by_ref().take(helping.taken) {
        taken.push(item.id());
        drop(item);
        stall();
    }
    drop(batch);
    let dropped = ended();
    ensure!(dropped.len() == promised, "{promised} values promised, {dropped:?} dropped");
    ensure!(dropped.starts_with(&taken), "{taken:?} handed out, {dropped:?} dropped");
    Ok(dropped)
}
