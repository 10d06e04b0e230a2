//! What the threads of a program saw.

use crate::item::Id;

/// The deque on which a value was first pushed, and its place among the values first pushed there.
pub const fn identity(origin: usize, place: u64) -> Id {
    (origin as u64) << 48 | place
}

/// The deque on which it was first pushed.
pub const fn origin(id: Id) -> usize {
    (id >> 48) as usize
}

/// All that happened.
#[derive(Clone, Debug)]
pub struct History {
    /// The capacity of each deque; `None` if it is unbounded.
    pub capacities: Vec<Option<usize>>,
    /// What each thread did. The first ones own the deques, in their order.
    pub threads: Vec<Vec<Event>>,
    /// What was left in each deque when all threads had ended, oldest first.
    pub left: Vec<Vec<Id>>,
    /// Whether the stamps mean anything.
    pub timed: bool,
}

/// One call on a deque.
#[derive(Clone, Debug)]
pub struct Event {
    /// Which deque.
    pub deque: usize,
    /// What was done.
    pub deed: Deed,
    /// When the call began and when it was over, the last value of a batch dropped.
    pub span: (u64, u64),
}

/// What was done, and what came of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Deed {
    /// The owner pushed values, in that order.
    Pushed {
        /// Those that were accepted.
        ids: Vec<Id>,
        /// Whether it was told that the deque was empty before, if it asked.
        was_empty: Option<bool>,
        /// Whether there was one more that was refused.
        refused: bool,
    },
    /// The owner popped values, newest first.
    Popped {
        /// Which.
        ids: Vec<Id>,
        /// How many it asked for.
        max: usize,
    },
    /// A thief stole values, oldest first.
    Stole {
        /// Which.
        ids: Vec<Id>,
        /// How many it asked for.
        max: usize,
    },
    /// The owner of another deque, or of this one, stole values into its own.
    Moved {
        /// Whose deque they went into.
        into: usize,
        /// How many.
        count: usize,
        /// How many it asked for.
        max: usize,
    },
    /// `len` was asked.
    SawLength(usize),
    /// `is_empty` was asked.
    SawEmpty(bool),
}

impl Deed {
    /// Whether values were stolen.
    pub fn is_theft_of_something(&self) -> bool {
        match self {
            Self::Stole { ids, .. } => !ids.is_empty(),
            Self::Moved { count, .. } => *count != 0,
            _ => false,
        }
    }
}

impl History {
    /// The owner's thread of a deque, and all the events of that thread.
    pub fn owner(&self, deque: usize) -> &[Event] {
        &self.threads[deque]
    }

    /// All events of all threads, each with its thread.
    pub fn events(&self) -> impl Iterator<Item = (usize, &Event)> {
        let numbered = self.threads.iter().enumerate();
        numbered.flat_map(|(thread, events)| events.iter().map(move |event| (thread, event)))
    }

    /// How many values were pushed, on all deques together.
    pub fn values_pushed(&self) -> usize {
        let pushed = self.events().map(|(_, event)| match &event.deed {
            Deed::Pushed { ids, .. } => ids.len(),
            _ => 0,
        });
        pushed.sum()
    }

    /// Whether the values of each origin stand in this deque in the order of their first pushes,
    /// always: if its owner stole only from deques into which nothing was ever stolen.
    pub fn is_in_push_order(&self, deque: usize) -> bool {
        self.sources_of(deque).all(|source| source != deque && self.sources_of(source).next().is_none())
    }

    fn sources_of(&self, deque: usize) -> impl Iterator<Item = usize> {
        self.owner(deque)
            .iter()
            .filter(move |event| matches!(event.deed, Deed::Moved { into, .. } if into == deque))
            .map(|event| event.deque)
    }
}
