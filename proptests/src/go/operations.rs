//! Push at the head, pop at the head, pop at the tail.

use crate::item::{Id, Item};
use crate::oracle::{Oracle, Shape, Shown};

/// One call and what came of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operation {
    /// `pushHead`
    Push {
        /// The value.
        value: Id,
        /// Whether there was room for it.
        accepted: bool,
    },
    /// `popHead`, and the value, if there was one.
    PopHead(Option<Id>),
    /// `popTail`, and the value, if there was one.
    PopTail(Option<Id>),
}

/// A deque in which values of type `V` stand for elements.
pub trait ThreeOperations<V> {
    /// Adds a value as the newest.
    ///
    /// # Errors
    ///
    /// The value, if it was refused.
    fn push_head(&mut self, value: V) -> Result<(), V>;
    /// Removes the newest value.
    fn pop_head(&mut self) -> Option<V>;
    /// Removes the oldest value.
    fn pop_tail(&mut self) -> Option<V>;
    /// The indexes or the rings.
    fn shown(&self) -> Shown;
    /// How many values there are, and whether there are none, each as the deque tells it.
    fn fill(&self) -> (usize, bool);
}

/// A value that stands for an element.
pub trait Named {
    /// The one of that identity.
    fn of(id: Id) -> Self;
    /// Its identity.
    fn name(&self) -> Id;
}

impl Named for Item {
    fn of(id: Id) -> Self {
        Self::new(id)
    }
    fn name(&self) -> Id {
        self.id()
    }
}

impl Named for Id {
    fn of(id: Id) -> Self {
        id
    }
    fn name(&self) -> Id {
        *self
    }
}

impl Operation {
    /// Makes the same call on `subject` and tells what came of it there: a refused value is the one that
    /// was handed back.
    pub fn perform<V: Named>(self, subject: &mut impl ThreeOperations<V>) -> Self {
        let named = |value: V| value.name();
        match self {
            Self::Push { value, .. } => match subject.push_head(V::of(value)) {
                Ok(()) => Self::Push { value, accepted: true },
                Err(refused) => Self::Push { value: refused.name(), accepted: false },
            },
            Self::PopHead(_) => Self::PopHead(subject.pop_head().map(named)),
            Self::PopTail(_) => Self::PopTail(subject.pop_tail().map(named)),
        }
    }

    /// Who is dropped by a caller who keeps nothing that is handed out.
    pub fn drops(self) -> Option<Id> {
        match self {
            Self::Push { accepted: true, .. } => None,
            Self::Push { value, accepted: false } => Some(value),
            Self::PopHead(popped) | Self::PopTail(popped) => popped,
        }
    }

    /// What kind of call it was and what came of it, in words.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Push { accepted: true, .. } => "push-accepted",
            Self::Push { accepted: false, .. } => "push-refused",
            Self::PopHead(Some(_)) => "pop_head-of-a-value",
            Self::PopHead(None) => "pop_head-of-nothing",
            Self::PopTail(Some(_)) => "pop_tail-of-a-value",
            Self::PopTail(None) => "pop_tail-of-nothing",
        }
    }
}

impl<S: Shape, V> ThreeOperations<V> for Oracle<S, V> {
    fn push_head(&mut self, value: V) -> Result<(), V> {
        self.push(value)
    }
    fn pop_head(&mut self) -> Option<V> {
        self.pop(1).pop()
    }
    fn pop_tail(&mut self) -> Option<V> {
        let (value, place) = self.steal(1).pop()?;
        self.release(place);
        Some(value)
    }
    fn shown(&self) -> Shown {
        Oracle::shown(self)
    }
    fn fill(&self) -> (usize, bool) {
        (self.len(), self.is_empty())
    }
}
