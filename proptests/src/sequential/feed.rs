//! Iterators as users may write them: short, long, lying about their length, going on after their end.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::item::{Id, Item};

/// What an iterator will do.
#[derive(Clone, Debug)]
pub(super) struct FeedPlan {
    /// What it answers, call by call: an element, or that there is none (and yet it may go on).
    pub(super) answers: Vec<bool>,
    /// What it says of its length.
    pub(super) hint: (usize, Option<usize>),
}

/// Iterators of all manners.
pub(super) fn feed_plan() -> impl Strategy<Value = FeedPlan> {
    let whole = (0..40usize).prop_map(|length| vec![true; length]);
    let broken = vec(prop_oneof![6 => Just(true), 1 => Just(false)], 0..40);
    let answers = prop_oneof![2 => whole, 1 => broken];
    let hint = prop_oneof![
        2 => Just(None),
        1 => Just(Some((0, None))),
        1 => Just(Some((usize::MAX, Some(usize::MAX)))),
        1 => Just(Some((9, Some(3)))),
        1 => Just(Some((0, Some(0)))),
    ];
    (answers, hint).prop_map(|(answers, hint)| {
        let honest = answers.iter().take_while(|&&more| more).count();
        FeedPlan { hint: hint.unwrap_or((honest, Some(honest))), answers }
    })
}

/// An iterator that keeps to its plan and counts how often it is asked.
#[derive(Debug)]
pub(super) struct Feed<'p> {
    plan: &'p FeedPlan,
    next_id: Id,
    pub(super) asked: usize,
}

impl<'p> Feed<'p> {
    /// Its elements are named from `next_id` on.
    pub(super) fn new(plan: &'p FeedPlan, next_id: Id) -> Self {
        Self { plan, next_id, asked: 0 }
    }
}

impl Iterator for Feed<'_> {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        let answer = self.plan.answers.get(self.asked).copied().unwrap_or(false);
        self.asked += 1;
        answer.then(|| {
            self.next_id += 1;
            Item::new(self.next_id - 1)
        })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.plan.hint
    }
}
