//! The oracle run online agrees with the one that has the whole history: on what a deque did, and on what none can do.

use std::collections::VecDeque;
use std::sync::Arc;

use pooldeque_loom_tests::history::{Action, Call, CallOrder, History, Phase, Request};
use pooldeque_loom_tests::oracle::{Follower, Monitor, Promises, is_possible};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::{CHAIN, RING_OF_1, RING_OF_2};

/// How many histories of each deque are compared.
const HISTORIES: usize = 2_000;

/// What a turn of a thread is about: if it is in a call, that goes on.
#[derive(Clone, Debug)]
struct Turn {
    thread: u8,
    kind: u8,
    count: u8,
}

/// Calls of an owner and two thieves, and an answer to be falsified, or not.
fn plans() -> impl Strategy<Value = (Vec<Turn>, Option<(Index, u8)>)> {
    let turn = (0..3_u8, 0..7_u8, 1..3_u8).prop_map(|(thread, kind, count)| Turn { thread, kind, count });
    (prop::collection::vec(turn, 4..24), prop::option::of((any::<Index>(), any::<u8>())))
}

/// A deque on one thread whose slots are given back late.
struct Reference {
    promises: Promises,
    values: VecDeque<u8>,
    /// The slots of the values, and of those that thieves still hold.
    taken: Vec<bool>,
    head: usize,
    next: u8,
}

/// A call under way.
struct Running {
    request: Request,
    called: u32,
    /// Its answer, and the slots that it gives back.
    happened: Option<(Action, Vec<usize>)>,
}

impl Reference {
    fn has_room(&self, ahead: usize) -> bool {
        self.taken.is_empty() || !self.taken[(self.head + ahead) % self.taken.len()]
    }

    fn push(&mut self, value: u8) {
        if !self.taken.is_empty() {
            let slot = self.head % self.taken.len();
            self.taken[slot] = true;
        }
        self.head += 1;
        self.values.push_back(value);
    }

    fn pop(&mut self) -> Option<u8> {
        let value = self.values.pop_back()?;
        self.head -= 1;
        if !self.taken.is_empty() {
            let slot = self.head % self.taken.len();
            self.taken[slot] = false;
        }
        Some(value)
    }

    fn claim(&mut self, count: usize) -> (Vec<u8>, Vec<usize>) {
        let oldest = self.head - self.values.len();
        let got: Vec<u8> = self.values.drain(..count.min(self.values.len())).collect();
        let lap = self.taken.len();
        let slots = (oldest..oldest + got.len()).filter(|_| lap > 0).map(|index| index % lap).collect();
        (got, slots)
    }

    fn request(&mut self, turn: &Turn) -> Request {
        let is_ring = self.promises.slots.is_some();
        let mut value = || {
            self.next += 1;
            self.next
        };
        match (turn.thread, turn.kind) {
            (0, 0..=2) => Request::Push((0..turn.count).map(|_| value()).collect()),
            (0, 3) => Request::PushWasEmpty(value()),
            (0, _) => Request::Pop(turn.count),
            (_, 0) if is_ring => Request::StealHalf(turn.count),
            (_, 1) if is_ring => Request::Len,
            (_, 2) if is_ring => Request::IsEmpty,
            (_, 3) => Request::Crash(turn.count),
            _ => Request::Steal(turn.count),
        }
    }

    fn happen(&mut self, request: &Request) -> (Action, Vec<usize>) {
        let mut held = Vec::new();
        let mut claim = |reference: &mut Self, count: usize| {
            let (got, slots) = reference.claim(count);
            held = slots;
            got
        };
        let action = match request {
            Request::Push(offered) => {
                let accepted = (0..offered.len()).take_while(|ahead| self.has_room(*ahead)).count();
                offered[..accepted].iter().for_each(|value| self.push(*value));
                Action::Push { offered: offered.clone(), accepted: accepted as u8 }
            }
            Request::Pop(max) => {
                let got = (0..*max).map_while(|_| self.pop()).collect();
                Action::Pop { max: *max, got }
            }
            Request::Steal(max) => Action::Steal { max: *max, got: claim(self, (*max).into()) },
            Request::StealHalf(limit) => {
                let half = self.values.len().div_ceil(2).min((*limit).into());
                Action::StealHalf { limit: *limit, got: claim(self, half) }
            }
            Request::PushWasEmpty(value) if self.has_room(0) => {
                let was_empty = self.values.is_empty();
                self.push(*value);
                Action::PushWasEmpty { value: *value, was_empty }
            }
            Request::PushWasEmpty(value) => Action::Push { offered: vec![*value], accepted: 0 },
            Request::Len => Action::Len(self.values.len() as u8),
            Request::IsEmpty => Action::IsEmpty(self.values.is_empty()),
            Request::Crash(max) => {
                let claimed = claim(self, (*max).into()).len() as u8;
                // It never gives them back.
                held.clear();
                Action::Crash { max: *max, held: claimed }
            }
        };
        (action, held)
    }
}

/// What came of the turns: the calls, and all calls and answers in their order.
fn play(promises: Promises, turns: &[Turn]) -> Vec<(Call, Request)> {
    let taken = vec![false; promises.slots.unwrap_or(0).into()];
    let mut reference = Reference { promises, values: VecDeque::new(), taken, head: 0, next: 0 };
    let mut running: [Option<Running>; 3] = [const { None }; 3];
    let mut crashed = [false; 3];
    let mut calls = Vec::new();
    let at_last = (0..3).flat_map(|thread| vec![Turn { thread, kind: u8::MAX, count: 0 }; 2]);
    for (clock, turn) in (1..).zip(turns.iter().cloned().chain(at_last)) {
        let thread = usize::from(turn.thread);
        match running[thread].take() {
            None if turn.kind != u8::MAX && !crashed[thread] && calls.len() < 8 => {
                let request = reference.request(&turn);
                running[thread] = Some(Running { request, called: clock, happened: None });
            }
            None => {}
            Some(mut call) if call.happened.is_none() => {
                call.happened = Some(reference.happen(&call.request));
                running[thread] = Some(call);
            }
            Some(Running { request, called, happened }) => {
                let (action, held) = happened.expect("it is seen to above");
                held.into_iter().for_each(|slot| reference.taken[slot] = false);
                crashed[thread] = matches!(action, Action::Crash { .. });
                let (thread, phase) = (turn.thread, Phase::During);
                calls.push((Call { thread, phase, action, called, returned: clock }, request));
            }
        }
    }
    calls
}

/// Another answer to the same request.
fn falsify(action: &mut Action, request: &Request, how: u8) {
    match (&mut *action, request) {
        (Action::Push { .. }, Request::PushWasEmpty(value)) => {
            *action = Action::PushWasEmpty { value: *value, was_empty: how.is_multiple_of(2) };
        }
        (Action::Push { offered, accepted }, _) => *accepted = how % (offered.len() as u8 + 1),
        (Action::Pop { got, .. } | Action::Steal { got, .. } | Action::StealHalf { got, .. }, _) => {
            match how % 3 {
                0 => _ = got.pop(),
                1 => got.reverse(),
                _ => got.iter_mut().for_each(|value| *value = how % 8),
            }
        }
        (Action::PushWasEmpty { was_empty, .. }, _) => *was_empty ^= true,
        (Action::Len(len), _) => *len = how % 4,
        (Action::IsEmpty(is_empty), _) => *is_empty ^= true,
        (Action::Crash { held, .. }, _) => *held = how % 3,
    }
}

/// Whether the monitor allows the calls.
fn is_allowed(promises: Promises, calls: &[(Call, Request)]) -> bool {
    let follower = Follower::new(Arc::new(Monitor::new(promises)));
    let mut events: Vec<_> = (0..calls.len()).map(|number| (calls[number].0.called, number, false)).collect();
    events.extend((0..calls.len()).map(|number| (calls[number].0.returned, number, true)));
    events.sort_unstable();
    for (_, number, is_answer) in events {
        let (call, request) = &calls[number];
        let _ = if is_answer {
            follower.answer(call.thread, &call.action)
        } else {
            follower.call(call.thread, request)
        };
    }
    follower.is_possible()
}

#[test]
fn the_monitor_and_the_oracle_agree() {
    let mut runner = TestRunner::deterministic();
    for promises in [CHAIN, RING_OF_1, RING_OF_2] {
        let [mut possible, mut impossible] = [0, 0];
        for _ in 0..HISTORIES {
            let (turns, false_answer) = plans().new_tree(&mut runner).unwrap().current();
            let mut calls = play(promises, &turns);
            if let Some((index, how)) = false_answer
                && !calls.is_empty()
            {
                let number = index.index(calls.len());
                let (call, request) = &mut calls[number];
                falsify(&mut call.action, request, how);
            }
            let history = History {
                calls: calls.iter().map(|(call, _)| call.clone()).collect(),
                order: CallOrder::RealTime,
            };
            let is_possible = is_possible(&history, promises);
            assert_eq!(is_allowed(promises, &calls), is_possible, "{promises:?}\n{history}");
            *if is_possible { &mut possible } else { &mut impossible } += 1;
        }
        println!("{promises:?}: {possible} possible histories, {impossible} impossible ones");
        assert!(possible > HISTORIES / 4 && impossible > HISTORIES / 10, "{possible} and {impossible}");
    }
}
