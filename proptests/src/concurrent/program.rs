//! The programs.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::kind::Kind;

/// Who does what, on how many deques.
#[derive(Clone, Debug)]
pub struct Program {
    /// One deque each, with its owner.
    pub(super) owners: Vec<OwnerPlan>,
    /// What threads do that only steal, over and over until the owners are done.
    pub(super) thieves: Vec<Vec<Theft>>,
    /// Whether calls are stamped with the time they begin and end, by one clock for all.
    pub(super) timed: bool,
    /// Whether what is left in the end is stolen; else it is dropped with the deque.
    pub(super) drained: bool,
}

/// A deque and its owner's thread.
#[derive(Clone, Debug)]
pub(super) struct OwnerPlan {
    /// Its capacity, or that of its first ring.
    pub(super) capacity: usize,
    /// How many values are pushed before the threads start.
    pub(super) prefill: usize,
    /// What the owner does, over and over.
    pub(super) pattern: Vec<Deed>,
    pub(super) rounds: usize,
    /// What it does after each round.
    pub(super) pause: Pause,
    /// Whether the worker is dropped when its work is done, or when all is done.
    pub(super) leaves_early: bool,
}

/// What an owner does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deed {
    Push,
    PushWasEmpty,
    PushBatch(usize),
    Pop,
    PopBatch(Helping),
    StealInto {
        from: usize,
        max: usize,
    },
    /// `len` and `is_empty`
    Look,
    ShrinkTo(usize),
    Pause(Pause),
}

/// What a thief does.
#[derive(Clone, Copy, Debug)]
pub(super) struct Theft {
    /// To which deque, modulo how many there are.
    pub(super) from: usize,
    pub(super) how: How,
}

/// What a thief does to a deque.
#[derive(Clone, Copy, Debug)]
pub(super) enum How {
    Steal,
    /// `steal`, by a stealer made and dropped for it.
    StealAsClone,
    /// `steal_batch`, with a stall after each value taken out.
    StealBatch(Helping, Pause),
    /// `len` and `is_empty`
    Look,
    /// Nothing, for a while.
    Wait(Pause),
}

/// How much of a batch is asked for, and how much of that is taken out before it is dropped.
#[derive(Clone, Copy, Debug)]
pub(super) struct Helping {
    pub(super) max: usize,
    pub(super) taken: usize,
}

/// A wait.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pause {
    /// Not at all.
    No,
    /// Lets another thread run.
    Yield,
    /// Loses some time.
    Spin(usize),
}

/// Programs for deques of kind `K`.
pub fn program<K: Kind>() -> impl Strategy<Value = Program> {
    let owners = prop_oneof![3 => vec(owner::<K>(), 1), 2 => vec(owner::<K>(), 2), 1 => vec(owner::<K>(), 3)];
    (owners, vec(vec(theft(), 1..9), 0..=2), any::<bool>(), any::<bool>())
        .prop_map(|(owners, thieves, timed, drained)| Program { owners, thieves, timed, drained })
}

fn owner<K: Kind>() -> impl Strategy<Value = OwnerPlan> {
    let capacity = prop_oneof![4 => 0..=2u32, 1 => 3..=5u32].prop_map(|exponent| 1usize << exponent);
    (capacity, 0..10usize, pattern::<K>(), 1..200usize, pause(), any::<bool>()).prop_map(
        |(capacity, prefill, pattern, rounds, pause, leaves_early)| OwnerPlan {
            capacity,
            prefill,
            pattern,
            rounds,
            pause,
            leaves_early,
        },
    )
}

/// Half of the owners steal into their own deque, the others leave that alone: then the order of its
/// values is known throughout.
fn pattern<K: Kind>() -> impl Strategy<Value = Vec<Deed>> {
    let steal_into = (0..3usize, max()).prop_map(|(from, max)| Deed::StealInto { from, max });
    prop_oneof![vec(deed::<K>(Just(Deed::Pop).boxed()), 1..9), vec(deed::<K>(steal_into.boxed()), 1..9),]
}

fn deed<K: Kind>(other: BoxedStrategy<Deed>) -> impl Strategy<Value = Deed> {
    let give_back = if K::BOUNDED {
        Just(Deed::Look).boxed()
    } else {
        (0..=3u32).prop_map(|exponent| Deed::ShrinkTo(1 << exponent)).boxed()
    };
    prop_oneof![
        6 => Just(Deed::Push),
        2 => Just(Deed::PushWasEmpty),
        3 => (0..12usize).prop_map(Deed::PushBatch),
        4 => Just(Deed::Pop),
        2 => helping().prop_map(Deed::PopBatch),
        3 => other,
        1 => Just(Deed::Look),
        1 => give_back,
        2 => pause().prop_map(Deed::Pause),
    ]
}

fn theft() -> impl Strategy<Value = Theft> {
    let how = prop_oneof![
        6 => Just(How::Steal),
        1 => Just(How::StealAsClone),
        4 => (helping(), pause()).prop_map(|(helping, stall)| How::StealBatch(helping, stall)),
        1 => Just(How::Look),
        2 => pause().prop_map(How::Wait),
    ];
    (0..3usize, how).prop_map(|(from, how)| Theft { from, how })
}

fn helping() -> impl Strategy<Value = Helping> {
    (max(), prop_oneof![Just(usize::MAX), 0..4usize]).prop_map(|(max, taken)| Helping { max, taken })
}

fn max() -> impl Strategy<Value = usize> {
    prop_oneof![1 => Just(0), 6 => 1..=4usize, 2 => 5..=40usize, 1 => Just(usize::MAX)]
}

fn pause() -> impl Strategy<Value = Pause> {
    prop_oneof![Just(Pause::No), Just(Pause::Yield), (1..200usize).prop_map(Pause::Spin)]
}
