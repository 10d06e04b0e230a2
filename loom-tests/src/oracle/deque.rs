//! The sequential deque: which steps are possible from which state.

use std::collections::BTreeSet;
use std::fmt;

/// One atomic step of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Values are added, all at once.
    Push(Vec<u8>),
    /// The slot `ahead` of the next push's is found taken.
    Refuse {
        /// How many slots further on than the next value's.
        ahead: u32,
    },
    /// The newest are removed, `max` at most and no fewer than there are.
    TakeNewest {
        /// How many were requested.
        max: u8,
        /// Newest first.
        got: Vec<u8>,
    },
    /// The oldest are claimed, `max` at most and no fewer than there are. Their slots stay taken.
    Claim {
        /// How many were requested.
        max: u8,
        /// Oldest first.
        got: Vec<u8>,
    },
    /// The oldest half, rounded up, is claimed, `limit` at most. Their slots stay taken.
    ClaimHalf {
        /// How many were wanted at most.
        limit: u8,
        /// Oldest first.
        got: Vec<u8>,
    },
    /// The oldest are claimed by a thief that crashes: which they were is unknown.
    ClaimUnseen {
        /// How many were requested.
        max: u8,
        /// How many were claimed.
        count: u8,
    },
    /// A thief has taken this value out and hands its slot back.
    Release(u8),
    /// A value is added to a deque that is empty, or that is not.
    PushOnto {
        /// The value.
        value: u8,
        /// Whether there is no other.
        empty: bool,
    },
    /// All that is older than this value is gone.
    OlderIsGone(u8),
    /// There are so many values.
    Holds(u8),
    /// There are values, or none.
    IsEmpty(bool),
}

impl fmt::Display for Effect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Push(values) => write!(formatter, "push {values:?}"),
            Self::Refuse { ahead } => write!(formatter, "a push refused at {ahead} slots ahead"),
            Self::TakeNewest { max, got } => write!(formatter, "pop {max} -> {got:?}"),
            Self::Claim { max, got } => write!(formatter, "steal {max} -> {got:?}"),
            Self::ClaimHalf { limit, got } => write!(formatter, "steal half, {limit} at most -> {got:?}"),
            Self::ClaimUnseen { max, count } => write!(formatter, "claim {max} and crash -> {count}"),
            Self::Release(value) => write!(formatter, "release the slot of [{value}]"),
            Self::PushOnto { value, empty } => {
                write!(formatter, "push [{value}] -> {}", if *empty { "was empty" } else { "was not empty" })
            }
            Self::OlderIsGone(value) => write!(formatter, "all older than [{value}] gone"),
            Self::Holds(len) => write!(formatter, "len -> {len}"),
            Self::IsEmpty(is_empty) => write!(formatter, "is_empty -> {is_empty}"),
        }
    }
}

/// What a deque holds. Indexes are counted from the first value on and do not wrap.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct State {
    /// The value at each index below the head; those below `tail` are claimed.
    values: Vec<u8>,
    tail: usize,
    /// Indexes claimed by thieves that still hold the slot.
    held: BTreeSet<usize>,
    slots: Option<u8>,
    /// Whether there are steps that hand slots back; otherwise they are back at once.
    tracks_slots: bool,
}

impl fmt::Display for State {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}", &self.values[self.tail..])
    }
}

impl State {
    pub(super) fn empty(slots: Option<u8>, tracks_slots: bool) -> Self {
        Self { values: Vec::new(), tail: 0, held: BTreeSet::new(), slots, tracks_slots }
    }

    pub(super) fn len(&self) -> usize {
        self.values.len() - self.tail
    }

    /// How many a thief takes that takes half.
    pub(super) fn half(&self) -> usize {
        self.len().div_ceil(2)
    }

    /// The oldest values, `max` at most, in their order.
    pub(super) fn oldest(&self, max: usize) -> Vec<u8> {
        self.values[self.tail..].iter().take(max).copied().collect()
    }

    /// The newest values, `max` at most, newest first.
    pub(super) fn newest(&self, max: usize) -> Vec<u8> {
        self.values[self.tail..].iter().rev().take(max).copied().collect()
    }

    /// Drops what can no longer matter: the values that were claimed, but for those of the last lap.
    pub(super) fn forget_the_past(&mut self) {
        let lap = self.slots.map_or(0, usize::from);
        let past = self.tail.min(self.values.len().saturating_sub(lap));
        self.values.drain(..past);
        self.tail -= past;
        self.held = self.held.iter().map(|index| index - past).collect();
    }

    /// The state after `effect`, if the step is possible.
    pub(super) fn after(&self, effect: &Effect) -> Option<Self> {
        let mut next = self.clone();
        match effect {
            Effect::Push(values) => {
                let head = self.values.len();
                if (head..head + values.len()).any(|index| self.is_taken_a_lap_before(index)) {
                    return None;
                }
                next.values.extend(values);
            }
            Effect::Refuse { ahead } => {
                if !self.is_taken_a_lap_before(self.values.len() + *ahead as usize) {
                    return None;
                }
            }
            Effect::TakeNewest { max, got } => {
                let rest = self.values.len().checked_sub(got.len())?;
                let are_newest = self.values[rest..].iter().rev().eq(got);
                if rest < self.tail || !are_newest || got.len() != self.len().min((*max).into()) {
                    return None;
                }
                next.values.truncate(rest);
            }
            Effect::Claim { max, got } => {
                let are_oldest = self.values[self.tail..].starts_with(got);
                if !are_oldest || got.len() != self.len().min((*max).into()) {
                    return None;
                }
                next.claim(got.len());
            }
            Effect::ClaimHalf { limit, got } => {
                let max = self.half().min((*limit).into()) as u8;
                return self.after(&Effect::Claim { max, got: got.clone() });
            }
            Effect::ClaimUnseen { max, count } => {
                if usize::from(*count) != self.len().min((*max).into()) {
                    return None;
                }
                next.claim((*count).into());
            }
            Effect::Release(value) => {
                let held = self.held.iter().find(|index| self.values[**index] == *value)?;
                next.held.remove(held);
            }
            Effect::PushOnto { value, empty } => {
                if (self.len() == 0) != *empty {
                    return None;
                }
                return self.after(&Effect::Push(vec![*value]));
            }
            Effect::OlderIsGone(value) => {
                let index = self.values.iter().position(|other| other == value);
                if index.is_some_and(|index| self.tail < index) {
                    return None;
                }
            }
            Effect::Holds(len) => {
                if self.len() != usize::from(*len) {
                    return None;
                }
            }
            Effect::IsEmpty(is_empty) => {
                if (self.len() == 0) != *is_empty {
                    return None;
                }
            }
        }
        Some(next)
    }

    /// Whether the slot for `index` is not the producer's: it holds the value of a lap before, or the
    /// thief that claimed that still has it.
    fn is_taken_a_lap_before(&self, index: usize) -> bool {
        let Some(slots) = self.slots else { return false };
        // The first lap finds nothing before it.
        let before = index.checked_sub(usize::from(slots));
        before.is_some_and(|before| before >= self.tail || self.held.contains(&before))
    }

    fn claim(&mut self, count: usize) {
        if self.tracks_slots {
            self.held.extend(self.tail..self.tail + count);
        }
        self.tail += count;
    }
}
