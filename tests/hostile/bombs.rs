//! Values whose destructors panic.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use crate::support::ledger::{Ledger, Noted};

/// A value whose drop is noted, and then panics if it is armed.
pub(crate) struct Bomb {
    pub(crate) value: Noted,
    armed: bool,
}

impl Bomb {
    /// The value's number; dropping the bomb does not panic any more.
    pub(crate) fn defuse(mut self) -> usize {
        self.armed = false;
        self.value.id
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        // The fields are dropped, and the drop noted, even so.
        if self.armed {
            resume_unwind(Box::new(Blast(self.value.id)));
        }
    }
}

/// What a bomb panics with. (The panic hook is passed over, for its prints would drown a failure's.)
struct Blast(usize);

/// Which of some values are armed.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Arming {
    Only(usize),
    Odd,
    All,
}

impl Arming {
    /// Every single one of `count` values, then many together.
    pub(crate) fn each(count: usize) -> impl Iterator<Item = Self> {
        (0..count).map(Self::Only).chain([Self::Odd, Self::All])
    }

    fn arms(self, id: usize) -> bool {
        match self {
            Self::Only(only) => id == only,
            Self::Odd => id % 2 == 1,
            Self::All => true,
        }
    }

    /// The bombs of all the ledger's values, in order.
    pub(crate) fn bombs(self, ledger: &Arc<Ledger>) -> impl Iterator<Item = Bomb> + use<> {
        ledger.values().map(move |value| Bomb { armed: self.arms(value.id), value })
    }

    /// The armed one that goes off first when `order` is the order of their drops.
    pub(crate) fn first_of(self, mut order: impl Iterator<Item = usize>) -> Option<usize> {
        order.find(|&id| self.arms(id))
    }
}

/// Which bomb's panic came out of `action`, if any did.
pub(crate) fn blast_from(action: impl FnOnce()) -> Option<usize> {
    let panic = catch_unwind(AssertUnwindSafe(action)).err()?;
    match panic.downcast::<Blast>() {
        Ok(blast) => Some(blast.0),
        Err(other) => resume_unwind(other),
    }
}
