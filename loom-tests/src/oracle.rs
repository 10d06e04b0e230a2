//! Judges a history: is there a sequential order of its steps that a deque could have gone through?
//!
//! An operation is one step, with two exceptions. A thief's claim and its hand-back of the slot are
//! two, for between them a ring can refuse a push; and a batch of a chain, which takes several
//! read-modify-writes, is as many steps as it has values. The steps are only partly ordered (see
//! [`CallOrder`](crate::history::CallOrder)); any order that respects that, and in which every step is
//! possible, will do.
//!
//! Why not a kept tester? The orders in question are not orders of intervals: under a weak memory
//! model two threads have an order each and a common end but nothing in between, which no sequence of
//! calls and returns can express, and the steps of a batch or a steal share one interval. A search
//! over sets of steps expresses both, and is small, because the set of steps done determines what the
//! deque holds. Where stateright's testers do apply, `tests/oracle.rs` holds this one against them.

mod count;
mod deque;
mod monitor;
mod steps;

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::history::History;
use deque::State;
pub use monitor::{Follower, Monitor};
use steps::{Step, steps_of, tracks_slots};

/// What the deque promises that the history comes from.
#[derive(Clone, Copy, Debug)]
pub struct Promises {
    /// How many slots it has, if it is bounded.
    pub slots: Option<u8>,
    /// Whether a batch is one step.
    pub batches_are_atomic: bool,
}

/// The oracle for the executions of one program. It remembers the histories it has accepted.
#[derive(Debug)]
pub struct Oracle {
    promises: Promises,
    accepted: Mutex<HashSet<Box<[u8]>>>,
}

impl Oracle {
    /// An oracle for deques that promise this.
    #[must_use]
    pub fn new(promises: Promises) -> Self {
        Self { promises, accepted: Mutex::default() }
    }

    /// How many distinct histories it has accepted.
    #[must_use]
    pub fn histories(&self) -> usize {
        self.accepted().len()
    }

    /// Fails if no deque can have this history.
    ///
    /// # Panics
    ///
    /// With the history, if it is impossible.
    pub fn judge(&self, history: &History) {
        let fingerprint = history.fingerprint();
        if self.accepted().contains(&fingerprint) {
            return;
        }
        assert!(
            is_possible(history, self.promises),
            "no deque can have this history:\n{history}{}",
            why_impossible(history, self.promises)
        );
        self.accepted().insert(fingerprint);
    }

    /// The distinct histories that it has accepted.
    pub(crate) fn accepted(&self) -> std::sync::MutexGuard<'_, HashSet<Box<[u8]>>> {
        self.accepted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a deque that promises this can have this history.
#[must_use]
pub fn is_possible(history: &History, promises: Promises) -> bool {
    let steps = steps_of(history, promises);
    let are_within = history.calls.iter().all(|call| call.action.is_within_request());
    if !are_within || promises.slots.is_none() && !count::are_possible(history) {
        return false;
    }
    Search { steps: &steps, seen: HashSet::new() }
        .finishes(0, &State::empty(promises.slots, tracks_slots(history)))
}

/// How far the orders come that come farthest, and what stops each: `after push [0]: take the newest, [] is impossible:
/// the deque holds [0]`.
#[must_use]
pub fn why_impossible(history: &History, promises: Promises) -> String {
    let steps = steps_of(history, promises);
    let mut dead_ends =
        DeadEnds { steps: &steps, seen: HashSet::new(), path: Vec::new(), farthest: Vec::new() };
    dead_ends.search(&State::empty(promises.slots, tracks_slots(history)));
    let names = |path: &[usize]| path.iter().map(|step| steps[*step].effect.to_string()).collect::<Vec<_>>();
    let mut text = String::new();
    for (path, state) in &dead_ends.farthest {
        let before =
            if path.is_empty() { "at the start".into() } else { format!("after {}", names(path).join(", ")) };
        let next = dead_ends.next(path).map(|step| step.effect.to_string());
        text += &format!(
            "  {before}: impossible next: {}, because the deque holds {state}\n",
            next.collect::<Vec<_>>().join("; ")
        );
    }
    if text.is_empty() {
        text += "  an order exists, but a call got more than it requested, or a length or an emptiness is none that the \
                 deque had\n";
    }
    text
}

/// The most dead ends that are shown.
const MOST_SHOWN: usize = 4;

/// A search for the orders that come farthest.
struct DeadEnds<'a> {
    steps: &'a [Step],
    seen: HashSet<(u64, State)>,
    path: Vec<usize>,
    /// The longest orders that cannot go on, and what the deque holds then.
    farthest: Vec<(Vec<usize>, State)>,
}

impl DeadEnds<'_> {
    fn search(&mut self, state: &State) {
        let done = mark(&self.path);
        if done.count_ones() as usize == self.steps.len() || !self.seen.insert((done, state.clone())) {
            return;
        }
        let mut goes_on = false;
        for number in 0..self.steps.len() {
            if let Some(next) = self.steps[number].from(done, number, state) {
                goes_on = true;
                self.path.push(number);
                self.search(&next);
                self.path.pop();
            }
        }
        let farthest = self.farthest.first().map_or(0, |(path, _)| path.len());
        if goes_on || self.path.len() < farthest {
            return;
        }
        if self.path.len() > farthest {
            self.farthest.clear();
        }
        if self.farthest.len() < MOST_SHOWN {
            self.farthest.push((self.path.clone(), state.clone()));
        }
    }

    /// The steps that could be next by the order alone.
    fn next(&self, path: &[usize]) -> impl Iterator<Item = &Step> {
        let done = mark(path);
        let is_next = move |number: usize, step: &Step| done & 1 << number == 0 && step.after & !done == 0;
        self.steps
            .iter()
            .enumerate()
            .filter(move |(number, step)| is_next(*number, step))
            .map(|(_, step)| step)
    }
}

fn mark(path: &[usize]) -> u64 {
    path.iter().fold(0, |done, number| done | 1 << number)
}

struct Search<'a> {
    steps: &'a [Step],
    /// What was tried before, and led nowhere.
    seen: HashSet<(u64, State)>,
}

impl Search<'_> {
    /// Whether the steps outside of `done` can follow, from `state` on.
    fn finishes(&mut self, done: u64, state: &State) -> bool {
        if done.count_ones() as usize == self.steps.len() {
            return true;
        }
        if !self.seen.insert((done, state.clone())) {
            return false;
        }
        self.steps.iter().enumerate().any(|(number, step)| {
            step.from(done, number, state).is_some_and(|next| self.finishes(done | 1 << number, &next))
        })
    }
}
