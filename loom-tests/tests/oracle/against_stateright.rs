//! Random histories of single operations, judged by our oracle and by stateright's testers:
//! linearizability for real-time order, sequential consistency where only threads have an order.

use std::collections::VecDeque;

use pooldeque_loom_tests::history::{Action, Call, CallOrder, History, Phase};
use pooldeque_loom_tests::oracle::is_possible;
use proptest::collection::vec;
use proptest::prelude::*;
use stateright::semantics::{
    ConsistencyTester, LinearizabilityTester, SequentialConsistencyTester, SequentialSpec,
};

use super::{CHAIN, pop, push, steal};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Op {
    Push(u8),
    Pop,
    Steal,
}

/// The deque, for stateright.
#[derive(Clone, Debug, Default, PartialEq)]
struct Reference(VecDeque<u8>);

impl SequentialSpec for Reference {
    type Op = Op;
    type Ret = Option<u8>;

    fn invoke(&mut self, op: &Op) -> Option<u8> {
        match op {
            Op::Push(value) => {
                self.0.push_back(*value);
                None
            }
            Op::Pop => self.0.pop_back(),
            Op::Steal => self.0.pop_front(),
        }
    }
}

/// One operation: its thread, when it was called and when it returned, and what it gave.
#[derive(Clone, Copy, Debug)]
struct Done {
    thread: u8,
    op: Op,
    called: u32,
    returned: u32,
    ret: Option<u8>,
}

/// Lets three threads take turns: in each an operation is called, happens, and returns.
fn simulate(turns: &[(u8, bool)]) -> Vec<Done> {
    let mut deque = Reference::default();
    let mut next_value = 0;
    let mut running: [Option<Done>; 3] = [None; 3];
    let mut happened = [false; 3];
    let mut done = Vec::new();
    let at_last = (0..3).flat_map(|thread| [(thread, false); 2]);
    for ((thread, pushes), now) in turns.iter().copied().chain(at_last).zip(0..) {
        let who = usize::from(thread);
        match &mut running[who] {
            None if now as usize >= turns.len() => {}
            None => {
                let op = match (thread, pushes) {
                    (0, true) => {
                        next_value += 1;
                        Op::Push(next_value)
                    }
                    (0, false) => Op::Pop,
                    _ => Op::Steal,
                };
                running[who] = Some(Done { thread, op, called: now, returned: now, ret: None });
                happened[who] = false;
            }
            Some(call) if !happened[who] => {
                call.ret = deque.invoke(&call.op);
                happened[who] = true;
            }
            Some(call) => {
                call.returned = now;
                done.push(*call);
                running[who] = None;
            }
        }
    }
    done
}

fn history(calls: &[Done], order: CallOrder) -> History {
    let mut calls: Vec<_> = calls
        .iter()
        .map(|done| {
            let got: Vec<u8> = done.ret.into_iter().collect();
            let action: Action = match done.op {
                Op::Push(value) => push(value),
                Op::Pop => pop(&got),
                Op::Steal => steal(&got),
            };
            let Done { thread, called, returned, .. } = *done;
            Call { thread, phase: Phase::During, action, called, returned }
        })
        .collect();
    calls.sort_by_key(|call| (call.thread, call.called));
    History { calls, order }
}

/// Shows `tester` the calls and returns in the order of their times.
fn stateright_accepts(calls: &[Done], mut tester: impl ConsistencyTester<u8, Reference>) -> bool {
    let mut events: Vec<_> =
        calls.iter().flat_map(|done| [(done.called, done, false), (done.returned, done, true)]).collect();
    events.sort_by_key(|(time, ..)| *time);
    for (_, done, returns) in events {
        if returns {
            tester.on_return(done.thread, done.ret).expect("each thread returns what it called");
        } else {
            tester.on_invoke(done.thread, done.op).expect("each thread calls one at a time");
        }
    }
    tester.is_consistent()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn both_say_the_same(
        turns in vec((0..3_u8, any::<bool>()), 4..30),
        spoiled in proptest::option::of((any::<prop::sample::Index>(), proptest::option::of(1..5_u8))),
    ) {
        let mut calls = simulate(&turns);
        if let Some((which, ret)) = spoiled
            && !calls.is_empty()
        {
            let call = which.get(&calls).called;
            let call = calls.iter_mut().find(|done| done.called == call).expect("it was there");
            if !matches!(call.op, Op::Push(_)) {
                call.ret = ret;
            }
        } else {
            prop_assert!(is_possible(&history(&calls, CallOrder::RealTime), CHAIN), "it did happen");
        }
        let linearizable = LinearizabilityTester::new(Reference::default());
        prop_assert_eq!(
            is_possible(&history(&calls, CallOrder::RealTime), CHAIN),
            stateright_accepts(&calls, linearizable)
        );
        let consistent = SequentialConsistencyTester::new(Reference::default());
        prop_assert_eq!(
            is_possible(&history(&calls, CallOrder::HappensBefore), CHAIN),
            stateright_accepts(&calls, consistent)
        );
    }
}
