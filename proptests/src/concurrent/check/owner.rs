//! To its owner a deque is a stack from whose bottom values vanish.

use anyhow::{Context, Result, ensure};

use crate::concurrent::history::{Deed, History};
use crate::item::Id;

/// What the owner knows of the deque: all it put there and has not popped, oldest first. Thieves may
/// have taken some of the oldest. `None` stands for a value that it stole and never saw.
struct Stack(Vec<Option<Id>>);

impl Stack {
    fn pop(&mut self, id: Id) -> Result<()> {
        let top = self.0.pop().with_context(|| format!("popped {id:x} from an empty deque"))?;
        ensure!(top.is_none_or(|top| top == id), "popped {id:x}, and {top:x?} was the newest");
        Ok(())
    }

    fn holds_at_least(&self, count: usize) -> Result<()> {
        ensure!(count <= self.0.len(), "told of {count} values where {} could be", self.0.len());
        Ok(())
    }

    /// The deque was empty: whatever was there was stolen.
    fn vanish(&mut self) {
        self.0.clear();
    }

    /// What is left in the end is the top of the stack.
    fn ends_with(&self, left: &[Id]) -> Result<()> {
        self.holds_at_least(left.len())?;
        let top = &self.0[self.0.len() - left.len()..];
        let same = top.iter().zip(left).all(|(top, left)| top.is_none_or(|top| top == *left));
        ensure!(same, "left in the end: {left:x?}, where the newest were {top:x?}");
        Ok(())
    }
}

/// Each pop hands out the newest value; "empty" is told only when all values are gone, and then they are.
pub(super) fn sees_a_stack(history: &History, deque: usize) -> Result<()> {
    let mut stack = Stack(Vec::new());
    for event in history.owner(deque) {
        match &event.deed {
            Deed::Moved { into, count, max } if *into == deque => {
                ensure!(count <= max, "moved {count} of {max} at most");
                stack.0.extend((0..*count).map(|_| None));
            }
            _ if event.deque != deque => {}
            Deed::Pushed { ids, was_empty, .. } => {
                match was_empty {
                    Some(true) => stack.vanish(),
                    Some(false) => stack.holds_at_least(1)?,
                    None => {}
                }
                stack.0.extend(ids.iter().copied().map(Some));
            }
            Deed::Popped { ids, max } => {
                ids.iter().try_for_each(|&id| stack.pop(id))?;
                if ids.len() < *max {
                    stack.vanish();
                }
            }
            Deed::SawLength(0) | Deed::SawEmpty(true) => stack.vanish(),
            Deed::SawLength(length) => {
                stack.holds_at_least(*length)?;
                let within = history.capacities[deque].is_none_or(|capacity| *length <= capacity);
                ensure!(within, "told of {length} values, more than there are slots");
            }
            Deed::SawEmpty(false) => stack.holds_at_least(1)?,
            Deed::Moved { .. } | Deed::Stole { .. } => {}
        }
    }
    stack.ends_with(&history.left[deque])
}
