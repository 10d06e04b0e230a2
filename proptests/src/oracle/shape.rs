//! What can be seen of a deque besides its values.

/// Where a push puts its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// The ring that took the last push.
    HeadRing,
    /// A ring that is made for it.
    NewRing,
}

/// A slot that a thief holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// Which of the deque's rings, counted from the first it ever made.
    pub(crate) ring: usize,
    /// The index in that ring.
    pub(crate) index: u32,
}

/// What a deque shows of its inside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shown {
    /// A ring.
    Ring {
        /// Where the next value goes.
        head: u32,
        /// Where the oldest value lies.
        tail: u32,
        /// How many slots there are.
        capacity: usize,
    },
    /// A chain: the capacity and length of each ring, oldest ring first.
    Chain(Vec<(usize, usize)>),
}

impl Shown {
    /// What a ring would show that had started at index `start` in place of 0.
    #[must_use]
    pub fn started_at(self, start: u32) -> Self {
        match self {
            Self::Ring { head, tail, capacity } => {
                Self::Ring { head: head.wrapping_add(start), tail: tail.wrapping_add(start), capacity }
            }
            chain @ Self::Chain(_) => chain,
        }
    }

    /// What happened worth telling since it showed `before`.
    pub fn change_since(&self, before: &Self) -> Option<&'static str> {
        match (before, self) {
            (Self::Ring { head: u32::MAX, .. }, Self::Ring { head: 0, .. }) => Some("wrap-of-the-head"),
            (Self::Chain(before), Self::Chain(after)) if after.len() > before.len() => Some("growth"),
            (Self::Chain(before), Self::Chain(after)) if after.len() < before.len() => Some("unlinking"),
            _ => None,
        }
    }
}

/// The slots of a deque: how many are filled, held by thieves, free.
pub trait Shape {
    /// Where a push would go now; `None` if it would be refused.
    fn target(&self) -> Option<Target>;

    /// A value was pushed there.
    fn push_at(&mut self, target: Target);

    /// How many pushes in a row, `max` at most, would be accepted now.
    fn room(&self, max: usize) -> usize;

    /// The `count` newest values were popped; no more than there are.
    fn pop(&mut self, count: usize);

    /// The oldest values were stolen, `max` at most, and their slots are held from now on.
    fn steal(&mut self, max: usize) -> Vec<Place>;

    /// A held slot is free again.
    fn release(&mut self, place: Place);

    /// Pushes go to a ring of `capacity` slots from now on, if they would go to a larger one.
    fn shrink_to(&mut self, capacity: usize);

    /// What there is to see.
    fn shown(&self) -> Shown;
}
