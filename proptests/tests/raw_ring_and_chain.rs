//! Random programs over Go's three operations, on `PoolDequeue` and `PoolChain` themselves.
#![cfg(not(any(loom, shuttle)))]

use pooldeque_proptests::campaign::Campaign;
use pooldeque_proptests::go::program::{calls, capacity, run, start};
use pooldeque_proptests::go::subject::{RawChain, RawRing};
use pooldeque_proptests::oracle::{ChainShape, Oracle, RingShape};

#[test]
fn ring_does_what_the_oracle_does_at_any_capacity_and_start() {
    Campaign {
        name: "raw-ring",
        cases: 1_000,
        shrink_iterations: 10_000,
        must_see: &["push-refused", "wrap-of-the-head", "pop_head-of-nothing", "pop_tail-of-nothing"],
    }
    .run((capacity(), start(), calls()), |(capacity, start, calls), tally| {
        let oracle = Oracle::new(RingShape::new(capacity, start));
        run(&calls, RawRing::new(capacity, start), oracle, tally)
    });
}

#[test]
fn chain_does_what_the_oracle_does_from_any_first_ring() {
    Campaign {
        name: "raw-chain",
        cases: 1_000,
        shrink_iterations: 10_000,
        must_see: &["growth", "unlinking", "pop_head-of-nothing", "pop_tail-of-nothing"],
    }
    .run((capacity(), calls()), |(capacity, calls), tally| {
        let oracle = Oracle::new(ChainShape::new(capacity));
        run(&calls, RawChain::with_capacity(capacity), oracle, tally)
    });
}
