//! What a program needs of a deque: Go's three operations, and the batches.
//!
//! A deque without batches of its own has them one by one.

use crate::token::Token;

/// The producer's end.
pub trait Owner: Send + 'static {
    /// Adds a value as the newest, or gives it back if there is no room.
    ///
    /// # Errors
    ///
    /// The value, if the deque refuses it.
    fn push(&mut self, value: Token) -> Result<(), Token>;

    /// Removes the newest value.
    fn pop(&mut self) -> Option<Token>;

    /// Adds a value and returns whether the deque was empty, or gives the value back if there is no room.
    ///
    /// # Errors
    ///
    /// The value, if the deque refuses it.
    fn push_was_empty(&mut self, _value: Token) -> Result<bool, Token> {
        unreachable!("no program calls this")
    }

    /// Adds a value if the deque says that it has room, or gives it back.
    ///
    /// # Errors
    ///
    /// The value, if there was no room.
    fn push_if_room(&mut self, _value: Token) -> Result<(), Token> {
        unreachable!("no program calls this")
    }

    /// How many values there are.
    fn len(&self) -> usize {
        unreachable!("no program calls this")
    }

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        unreachable!("no program calls this")
    }

    /// Adds values while there is room. Returns how many.
    fn push_batch(&mut self, values: &mut dyn Iterator<Item = Token>) -> usize {
        values.map_while(|value| self.push(value).ok()).count()
    }

    /// Removes the newest values, `max` at most, newest first.
    fn pop_batch(&mut self, max: usize) -> Vec<Token> {
        (0..max).map_while(|_| self.pop()).collect()
    }

    /// Shrinks to a ring of one slot, where a deque can.
    fn shrink(&mut self) {}
}

/// A consumer's end.
pub trait Thief: Clone + Send + 'static {
    /// The deque that [`steal_into`](Self::steal_into) fills, and that hands out thieves.
    type Own: Owner;

    /// Another thief of `owner`'s deque, from where such thieves come; `other` is one.
    #[must_use]
    fn of(_owner: &Self::Own, other: &Self) -> Self {
        other.clone()
    }

    /// Removes the oldest value.
    fn steal(&self) -> Option<Token>;

    /// How many values there are.
    fn len(&self) -> usize {
        unreachable!("no program calls this")
    }

    /// Whether there are none.
    fn is_empty(&self) -> bool {
        unreachable!("no program calls this")
    }

    /// Claims the oldest values, `max` at most, calls `meanwhile` while it holds the claim, and then
    /// takes them out, oldest first.
    fn steal_batch(&self, max: usize, meanwhile: &mut dyn FnMut()) -> Vec<Token> {
        let stolen = (0..max).map_while(|_| self.steal()).collect();
        meanwhile();
        stolen
    }

    /// Moves the oldest values, `max` at most, to `own`. Returns how many.
    fn steal_into(&self, own: &mut Self::Own, max: usize) -> usize {
        own.push_batch(&mut self.steal_batch(max, &mut || ()).into_iter())
    }

    /// Moves half of the values, the older ones, to `own`, `limit` at most; but returns the oldest.
    fn steal_half_into(&self, _own: &mut Self::Own, _limit: usize) -> Option<Token> {
        unreachable!("no program calls this")
    }

    /// Claims the oldest values, `max` at most, calls `crashed` with how many, and never takes them out.
    ///
    /// `crashed` returns when the test is over. Then only what must be given back is.
    fn crash_with_batch(&self, max: usize, crashed: &mut dyn FnMut(usize)) {
        let stolen = self.steal_batch(max, &mut || ());
        crashed(stolen.len());
        stolen.into_iter().for_each(std::mem::forget);
    }
}

/// A kind of deque, and what its results promise.
pub trait Deque: 'static {
    /// The producer's end.
    type Owner: Owner;
    /// A consumer's end.
    type Thief: Thief<Own = Self::Owner>;

    /// Whether a batch is claimed and published in one step, and is as large as it can be. Otherwise
    /// it is as if made of single operations.
    const BATCHES_ARE_ATOMIC: bool;

    /// A new deque: of `capacity` slots, or whose first ring has as many. Its first value goes to
    /// index `start`, if it can choose.
    fn make(capacity: usize, start: u32) -> (Self::Owner, Self::Thief);
}
