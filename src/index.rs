//! The packed word: both indexes of a ring in one `u64`. Pure arithmetic, no memory.
//!
//! Head stands in the high half, so that adding to it cannot carry into the tail: the overflow of a
//! free-running head leaves the word at its top end.

/// The two free-running indexes of a ring: the values it holds lie in `[tail, head)`.
///
/// Both wrap around at 2^32. They are compared by their distance alone, which never exceeds the
/// ring's capacity (2^30 at most), so the wrap shows nowhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Indices {
    /// Where the producer will put its next value.
    pub(crate) head: u32,
    /// Where the consumers will take their next value.
    pub(crate) tail: u32,
}

impl Indices {
    /// An empty ring whose first value will stand at `start`.
    pub(crate) const fn empty_at(start: u32) -> Self {
        Self { head: start, tail: start }
    }

    /// What to add to the packed word to move the head forward by `count` slots.
    pub(crate) const fn head_step(count: u32) -> u64 {
        (count as u64) << u32::BITS
    }

    /// Both indexes in one word.
    pub(crate) const fn pack(self) -> u64 {
        ((self.head as u64) << u32::BITS) | self.tail as u64
    }

    /// The indexes that `word` holds.
    #[expect(clippy::cast_possible_truncation, reason = "each half of the word is one index")]
    pub(crate) const fn unpack(word: u64) -> Self {
        Self { head: (word >> u32::BITS) as u32, tail: word as u32 }
    }

    /// How many values lie in `[tail, head)`.
    pub(crate) const fn len(self) -> u32 {
        self.head.wrapping_sub(self.tail)
    }

    /// Whether there are none.
    pub(crate) const fn is_empty(self) -> bool {
        self.head == self.tail
    }

    /// The indexes after `count` values were pushed at the head.
    pub(crate) const fn pushed(self, count: u32) -> Self {
        Self { head: self.head.wrapping_add(count), ..self }
    }

    /// The indexes after `count` values were popped from the head.
    pub(crate) const fn popped_at_head(self, count: u32) -> Self {
        Self { head: self.head.wrapping_sub(count), ..self }
    }

    /// The indexes after `count` values were popped from the tail.
    pub(crate) const fn popped_at_tail(self, count: u32) -> Self {
        Self { tail: self.tail.wrapping_add(count), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::Indices;

    #[test]
    fn packing_round_trips_and_keeps_head_in_the_high_half() {
        let indices = Indices { head: 0xdead_beef, tail: 0x0bad_cafe };
        assert_eq!(indices.pack(), 0xdead_beef_0bad_cafe);
        assert_eq!(Indices::unpack(indices.pack()), indices);
    }

    #[test]
    fn a_push_at_the_wrap_leaves_the_tail_alone() {
        let last = Indices { head: u32::MAX, tail: u32::MAX - 2 };
        let word = last.pack().wrapping_add(Indices::head_step(1));
        assert_eq!(Indices::unpack(word), Indices { head: 0, tail: u32::MAX - 2 });
        assert_eq!(Indices::unpack(word), last.pushed(1));
        assert_eq!(Indices::unpack(word).len(), 3);
    }

    #[test]
    fn pops_undo_pushes_at_either_end_across_the_wrap() {
        let start = Indices::empty_at(u32::MAX);
        let full = start.pushed(4);
        assert_eq!(full.len(), 4);
        assert!(full.popped_at_head(4).is_empty());
        assert_eq!(full.popped_at_head(4), start);
        assert_eq!(full.popped_at_tail(4), Indices::empty_at(3));
    }
}
