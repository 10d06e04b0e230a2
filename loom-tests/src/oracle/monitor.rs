//! The oracle run online: what a history allows so far, call by call and return by return.
//!
//! That is a set of *possibilities*: what the deque may hold, and how far each call that has not returned may have
//! come. It is all that matters of a history for what may follow: two histories with the same set have the same
//! continuations. A set that is empty is that of a history that no deque can have.
//!
//! The calls are judged by real-time order: what has returned comes before what is called later.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Promises;
use super::deque::{Effect, State};
use crate::history::{Action, Request};

/// The sets of the histories of one program, over all of its executions.
#[derive(Debug)]
pub struct Monitor {
    promises: Promises,
    known: Mutex<Known>,
}

/// Sets have numbers, so that an event that was met before costs a look.
#[derive(Debug, Default)]
struct Known {
    sets: Vec<Set>,
    numbers: HashMap<Set, usize>,
    hashes: Vec<u128>,
    /// The set after an event, which is a call's request or its answer.
    next: HashMap<(usize, Box<[u8]>), usize>,
}

/// Follows one execution.
#[derive(Clone, Debug)]
pub struct Follower {
    monitor: Arc<Monitor>,
    /// The number of the set.
    at: Arc<Mutex<usize>>,
}

/// All that the history allows, with every step taken that can be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Set {
    /// The call that each thread is in.
    requests: Vec<Option<Request>>,
    possibilities: BTreeSet<Possibility>,
}

/// What the deque may hold, and how far each thread's call may have come.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Possibility {
    state: State,
    calls: Vec<Progress>,
}

/// How far a call has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Progress {
    stage: Stage,
    /// The values that it has got so far.
    got: Vec<u8>,
    /// Those of them whose slots are still taken.
    unreleased: Vec<u8>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Stage {
    #[default]
    Begun,
    /// A batch has found no room for more than so many.
    Refused(u8),
    /// So many values are in.
    Pushed(u8),
    /// It has its answer: a count, or yes or no.
    Answered(u8),
}

impl Monitor {
    /// For a deque that promises this, before its first call.
    #[must_use]
    pub fn new(promises: Promises) -> Self {
        let tracks_slots = promises.slots.is_some();
        let state = State::empty(promises.slots, tracks_slots);
        let first = Possibility { state, calls: Vec::new() };
        let mut known = Known::default();
        known.number_of(Set { requests: Vec::new(), possibilities: BTreeSet::from([first]) });
        Self { promises, known: Mutex::new(known) }
    }

    /// A hash of each set that the executions so far have come to.
    #[must_use]
    pub fn sets(&self) -> HashSet<u128> {
        self.known().sets.iter().map(hash_of).collect()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn number_of(&mut self, set: Set) -> usize {
        if let Some(number) = self.numbers.get(&set) {
            return *number;
        }
        self.hashes.push(hash_of(&set));
        self.sets.push(set.clone());
        self.numbers.insert(set, self.sets.len() - 1);
        self.sets.len() - 1
    }
}

/// The same in every run.
fn hash_of(set: &Set) -> u128 {
    let [low, high] = [0, 1].map(|half: u8| {
        let mut hasher = DefaultHasher::new();
        (half, set).hash(&mut hasher);
        u128::from(hasher.finish())
    });
    high << 64 | low
}

impl Follower {
    /// At the beginning of an execution.
    #[must_use]
    pub fn new(monitor: Arc<Monitor>) -> Self {
        Self { monitor, at: Arc::default() }
    }

    /// A thread makes a call.
    ///
    /// Returns a hash of what the history allows.
    #[must_use]
    pub fn call(&self, thread: u8, request: &Request) -> u128 {
        let event = [vec![thread, 0], request.to_bytes()].concat();
        self.follow(event, |set, promises| set.call(thread.into(), request, promises))
    }

    /// Its call returns.
    ///
    /// Returns a hash of what the history allows.
    #[must_use]
    pub fn answer(&self, thread: u8, action: &Action) -> u128 {
        let mut event = vec![thread, 1];
        action.write_to(&mut event);
        self.follow(event, |set, _| set.answer(thread.into(), action))
    }

    /// Whether a deque can have the history so far.
    ///
    /// # Panics
    ///
    /// If another thread has panicked here.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        let at = *self.at.lock().expect("no thread has panicked");
        !self.monitor.known().sets[at].possibilities.is_empty()
    }

    fn follow(&self, event: Vec<u8>, after: impl FnOnce(&Set, Promises) -> Set) -> u128 {
        let mut at = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        let known = &mut *self.monitor.known();
        let step = (*at, event.into_boxed_slice());
        *at = match known.next.get(&step) {
            Some(number) => *number,
            None => {
                let number = known.number_of(after(&known.sets[*at], self.monitor.promises));
                known.next.insert(step, number);
                number
            }
        };
        known.hashes[*at]
    }
}

impl Set {
    fn call(&self, thread: usize, request: &Request, promises: Promises) -> Self {
        let mut requests = self.requests.clone();
        requests.resize(requests.len().max(thread + 1), None);
        requests[thread] = Some(request.clone());
        let mut possibilities = BTreeSet::new();
        let mut new: Vec<_> = self.possibilities.iter().cloned().collect();
        for possibility in &mut new {
            possibility.calls.resize(requests.len(), Progress::default());
        }
        while let Some(possibility) = new.pop() {
            if !possibilities.insert(possibility.clone()) {
                continue;
            }
            for (number, request) in requests.iter().enumerate() {
                let Some(request) = request else { continue };
                let Possibility { state, calls } = &possibility;
                let steps = Steps { state, progress: &calls[number], promises, found: Vec::new() };
                for (state, progress) in steps.of(request) {
                    let mut next = Possibility { state, calls: possibility.calls.clone() };
                    next.calls[number] = progress;
                    new.push(next);
                }
            }
        }
        Self { requests, possibilities }
    }

    fn answer(&self, thread: usize, action: &Action) -> Self {
        let mut requests = self.requests.clone();
        requests[thread] = None;
        let allow = self.possibilities.iter().filter(|it| it.calls[thread].has_answer(action));
        let possibilities = allow.map(|possibility| {
            let mut next = possibility.clone();
            next.calls[thread] = Progress::default();
            next.state.forget_the_past();
            next
        });
        let possibilities = possibilities.collect();
        Self { requests, possibilities }
    }
}

impl Progress {
    /// With these values more. Their slots are given back before the call returns, or never.
    fn with(&self, values: &[u8], gives_back: bool) -> Self {
        let mut next = self.clone();
        next.got.extend(values);
        if gives_back {
            next.unreleased.extend(values);
        }
        next
    }

    fn answered(mut self, answer: u8) -> Self {
        self.stage = Stage::Answered(answer);
        self
    }

    /// Whether a call that has come this far can return this.
    fn has_answer(&self, action: &Action) -> bool {
        let answered = |answer: u8| self.stage == Stage::Answered(answer);
        match action {
            Action::Push { accepted, .. } => answered(*accepted),
            Action::Pop { got, .. } => answered(0) && self.got == *got,
            Action::Steal { got, .. } | Action::StealHalf { got, .. } => {
                answered(0) && self.got == *got && self.unreleased.is_empty()
            }
            Action::PushWasEmpty { was_empty, .. } => answered(yes_or_no(*was_empty)),
            Action::IsEmpty(is_empty) => answered((*is_empty).into()),
            Action::Len(len) => answered(*len),
            // It gives no slot back.
            Action::Crash { held, .. } => answered(0) && self.got.len() == usize::from(*held),
        }
    }
}

/// What a call may do next.
struct Steps<'a> {
    state: &'a State,
    progress: &'a Progress,
    promises: Promises,
    found: Vec<(State, Progress)>,
}

impl Steps<'_> {
    /// Those of a call with this `request`.
    fn of(mut self, request: &Request) -> Vec<(State, Progress)> {
        match (request, &self.progress.stage) {
            (_, Stage::Answered(_)) => self.release(),
            (Request::Push(values), stage) => self.push(values, stage),
            (Request::Pop(max), _) => self.pop(*max),
            (Request::Steal(max), _) => self.claim(*max, true),
            (Request::Crash(max), _) => self.claim(*max, false),
            (Request::StealHalf(limit), _) => {
                let got = self.state.oldest(self.state.half().min((*limit).into()));
                let next = self.progress.with(&got, true).answered(0);
                self.add(Effect::ClaimHalf { limit: *limit, got }, next);
            }
            (Request::PushWasEmpty(value), stage) => self.push_was_empty(*value, stage),
            (Request::Len, _) => {
                let len = self.state.len() as u8;
                self.answer(Effect::Holds(len), len);
            }
            (Request::IsEmpty, _) => {
                let is_empty = self.state.len() == 0;
                self.answer(Effect::IsEmpty(is_empty), is_empty.into());
            }
        }
        self.found
    }

    /// It takes a step and comes to `next`, if the step is possible.
    fn add(&mut self, effect: Effect, next: Progress) {
        self.found.extend(self.state.after(&effect).map(|state| (state, next)));
    }

    /// It takes its last step.
    fn answer(&mut self, effect: Effect, answer: u8) {
        self.add(effect, self.progress.clone().answered(answer));
    }

    fn go_on(&mut self, effect: Effect, stage: Stage) {
        self.add(effect, Progress { stage, ..self.progress.clone() });
    }

    /// It hands a slot back.
    fn release(&mut self) {
        for value in &self.progress.unreleased {
            let mut next = self.progress.clone();
            next.unreleased.retain(|other| other != value);
            self.add(Effect::Release(*value), next);
        }
    }

    fn push(&mut self, values: &[u8], stage: &Stage) {
        let all = values.len() as u8;
        match stage {
            Stage::Refused(accepted) => {
                self.answer(Effect::Push(values[..usize::from(*accepted)].to_vec()), *accepted);
            }
            Stage::Begun if self.promises.batches_are_atomic => {
                // The batch looks for room before it shows what it has.
                self.answer(Effect::Refuse { ahead: 0 }, 0);
                for accepted in 1..all {
                    self.go_on(Effect::Refuse { ahead: accepted.into() }, Stage::Refused(accepted));
                }
                self.answer(Effect::Push(values.to_vec()), all);
            }
            _ => {
                let pushed = if let Stage::Pushed(pushed) = stage { *pushed } else { 0 };
                self.answer(Effect::Refuse { ahead: 0 }, pushed);
                let next = Effect::Push(vec![values[usize::from(pushed)]]);
                if pushed + 1 == all {
                    self.answer(next, all);
                } else {
                    self.go_on(next, Stage::Pushed(pushed + 1));
                }
            }
        }
    }

    fn pop(&mut self, max: u8) {
        let at_once = if self.promises.batches_are_atomic { max } else { 1 };
        let got = self.state.newest(at_once.into());
        let next = self.progress.with(&got, false);
        // Fewer than requested: the owner has seen it empty.
        let ends = got.len() < usize::from(at_once) || next.got.len() == usize::from(max);
        let next = if ends { next.answered(0) } else { next };
        self.add(Effect::TakeNewest { max: at_once, got }, next);
    }

    fn claim(&mut self, max: u8, gives_back: bool) {
        let at_once = if self.promises.batches_are_atomic { max } else { max.min(1) };
        let got = self.state.oldest(at_once.into());
        let gives_back = gives_back && self.promises.slots.is_some();
        let next = self.progress.with(&got, gives_back);
        let is_first = self.progress.got.is_empty();
        if !got.is_empty() && next.got.len() < usize::from(max) && !self.promises.batches_are_atomic {
            self.add(Effect::Claim { max: at_once, got: got.clone() }, next.clone());
        }
        // A thief that got fewer from a chain may have missed what was pushed meanwhile.
        if is_first || !got.is_empty() {
            self.add(Effect::Claim { max: at_once, got }, next.answered(0));
        }
    }

    fn push_was_empty(&mut self, value: u8, stage: &Stage) {
        let was_empty = self.state.len() == 0;
        if *stage == Stage::Pushed(1) {
            self.answer(Effect::OlderIsGone(value), yes_or_no(true));
        } else {
            self.answer(Effect::Refuse { ahead: 0 }, 0);
            if self.promises.slots.is_some() || !was_empty {
                self.answer(Effect::PushOnto { value, empty: was_empty }, yes_or_no(was_empty));
            }
            if self.promises.slots.is_none() {
                // Or thieves take the last of the others during the call.
                self.go_on(Effect::Push(vec![value]), Stage::Pushed(1));
            }
        }
    }
}

/// The answer of a push that says whether the deque was empty; 0 is that of one that is refused.
fn yes_or_no(was_empty: bool) -> u8 {
    1 + u8::from(was_empty)
}
