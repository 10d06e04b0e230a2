//! The packed word: both indexes of a ring in one `u64`. Pure arithmetic, no memory.
//!
//! The head is in the high half, so that adding to it cannot carry into the tail: the overflow of a
//! free-running head leaves the word at its top end.

/// The two free-running indexes of a ring: its values are in `[tail, head)`.
///
/// Both wrap around at 2^32. They are compared only by their distance, which never exceeds the
/// ring's capacity (at most 2^30), so the wrap has no effect.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Indices(u64);

impl Indices {
    /// An empty ring whose first value goes to index `start`.
    pub(crate) const fn empty_at(start: u32) -> Self {
        Self::of(start, start)
    }

    /// The indexes `head` and `tail`.
    // docs: packed word
    pub(crate) const fn of(head: u32, tail: u32) -> Self {
        Self((head as u64) << u32::BITS | tail as u64)
    }
    // docs: end

    /// The indexes packed in `word`.
    #[inline(always)]
    pub(crate) const fn unpack(word: u64) -> Self {
        Self(word)
    }

    /// Both indexes in one word.
    #[inline(always)]
    pub(crate) const fn pack(self) -> u64 {
        self.0
    }

    /// The increment of the packed word that moves the head forward by `count` slots.
    #[inline(always)]
    pub(crate) const fn head_step(count: u32) -> u64 {
        (count as u64) << u32::BITS
    }

    /// Where the producer puts its next value.
    #[inline(always)]
    pub(crate) const fn head(self) -> u32 {
        (self.0 >> u32::BITS) as u32
    }

    /// Where the consumers take their next value.
    #[inline(always)]
    #[expect(clippy::cast_possible_truncation, reason = "the low half of the word is the tail")]
    pub(crate) const fn tail(self) -> u32 {
        self.0 as u32
    }

    /// The number of values in `[tail, head)`.
    #[inline(always)]
    pub(crate) const fn len(self) -> u32 {
        self.head().wrapping_sub(self.tail())
    }

    /// Whether there are no values.
    #[inline(always)]
    pub(crate) const fn is_empty(self) -> bool {
        self.head() == self.tail()
    }

    /// The indexes after `count` values were pushed at the head.
    #[inline(always)]
    pub(crate) const fn pushed(self, count: u32) -> Self {
        Self(self.0.wrapping_add(Self::head_step(count)))
    }

    /// The indexes after `count` values were popped from the head.
    #[inline(always)]
    pub(crate) const fn popped_at_head(self, count: u32) -> Self {
        Self(self.0.wrapping_sub(Self::head_step(count)))
    }

    /// The indexes after `count` values were popped from the tail.
    #[inline(always)]
    pub(crate) const fn popped_at_tail(self, count: u32) -> Self {
        Self::of(self.head(), self.tail().wrapping_add(count))
    }
}

#[cfg(test)]
mod tests {
    use super::Indices;

    #[test]
    fn head_stands_in_the_high_half() {
        let indices = Indices::of(0xdead_beef, 0x0bad_cafe);
        assert_eq!(indices.pack(), 0xdead_beef_0bad_cafe);
        assert_eq!((indices.head(), indices.tail()), (0xdead_beef, 0x0bad_cafe));
        assert_eq!(Indices::unpack(indices.pack()), indices);
    }

    #[test]
    fn a_push_at_the_wrap_leaves_the_tail_alone() {
        let last = Indices::of(u32::MAX, u32::MAX - 2);
        let word = last.pack().wrapping_add(Indices::head_step(1));
        assert_eq!(Indices::unpack(word), Indices::of(0, u32::MAX - 2));
        assert_eq!(Indices::unpack(word), last.pushed(1));
        assert_eq!(Indices::unpack(word).len(), 3);
    }

    #[test]
    fn a_pop_from_the_tail_at_the_wrap_leaves_the_head_alone() {
        assert_eq!(Indices::of(5, u32::MAX).popped_at_tail(2), Indices::of(5, 1));
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
