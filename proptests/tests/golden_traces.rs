//! What Go 1.27.3 did with its own `poolDequeue` and `poolChain`, done again: every result, every
//! index, every ring, in full.
#![cfg(not(any(loom, shuttle)))]

use pooldeque_proptests::campaign::tell;
use pooldeque_proptests::go::replay::{Counts, Subject, replay};
use pooldeque_proptests::go::trace::{Made, parse};

const TRACE: &str = include_str!("../traces/go1.27.3-sequential.trace");

/// All there is in the trace. A trace that is cut short cannot pass.
const CONTENTS: [(&str, u64); 13] = [
    ("chain-pop_head-of-a-value", 2_852),
    ("chain-pop_head-of-nothing", 1_003),
    ("chain-pop_tail-of-a-value", 2_989),
    ("chain-pop_tail-of-nothing", 1_002),
    ("chain-push-accepted", 8_107),
    ("chains", 60),
    ("ring-pop_head-of-a-value", 1_413),
    ("ring-pop_head-of-nothing", 773),
    ("ring-pop_tail-of-a-value", 1_520),
    ("ring-pop_tail-of-nothing", 804),
    ("ring-push-accepted", 3_476),
    ("ring-push-refused", 1_156),
    ("rings", 120),
];

fn replay_all(subject: Subject, name: &str) {
    let mut counts = Counts::new();
    for recording in parse(TRACE).expect("the trace is whole") {
        if let Err(difference) = replay(&recording, subject, &mut counts) {
            panic!("{name}, {:?}: {difference:#}", recording.made);
        }
    }
    for (what, count) in &counts {
        tell(&format!("golden-trace-on-{name}/{what}"), *count);
    }
    let expected = CONTENTS.map(|(what, count)| (what.to_owned(), count));
    assert_eq!(counts, Counts::from(expected), "not all of the trace was replayed");
    // Structures are counted too, and have no operation in their name.
    let operations: u64 = counts.iter().filter(|(what, _)| what.contains('-')).map(|(_, count)| count).sum();
    tell(&format!("golden-trace-on-{name}"), operations);
    assert_eq!(operations, 25_095);
}

#[test]
fn ring_and_chain_do_what_go_did() {
    replay_all(Subject::Raw, "ring-and-chain");
}

#[test]
fn bounded_and_unbounded_handles_do_what_go_did() {
    replay_all(Subject::Handles, "handles");
}

#[test]
fn batches_of_one_do_what_go_did() {
    replay_all(Subject::BatchesOfOne, "batches-of-one");
}

#[test]
fn the_oracle_of_the_properties_does_what_go_did() {
    replay_all(Subject::Oracle, "oracle");
}

#[test]
fn the_trace_stands_at_the_wrap_and_at_every_capacity() {
    let rings: Vec<(usize, u32)> = parse(TRACE)
        .expect("the trace is whole")
        .iter()
        .filter_map(|recording| match recording.made {
            Made::Ring { capacity, start } => Some((capacity, start)),
            Made::Chain => None,
        })
        .collect();
    for capacity in [1, 2, 4, 8, 16, 32, 64] {
        assert!(rings.iter().any(|&(slots, _)| slots == capacity), "no ring of {capacity} slots");
    }
    for start in [0, u32::MAX, u32::MAX - 1, (1 << 31) - 2] {
        assert!(rings.iter().any(|&(_, at)| at == start), "no ring starts at {start}");
    }
}
