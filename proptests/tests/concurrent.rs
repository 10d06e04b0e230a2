//! Random programs on real threads: owners that push, pop and steal for themselves, thieves that steal
//! one by one and in batches, on rings so small that the last value and the last slot are always at stake.
#![cfg(not(any(loom, shuttle)))]

use pooldeque_proptests::campaign::Campaign;
use pooldeque_proptests::concurrent::check::{check, count};
use pooldeque_proptests::concurrent::{program, run};
use pooldeque_proptests::kind::{Bounded, Kind, Unbounded};

fn campaign<K: Kind>(name: &'static str, must_see: &'static [&'static str]) {
    // Failures depend on the schedule: few of them can be made simpler.
    Campaign { name, cases: 300, shrink_iterations: 100, must_see }.run(program::<K>(), |program, tally| {
        let history = run::<K>(&program)?;
        count(&history, tally);
        check(&history)
    });
}

#[test]
fn bounded_deques_keep_every_value_and_its_order_among_threads() {
    campaign::<Bounded>(
        "bounded-threads",
        &[
            "values-popped",
            "values-stolen",
            "batches-stolen",
            "values-moved",
            "refusals",
            "calls-of-others-during-a-theft",
        ],
    );
}

#[test]
fn unbounded_deques_keep_every_value_and_its_order_among_threads() {
    campaign::<Unbounded>(
        "unbounded-threads",
        &[
            "values-popped",
            "values-stolen",
            "batches-stolen",
            "values-moved",
            "calls-of-others-during-a-theft",
        ],
    );
}
