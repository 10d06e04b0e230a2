//! The judge of concurrent histories, judged: a true history passes, and each way to break it is found.
#![cfg(not(any(loom, shuttle)))]

use pooldeque_proptests::concurrent::check::check;
use pooldeque_proptests::concurrent::history::{Deed, Event, History, identity};
use pooldeque_proptests::item::Id;

/// The value pushed as number `place` on deque 0.
const fn v(place: u64) -> Id {
    identity(0, place)
}

const FIRST_OWNER: usize = 0;
const SECOND_OWNER: usize = 1;
const THIEF: usize = 2;
const OTHER_THIEF: usize = 3;

fn at(began: u64, deque: usize, deed: Deed) -> Event {
    Event { deque, deed, span: (began, began + 1) }
}

fn pushed(ids: &[Id], was_empty: Option<bool>) -> Deed {
    Deed::Pushed { ids: ids.to_vec(), was_empty, refused: false }
}

fn refused() -> Deed {
    Deed::Pushed { ids: Vec::new(), was_empty: None, refused: true }
}

fn popped(ids: &[Id], max: usize) -> Deed {
    Deed::Popped { ids: ids.to_vec(), max }
}

fn stole(ids: &[Id], max: usize) -> Deed {
    Deed::Stole { ids: ids.to_vec(), max }
}

/// A bounded deque of two slots, an unbounded one whose owner steals from it, and two thieves.
fn history() -> History {
    let first_owner = vec![
        at(10, 0, pushed(&[v(0)], Some(true))),
        at(20, 0, pushed(&[v(1)], Some(false))),
        at(25, 0, Deed::SawLength(2)),
        at(30, 0, refused()),
        at(50, 0, popped(&[v(1)], 1)),
        at(60, 0, popped(&[], 1)),
        at(65, 0, Deed::SawEmpty(true)),
        at(70, 0, pushed(&[v(2), v(3)], None)),
    ];
    let second_owner = vec![
        at(90, 0, Deed::Moved { into: 1, count: 1, max: 4 }),
        at(100, 1, popped(&[v(3)], 2)),
        at(110, 1, pushed(&[identity(1, 0)], Some(true))),
    ];
    let thief = vec![at(40, 0, stole(&[v(0)], 1)), at(80, 0, stole(&[v(2)], 1))];
    History {
        capacities: vec![Some(2), None],
        threads: vec![first_owner, second_owner, thief, Vec::new()],
        left: vec![Vec::new(), vec![identity(1, 0)]],
        timed: true,
    }
}

/// Asserts that the history is refused once `spoil` has had its way with it, and why.
fn is_found(why: &str, spoil: impl FnOnce(&mut History)) {
    let mut history = history();
    spoil(&mut history);
    let verdict = check(&history).expect_err(why);
    assert!(format!("{verdict:#}").contains(why), "refused, but not for \"{why}\": {verdict:#}");
}

#[test]
fn true_history_passes() {
    check(&history()).expect("nothing is wrong with it");
}

#[test]
fn lost_doubled_and_invented_values_are_found() {
    is_found("lost: [1000000000000], doubled or invented: []", |history| history.left[1].clear());
    is_found("lost: [], doubled or invented: [1]", |history| history.left[1].insert(0, v(1)));
    is_found("lost: [2], doubled or invented: [77]", |history| {
        history.threads[THIEF][1].deed = stole(&[v(0x77)], 1);
    });
}

#[test]
fn pop_that_is_not_the_newest_is_found() {
    is_found("was the newest", |history| {
        history.threads[FIRST_OWNER][4].deed = popped(&[v(0)], 1);
        history.threads[THIEF][0].deed = stole(&[v(1)], 1);
    });
}

#[test]
fn pop_of_what_was_said_to_be_gone_is_found() {
    is_found("from an empty deque", |history| {
        history.threads[FIRST_OWNER][1].deed = pushed(&[v(1)], Some(true));
        history.threads[FIRST_OWNER][2].deed = Deed::SawEmpty(false);
        history.threads[FIRST_OWNER][5].deed = popped(&[v(0)], 1);
        history.threads[THIEF].remove(0);
    });
}

#[test]
fn wrong_word_on_a_push_to_an_empty_deque_is_found() {
    is_found("told of 1 values where 0 could be", |history| {
        history.threads[FIRST_OWNER][0].deed = pushed(&[v(0)], Some(false));
    });
}

#[test]
fn lengths_that_cannot_be_are_found() {
    is_found("told of 3 values", |history| history.threads[FIRST_OWNER][2].deed = Deed::SawLength(3));
    is_found("more than there are slots", |history| history.capacities[0] = Some(1));
}

#[test]
fn too_large_a_move_is_found() {
    is_found("moved 1 of 0", |history| {
        history.threads[SECOND_OWNER][0].deed = Deed::Moved { into: 1, count: 1, max: 0 };
    });
}

#[test]
fn leftovers_in_the_wrong_order_are_found() {
    is_found("left in the end", |history| {
        history.threads[SECOND_OWNER].drain(..2);
        history.threads[THIEF].pop();
        history.left[0] = vec![v(3), v(2)];
    });
}

#[test]
fn thief_that_goes_back_in_time_is_found() {
    is_found("came after", |history| {
        history.timed = false;
        history.threads[THIEF].reverse();
    });
}

#[test]
fn batch_that_starts_with_the_newest_is_found() {
    is_found("came after", |history| {
        history.timed = false;
        history.threads[FIRST_OWNER].remove(4);
        history.threads[THIEF][0].deed = stole(&[v(1), v(0)], 2);
    });
}

#[test]
fn two_thieves_that_go_back_in_time_are_found() {
    is_found("came after", |history| {
        let last = history.threads[THIEF].pop().expect("the thief stole twice");
        history.threads[OTHER_THIEF].push(Event { span: (35, 36), ..last });
        // No thief alone has gone back, and the owner popped what it should.
    });
}

#[test]
fn false_empty_is_found() {
    for deed in [stole(&[], 1), Deed::SawLength(0), Deed::SawEmpty(true)] {
        is_found("though 1 values were always there", |history| {
            history.threads[OTHER_THIEF].push(at(45, 0, deed.clone()));
        });
    }
    is_found("though 1 values were always there", |history| {
        history.threads[OTHER_THIEF].push(at(120, 1, stole(&[], 3)));
    });
    is_found("though 1 values were always there", |history| {
        history.threads[FIRST_OWNER][1].deed = pushed(&[v(1)], Some(true));
        history.threads[FIRST_OWNER][2].deed = Deed::SawEmpty(false);
    });
}

#[test]
fn empty_at_one_moment_of_a_call_is_allowed() {
    let mut history = history();
    // From before the first push, then across the moment between the last pop and the next push.
    for span in [(5, 46), (45, 76)] {
        history.threads[OTHER_THIEF].push(Event { deque: 0, deed: stole(&[], 1), span });
    }
    check(&history).expect("it was empty at the first moment, and later between a pop and a push");
}

#[test]
fn false_full_is_found() {
    is_found("no thief was there", |history| history.capacities[0] = Some(4));
}

#[test]
fn full_under_a_thief_that_stalls_is_allowed() {
    let mut history = history();
    // The thief claimed the slot in time for the push, and let go of it only afterwards.
    history.threads[FIRST_OWNER].insert(4, at(45, 0, refused()));
    assert!(check(&history).is_err(), "one slot is free and nobody is there");
    history.threads[THIEF][0].span.1 = 48;
    check(&history).expect("the thief still holds the slot");
}
