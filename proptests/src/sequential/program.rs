//! The programs.

use proptest::collection::vec;
use proptest::prelude::*;

use super::feed::{FeedPlan, feed_plan};
use crate::kind::Kind;

/// Two deques and what is done with them.
#[derive(Clone, Debug)]
pub struct Program {
    /// The deques' capacities, or those of their first rings.
    pub(super) capacities: [usize; 2],
    /// What is done.
    pub(super) steps: Vec<Step>,
    /// In which order the handles go in the end.
    pub(super) ending: Ending,
}

/// Which of the two deques: 0 or 1.
pub(super) type Side = usize;

/// One call, or one thing done with an open batch.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// `push`
    Push(Side),
    /// `push_was_empty`
    PushWasEmpty(Side),
    /// `push_batch`
    PushBatch(Side, FeedPlan),
    /// `pop`
    Pop(Side),
    /// `pop_batch`
    PopBatch {
        /// On which deque.
        side: Side,
        /// How many are asked for.
        max: usize,
        /// What becomes of the batch.
        fate: Fate,
    },
    /// `steal`
    Steal(Side, Hand),
    /// `steal_batch`
    StealBatch {
        /// From which deque.
        side: Side,
        /// By which handle.
        hand: Hand,
        /// How many are asked for.
        max: usize,
        /// What becomes of the batch.
        fate: Fate,
    },
    /// `steal_batch`, and the batch stays open.
    OpenBatch {
        /// From which deque.
        side: Side,
        /// By which of the handles that last.
        thief: usize,
        /// How many are asked for.
        max: usize,
    },
    /// Takes values out of an open batch.
    TakeFromOpen {
        /// Which one, of as many as are open.
        which: usize,
        /// How many values.
        count: usize,
    },
    /// Ends an open batch.
    CloseOpen {
        /// Which one, of as many as are open.
        which: usize,
        /// What becomes of it.
        fate: Fate,
    },
    /// `steal_into`
    StealInto {
        /// From which deque.
        from: Side,
        /// By which handle.
        hand: Hand,
        /// Into which deque; maybe the same one.
        into: Side,
        /// How many are asked for.
        max: usize,
    },
    /// `shrink_to`
    ShrinkTo(Side, usize),
    /// The worker goes; nothing more is pushed or popped there.
    DropWorker(Side),
}

/// By which handle a thief works.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hand {
    /// One of the two that last as long as the program.
    Lasting(usize),
    /// A clone that is dropped after the call.
    Clone,
    /// One that the worker hands out and that is dropped after the call.
    OfWorker,
}

/// What becomes of a batch.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fate {
    /// All is taken out of it, and it is asked for more.
    Drained,
    /// It is dropped after some values were taken.
    DroppedAfter(usize),
    /// It is forgotten after some values were taken.
    ForgottenAfter(usize),
}

/// In which order handles are dropped.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ending {
    /// Workers, open batches, stealers.
    WorkersFirst,
    /// Open batches, stealers, workers.
    StealersFirst,
}

/// Programs for handles of kind `K`.
pub fn program<K: Kind>() -> impl Strategy<Value = Program> {
    let capacity = || (0..=6u32).prop_map(|exponent| 1usize << exponent);
    let ending = prop_oneof![Just(Ending::WorkersFirst), Just(Ending::StealersFirst)];
    ([capacity(), capacity()], vec(step::<K>(), 1..120), ending)
        .prop_map(|(capacities, steps, ending)| Program { capacities, steps, ending })
}

fn step<K: Kind>() -> impl Strategy<Value = Step> {
    let side = || 0..2usize;
    let open = (side(), 0..2usize, max()).prop_map(|(side, thief, max)| Step::OpenBatch { side, thief, max });
    prop_oneof![
        12 => side().prop_map(Step::Push),
        3 => side().prop_map(Step::PushWasEmpty),
        8 => (side(), feed_plan()).prop_map(|(side, plan)| Step::PushBatch(side, plan)),
        6 => side().prop_map(Step::Pop),
        4 => (side(), max(), fate()).prop_map(|(side, max, fate)| Step::PopBatch { side, max, fate }),
        6 => (side(), hand()).prop_map(|(side, hand)| Step::Steal(side, hand)),
        4 => (side(), hand(), max(), fate())
            .prop_map(|(side, hand, max, fate)| Step::StealBatch { side, hand, max, fate }),
        3 => open,
        4 => (0..8usize, 1..6usize).prop_map(|(which, count)| Step::TakeFromOpen { which, count }),
        2 => (0..8usize, fate()).prop_map(|(which, fate)| Step::CloseOpen { which, fate }),
        5 => (side(), hand(), side(), max())
            .prop_map(|(from, hand, into, max)| Step::StealInto { from, hand, into, max }),
        1 => side().prop_flat_map(last_resort::<K>),
    ]
}

/// What is done seldom: giving memory back where that is possible, or dropping the worker early.
fn last_resort<K: Kind>(side: Side) -> impl Strategy<Value = Step> {
    let give_back = if K::BOUNDED {
        Just(Step::Push(side)).boxed()
    } else {
        (0..=6u32).prop_map(move |exponent| Step::ShrinkTo(side, 1 << exponent)).boxed()
    };
    prop_oneof![5 => give_back, 1 => Just(Step::DropWorker(side))]
}

/// How many values to ask for.
fn max() -> impl Strategy<Value = usize> {
    prop_oneof![1 => Just(0), 6 => 1..=4usize, 3 => 5..=80usize, 1 => Just(usize::MAX)]
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => Just(Fate::Drained),
        3 => (0..6usize).prop_map(Fate::DroppedAfter),
        1 => (0..6usize).prop_map(Fate::ForgottenAfter),
    ]
}

fn hand() -> impl Strategy<Value = Hand> {
    prop_oneof![3 => (0..2usize).prop_map(Hand::Lasting), 1 => Just(Hand::Clone), 1 => Just(Hand::OfWorker)]
}
