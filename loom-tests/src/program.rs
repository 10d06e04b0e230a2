//! A program: a deque, an owner and its operations, thieves and theirs, and how it ends.
//!
//! It has a short name that can be typed, and the name says it all:
//!
//! ```text
//! ring2-wrap-holds1/++-/ss,s
//! │     │    │      │   └ two thieves: one steals twice, one once
//! │     │    │      └ the owner pushes twice and pops once
//! │     │    └ one value is there before the threads begin
//! │     └ the indexes start just below the wrap at 2^32
//! └ a ring of two slots
//! ```
//!
//! The deques are `ring` and `chain` (the port) and `bounded` and `unbounded` (the handles); the
//! number is the capacity, or that of the chain's first ring. The operations:
//!
//! | owner | | thief | |
//! |---|---|---|---|
//! | `+` | push | `s` | steal |
//! | `-` | pop | `s2` | steal a batch of 2 at most |
//! | `+2` | push a batch of 2 | `i2` | steal 2 at most into a deque of its own |
//! | `-2` | pop a batch of 2 at most | `h2` | claim 2 at most, stall until all others are done, take them then |
//! | `s` | steal, as a thief would | `f2` | claim 2 at most and crash: stop without taking them |
//! | `w` | push and learn whether the deque was empty; wake the sleepers if it was | `z` | steal one; sleep whenever there is none |
//! | `v` | shrink | `c` | let the epoch move on by one step |
//! | `l` | count the values | `l` | count the values |
//! | `e` | is it empty? | `e` | is it empty? |
//! | `p` | hold a batch of another deque from here on | `k2` | take half, 2 at most: one is returned, the others go into a deque of its own |
//! | `r` | push if there is room | | |
//!
//! A third part is the end: without it the owner pops what is left; `/fifo` lets a thief steal it,
//! `/drop` drops the deque with what is left, `/scatter` has every thread drop its own handle and the
//! last of them the deque.

mod parse;
mod smaller;

use std::fmt;

/// Where the wrap-around programs start: the first push goes to the last index.
pub const BELOW_THE_WRAP: u32 = u32::MAX;

/// A small concurrent program over one deque.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Program {
    /// The deque it runs on.
    pub structure: Structure,
    /// The deque before the threads begin.
    pub start: Start,
    /// What the owner does.
    pub owner: Vec<OwnerStep>,
    /// What each thief does.
    pub thieves: Vec<Vec<ThiefStep>>,
    /// What becomes of the values that are left.
    pub end: End,
}

/// The deques there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Structure {
    /// `PoolDequeue`.
    Ring,
    /// `PoolChain`.
    Chain,
    /// `bounded::{Worker, Stealer}`.
    Bounded,
    /// `unbounded::{Worker, Stealer}`.
    Unbounded,
}

/// A deque before the threads begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Start {
    /// Slots of the ring, or of the chain's first ring.
    pub capacity: u8,
    /// Whether the indexes start just below the wrap.
    pub wrap: bool,
    /// How many values are in it.
    pub holds: u8,
}

/// One operation of the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OwnerStep {
    /// Adds a value.
    Push,
    /// Removes the newest.
    Pop,
    /// Adds so many.
    PushBatch(u8),
    /// Removes so many of the newest at most.
    PopBatch(u8),
    /// Removes the oldest, as a thief would.
    Steal,
    /// Gives memory back.
    Shrink,
    /// Adds a value and learns whether the deque was empty. If so, wakes the thieves that sleep.
    PushWasEmpty,
    /// Adds a value if there is room for one.
    PushIfRoom,
    /// Counts the values.
    Len,
    /// Looks whether there are any.
    IsEmpty,
    /// Takes a batch from an unbounded deque of its own and holds it until its last operation is done.
    Pin,
}

/// One operation of a thief.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ThiefStep {
    /// Removes the oldest.
    Steal,
    /// Removes so many of the oldest at most.
    StealBatch(u8),
    /// Moves so many of the oldest at most to a deque of its own.
    StealInto(u8),
    /// Moves half, the older ones, to a deque of its own, and keeps one; so many at most.
    StealHalf(u8),
    /// Claims so many of the oldest at most, and takes them out when everybody else is done.
    Hold(u8),
    /// Claims so many of the oldest at most, and crashes.
    Crash(u8),
    /// Lets the epoch move on by one step, where there is a real one.
    Collect,
    /// Removes the oldest; while there is none, sleeps until the owner wakes it.
    Sleep,
    /// Counts the values.
    Len,
    /// Looks whether there are any.
    IsEmpty,
}

/// What becomes of the values that are left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum End {
    /// The owner pops them when the threads are done.
    Pop,
    /// A thief steals them when the threads are done.
    Steal,
    /// The deque is dropped with them when the threads are done.
    Drop,
    /// Each thread drops its own handle when it is done, and the last drops the deque.
    Scatter,
}

impl Structure {
    /// Whether pushes can be refused.
    #[must_use]
    pub fn is_bounded(self) -> bool {
        matches!(self, Self::Ring | Self::Bounded)
    }

    /// Whether it has batches.
    #[must_use]
    pub fn has_batches(self) -> bool {
        matches!(self, Self::Bounded | Self::Unbounded)
    }

    /// Whether its indexes can start anywhere. A handle can only where a model checker runs.
    #[must_use]
    pub fn can_wrap(self) -> bool {
        self == Self::Ring || (self == Self::Bounded && cfg!(any(loom, shuttle)))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Ring => "ring",
            Self::Chain => "chain",
            Self::Bounded => "bounded",
            Self::Unbounded => "unbounded",
        }
    }
}

impl ThiefStep {
    fn is_batch(self) -> bool {
        matches!(
            self,
            Self::StealBatch(_) | Self::StealInto(_) | Self::StealHalf(_) | Self::Hold(_) | Self::Crash(_)
        )
    }
}

impl Program {
    /// How many threads it has, the owner's among them.
    #[must_use]
    pub fn threads(&self) -> usize {
        1 + self.thieves.len()
    }

    /// Whether any of its operations is more than a single push, pop or steal.
    #[must_use]
    pub fn has_batch(&self) -> bool {
        let owner = |step: &OwnerStep| matches!(step, OwnerStep::PushBatch(_) | OwnerStep::PopBatch(_));
        self.owner.iter().any(owner) || self.thieves.iter().flatten().any(|step| step.is_batch())
    }

    /// Whether a thief sleeps until it is woken.
    #[must_use]
    pub fn has_sleeper(&self) -> bool {
        self.thieves.iter().flatten().any(|step| *step == ThiefStep::Sleep)
    }

    /// Whether anybody looks how many values there are, or whether there are any.
    #[must_use]
    pub fn counts_values(&self) -> bool {
        let owner = |step: &OwnerStep| matches!(step, OwnerStep::Len | OwnerStep::IsEmpty);
        let thief = |step: &ThiefStep| matches!(step, ThiefStep::Len | ThiefStep::IsEmpty);
        self.owner.iter().any(owner) || self.thieves.iter().flatten().any(thief)
    }

    /// How many operations run side by side.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.owner.len() + self.thieves.iter().map(Vec::len).sum::<usize>()
    }
}

impl fmt::Display for OwnerStep {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Push => formatter.write_str("+"),
            Self::Pop => formatter.write_str("-"),
            Self::PushBatch(count) => write!(formatter, "+{count}"),
            Self::PopBatch(max) => write!(formatter, "-{max}"),
            Self::Steal => formatter.write_str("s"),
            Self::Shrink => formatter.write_str("v"),
            Self::PushWasEmpty => formatter.write_str("w"),
            Self::PushIfRoom => formatter.write_str("r"),
            Self::Len => formatter.write_str("l"),
            Self::IsEmpty => formatter.write_str("e"),
            Self::Pin => formatter.write_str("p"),
        }
    }
}

impl fmt::Display for ThiefStep {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Steal => formatter.write_str("s"),
            Self::StealBatch(max) => write!(formatter, "s{max}"),
            Self::StealInto(max) => write!(formatter, "i{max}"),
            Self::StealHalf(limit) => write!(formatter, "k{limit}"),
            Self::Hold(max) => write!(formatter, "h{max}"),
            Self::Crash(max) => write!(formatter, "f{max}"),
            Self::Collect => formatter.write_str("c"),
            Self::Sleep => formatter.write_str("z"),
            Self::Len => formatter.write_str("l"),
            Self::IsEmpty => formatter.write_str("e"),
        }
    }
}

impl fmt::Display for Program {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Start { capacity, wrap, holds } = self.start;
        write!(formatter, "{}{capacity}", self.structure.name())?;
        if wrap {
            formatter.write_str("-wrap")?;
        }
        if holds != 0 {
            write!(formatter, "-holds{holds}")?;
        }
        formatter.write_str("/")?;
        self.owner.iter().try_for_each(|step| step.fmt(formatter))?;
        for (number, thief) in self.thieves.iter().enumerate() {
            formatter.write_str(if number == 0 { "/" } else { "," })?;
            thief.iter().try_for_each(|step| step.fmt(formatter))?;
        }
        if self.thieves.is_empty() {
            formatter.write_str("/")?;
        }
        match self.end {
            End::Pop => Ok(()),
            End::Steal => formatter.write_str("/fifo"),
            End::Drop => formatter.write_str("/drop"),
            End::Scatter => formatter.write_str("/scatter"),
        }
    }
}
