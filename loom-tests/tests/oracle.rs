//! The oracle itself: histories that no deque can have are refused, those that some deque can have are
//! not, and where a kept tester applies the two agree.

#![cfg(not(any(loom, shuttle)))]

#[path = "oracle/against_stateright.rs"]
mod against_stateright;
#[path = "oracle/against_the_monitor.rs"]
mod against_the_monitor;

use pooldeque_loom_tests::history::{Action, Call, CallOrder, History, Phase};
use pooldeque_loom_tests::oracle::{Promises, is_possible, why_impossible};

const CHAIN: Promises = Promises { slots: None, batches_are_atomic: false };
const RING_OF_1: Promises = Promises { slots: Some(1), batches_are_atomic: true };
const RING_OF_2: Promises = Promises { slots: Some(2), batches_are_atomic: true };

fn push(value: u8) -> Action {
    Action::Push { offered: vec![value], accepted: 1 }
}

fn refused(value: u8) -> Action {
    Action::Push { offered: vec![value], accepted: 0 }
}

fn pop(got: &[u8]) -> Action {
    Action::Pop { max: 1, got: got.to_vec() }
}

fn steal(got: &[u8]) -> Action {
    Action::Steal { max: 1, got: got.to_vec() }
}

/// Calls one after the other, by `(thread, action)`.
fn in_turn(order: CallOrder, calls: &[(u8, Action)]) -> History {
    let times = (0..).step_by(2);
    let calls = times.zip(calls).map(|(called, (thread, action))| Call {
        thread: *thread,
        phase: Phase::During,
        action: action.clone(),
        called,
        returned: called + 1,
    });
    History { calls: calls.collect(), order }
}

/// All calls at once, each thread's in turn.
fn side_by_side(calls: &[(u8, Action)]) -> History {
    in_turn(CallOrder::HappensBefore, calls)
}

fn one_by_one(calls: &[(u8, Action)]) -> History {
    in_turn(CallOrder::RealTime, calls)
}

#[test]
fn a_refusal_names_the_orders_that_come_farthest() {
    let in_turn = one_by_one(&[(0, push(1)), (0, pop(&[]))]);
    let why = "  after push [1]: impossible next: pop 1 -> [], because the deque holds [1]\n";
    assert_eq!(why_impossible(&in_turn, CHAIN), why);
    // Two orders, of which neither goes on.
    let at_once = side_by_side(&[(0, push(1)), (1, steal(&[2])), (2, steal(&[3]))]);
    let why = why_impossible(&at_once, CHAIN);
    assert!(why.contains("steal 1 -> [2]; steal 1 -> [3], because the deque holds [1]"), "{why}");
    let first = one_by_one(&[(1, steal(&[1])), (0, push(1))]);
    assert!(why_impossible(&first, CHAIN).starts_with("  at the start: impossible next: steal 1 -> [1]"));
}

#[test]
fn a_lost_value_is_refused() {
    let mut history = one_by_one(&[(0, push(1)), (0, pop(&[]))]);
    assert!(!is_possible(&history, CHAIN));
    history.calls[1].action = pop(&[1]);
    assert!(is_possible(&history, CHAIN));
}

#[test]
fn a_value_taken_twice_is_refused() {
    assert!(!is_possible(&side_by_side(&[(0, push(1)), (1, steal(&[1])), (2, steal(&[1]))]), CHAIN));
    assert!(!is_possible(&side_by_side(&[(0, push(1)), (0, pop(&[1])), (1, steal(&[1]))]), CHAIN));
}

#[test]
fn an_invented_value_is_refused() {
    assert!(!is_possible(&side_by_side(&[(0, push(1)), (1, steal(&[2]))]), CHAIN));
}

#[test]
fn thieves_take_the_oldest_and_the_owner_the_newest() {
    let pushes = [(0, push(1)), (0, push(2))];
    for (action, possible) in [(steal(&[1]), true), (steal(&[2]), false)] {
        let calls: Vec<_> = pushes.iter().cloned().chain([(1, action)]).collect();
        assert_eq!(is_possible(&one_by_one(&calls), RING_OF_2), possible);
    }
    for (action, possible) in [(pop(&[2]), true), (pop(&[1]), false)] {
        let calls: Vec<_> = pushes.iter().cloned().chain([(0, action)]).collect();
        assert_eq!(is_possible(&side_by_side(&calls), RING_OF_2), possible);
    }
}

#[test]
fn one_thief_takes_in_the_order_of_the_pushes() {
    let calls = [(0, push(1)), (0, push(2)), (1, steal(&[2])), (1, steal(&[1]))];
    assert!(!is_possible(&side_by_side(&calls), CHAIN));
}

#[test]
fn a_false_empty_is_refused_when_it_comes_after_the_push() {
    let calls = [(0, push(1)), (1, steal(&[]))];
    assert!(!is_possible(&one_by_one(&calls), CHAIN));
    // A thief that does not know of the push may miss it.
    assert!(is_possible(&side_by_side(&calls), CHAIN));
}

#[test]
fn the_false_empty_of_gos_chain_is_refused() {
    // The owner adds 2 before it takes 1, so the chain was never empty.
    let calls = [(0, push(1)), (0, push(2)), (0, steal(&[1])), (1, steal(&[])), (0, pop(&[2]))];
    let mut history = side_by_side(&calls);
    history.calls[0].phase = Phase::Before;
    history.calls[4].phase = Phase::After;
    assert!(!is_possible(&history, CHAIN));
}

#[test]
fn what_is_left_at_the_end_counts() {
    let mut history = side_by_side(&[(0, push(1)), (1, steal(&[])), (0, pop(&[]))]);
    history.calls[2].phase = Phase::After;
    assert!(!is_possible(&history, CHAIN));
}

#[test]
fn a_join_orders_what_a_thief_did() {
    // The thief is done before the owner pushes again.
    let mut history = side_by_side(&[(1, steal(&[1])), (0, push(1))]);
    assert!(is_possible(&history, CHAIN));
    history.calls[1].phase = Phase::After;
    assert!(!is_possible(&history, CHAIN));
}

#[test]
fn full_needs_a_full_ring() {
    assert!(is_possible(&one_by_one(&[(0, push(1)), (0, refused(2))]), RING_OF_1));
    assert!(!is_possible(&one_by_one(&[(0, push(1)), (0, refused(2))]), RING_OF_2));
    assert!(!is_possible(&one_by_one(&[(0, push(1)), (0, pop(&[1])), (0, refused(2))]), RING_OF_1));
    assert!(!is_possible(&one_by_one(&[(0, push(1)), (0, refused(2))]), CHAIN));
}

#[test]
fn a_thief_that_has_not_returned_may_hold_its_slot() {
    let mut history = one_by_one(&[(0, push(1)), (0, refused(2)), (1, steal(&[1]))]);
    // Called before the refusal, back after it: the claim came before, the hand-back after.
    history.calls[2].called = 1;
    history.calls[0].returned = 0;
    history.calls.push(Call { called: 6, returned: 7, ..history.calls[1].clone() });
    assert!(!is_possible(&history, RING_OF_1), "the second refusal comes after the thief's return");
    history.calls.pop();
    assert!(is_possible(&history, RING_OF_1));
}

#[test]
fn a_crashed_thief_keeps_its_slot() {
    let crash = Action::Crash { max: 1, held: 1 };
    let crashed = [(0, push(1)), (1, crash)];
    for (last, possible) in [(refused(2), true), (push(2), false)] {
        let calls: Vec<_> = crashed.iter().cloned().chain([(0, last)]).collect();
        assert_eq!(is_possible(&one_by_one(&calls), RING_OF_1), possible);
    }
}

#[test]
fn more_than_fits_is_refused() {
    assert!(!is_possible(&one_by_one(&[(0, push(1)), (0, push(2))]), RING_OF_1));
}

#[test]
fn a_batch_of_a_ring_is_as_large_as_it_can_be() {
    let two = Action::Push { offered: vec![1, 2], accepted: 2 };
    let short = Action::Steal { max: 2, got: vec![1] };
    assert!(!is_possible(&one_by_one(&[(0, two.clone()), (1, short.clone())]), RING_OF_2));
    // A chain's thief may have missed the ring that was added meanwhile.
    assert!(is_possible(&one_by_one(&[(0, two), (1, short)]), CHAIN));
}

#[test]
fn a_batch_of_a_ring_is_published_in_one_step() {
    let two = Action::Push { offered: vec![1, 2], accepted: 2 };
    let both = Action::Steal { max: 2, got: vec![1, 2] };
    let first = Action::Steal { max: 2, got: vec![1] };
    assert!(is_possible(&side_by_side(&[(0, two.clone()), (1, both)]), RING_OF_2));
    assert!(!is_possible(&side_by_side(&[(0, two), (1, first), (1, steal(&[2]))]), RING_OF_2));
}

#[test]
fn a_batch_push_takes_all_that_fits() {
    let one_of_two = Action::Push { offered: vec![1, 2], accepted: 1 };
    assert!(is_possible(&one_by_one(&[(0, one_of_two.clone())]), RING_OF_1));
    assert!(!is_possible(&one_by_one(&[(0, one_of_two)]), RING_OF_2));
}

fn push_was_empty(value: u8, was_empty: bool) -> Action {
    Action::PushWasEmpty { value, was_empty }
}

#[test]
fn a_push_that_saw_values_has_some_before_it() {
    // The thief has taken the first value and found nothing: so the second push came after that.
    let calls =
        |was_empty| [(0, push(1)), (0, push_was_empty(2, was_empty)), (1, steal(&[1])), (1, steal(&[]))];
    for promises in [RING_OF_2, CHAIN] {
        assert!(!is_possible(&side_by_side(&calls(false)), promises));
        assert!(is_possible(&side_by_side(&calls(true)), promises));
    }
}

#[test]
fn a_push_that_saw_nothing_has_nothing_before_it() {
    for promises in [RING_OF_2, CHAIN] {
        assert!(!is_possible(&one_by_one(&[(0, push(1)), (0, push_was_empty(2, true))]), promises));
        assert!(is_possible(
            &one_by_one(&[(0, push_was_empty(1, true)), (0, push_was_empty(2, false))]),
            promises
        ));
    }
    // On a chain thieves may have taken the others during the call: after the push, but before its end.
    let mut history = one_by_one(&[(0, push(1)), (0, push_was_empty(2, true)), (1, steal(&[1]))]);
    history.calls[1].returned = 6;
    assert!(is_possible(&history, CHAIN));
    history.calls[1].returned = 3;
    assert!(!is_possible(&history, CHAIN));
}

#[test]
fn a_ring_counts_exactly() {
    let calls = |len| [(0, push(1)), (0, push(2)), (0, Action::Len(len)), (1, steal(&[1]))];
    for (len, possible) in [(0, false), (1, true), (2, true), (3, false)] {
        assert_eq!(is_possible(&side_by_side(&calls(len)), RING_OF_2), possible, "{len}");
    }
    assert!(!is_possible(&one_by_one(&[(0, push(1)), (1, Action::IsEmpty(true))]), RING_OF_2));
}

#[test]
fn a_chain_counts_what_is_there_throughout_and_nothing_that_never_was() {
    let calls = |action| [(0, push(1)), (0, push(2)), (0, action), (1, steal(&[1]))];
    for (len, possible) in [(0, false), (1, true), (2, true), (3, false)] {
        assert_eq!(is_possible(&side_by_side(&calls(Action::Len(len))), CHAIN), possible, "{len}");
    }
    assert!(!is_possible(&side_by_side(&calls(Action::IsEmpty(true))), CHAIN));
    assert!(!is_possible(&side_by_side(&[(0, Action::IsEmpty(false)), (0, push(1))]), CHAIN));
    // To the owner `true` stays true until its next push.
    let calls = [(0, push(1)), (0, Action::IsEmpty(true)), (0, pop(&[1]))];
    assert!(!is_possible(&side_by_side(&calls), CHAIN));
}
