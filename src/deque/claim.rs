//! Slots that one compare-and-swap has claimed.

/// A run of slots that one compare-and-swap has claimed and whose values are not yet taken.
#[derive(Clone, Copy)]
pub(crate) struct Claim {
    /// The index nearest the tail.
    oldest: u32,
    /// The index after the one nearest the head.
    end: u32,
}

impl Claim {
    /// The `len` slots starting at index `oldest`.
    #[inline(always)]
    pub(crate) const fn new(oldest: u32, len: u32) -> Self {
        Self { oldest, end: oldest.wrapping_add(len) }
    }

    /// No slots at all.
    pub(crate) const fn none() -> Self {
        Self::new(0, 0)
    }

    /// The index nearest the tail: for a claim of one slot, its index.
    #[inline(always)]
    pub(crate) const fn oldest(self) -> u32 {
        self.oldest
    }

    /// The number of values left to take.
    #[inline(always)]
    pub(crate) const fn len(self) -> usize {
        self.end.wrapping_sub(self.oldest) as usize
    }

    /// The next index, from the tail's side.
    #[inline(always)]
    pub(crate) fn next_oldest(&mut self) -> Option<u32> {
        let index = self.oldest;
        (index != self.end).then(|| {
            self.oldest = index.wrapping_add(1);
            index
        })
    }

    /// The next index, from the head's side.
    #[inline(always)]
    pub(crate) fn next_newest(&mut self) -> Option<u32> {
        (self.oldest != self.end).then(|| {
            self.end = self.end.wrapping_sub(1);
            self.end
        })
    }
}

/// `max`, limited to what a single claim can request.
#[inline(always)]
pub(crate) fn claimable(max: usize) -> u32 {
    u32::try_from(max).unwrap_or(u32::MAX)
}
