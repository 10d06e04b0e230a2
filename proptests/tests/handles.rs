//! Random programs over every operation of the four handle types, batches kept open, partly taken,
//! dropped and forgotten among them.
#![cfg(not(any(loom, shuttle)))]

use pooldeque::unbounded;
use pooldeque_proptests::campaign::Campaign;
use pooldeque_proptests::kind::{Bounded, Unbounded};
use pooldeque_proptests::sequential::{program, run};

#[test]
fn bounded_handles_do_what_the_oracle_does() {
    Campaign {
        name: "bounded-handles",
        cases: 600,
        shrink_iterations: 20_000,
        must_see: &[
            "refusal",
            "refusal-for-a-held-slot",
            "push_batch-of-more-than-fits",
            "steal_into",
            "steal_into-itself",
            "leaked-with-a-forgotten-batch",
            "early-drop-of-a-worker",
        ],
    }
    .run(program::<Bounded>(), |program, tally| run::<Bounded>(&program, tally));
}

#[test]
fn unbounded_handles_do_what_the_oracle_does() {
    Campaign {
        name: "unbounded-handles",
        cases: 600,
        shrink_iterations: 20_000,
        must_see: &[
            "growth",
            "unlinking",
            "shrink_to",
            "steal_into",
            "steal_into-itself",
            "leaked-with-a-forgotten-batch",
            "early-drop-of-a-worker",
        ],
    }
    .run(program::<Unbounded>(), |program, tally| run::<Unbounded>(&program, tally));
}

#[test]
fn asking_for_no_values_takes_none_and_loses_none() {
    let (mut worker, stealer) = unbounded::with_capacity(1);
    let (other, _) = unbounded::with_capacity(1);
    assert_eq!(worker.push_batch(&mut (0..3)), 3);
    for _ in 0..3 {
        assert_eq!(stealer.steal_batch(0).len(), 0);
        assert_eq!(worker.pop_batch(0).len(), 0);
        assert_eq!(stealer.steal_into(&other, 0), 0);
    }
    assert!(stealer.steal_batch(usize::MAX).eq(0..3));
    assert!(other.is_empty());
}
