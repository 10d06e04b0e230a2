//! The shape of a ring.

use super::{Place, Shape, Shown, Target};

/// One ring: where its indexes stand, and which slots thieves have not emptied yet.
#[derive(Debug)]
pub struct RingShape {
    head: u32,
    tail: u32,
    /// By slot: claimed by a thief and not yet released.
    held: Vec<bool>,
}

impl RingShape {
    /// An empty ring whose indexes both stand at `start`.
    pub fn new(capacity: usize, start: u32) -> Self {
        Self { head: start, tail: start, held: vec![false; capacity] }
    }

    pub(super) fn capacity(&self) -> usize {
        self.held.len()
    }

    pub(super) fn len(&self) -> usize {
        self.head.wrapping_sub(self.tail) as usize
    }

    pub(super) fn steal_indexes(&mut self, max: usize) -> Vec<u32> {
        let stolen: Vec<u32> =
            (0u32..).map(|step| self.tail.wrapping_add(step)).take(self.len().min(max)).collect();
        for &index in &stolen {
            *self.held_mut(index) = true;
            self.tail = index.wrapping_add(1);
        }
        stolen
    }

    pub(super) fn release_index(&mut self, index: u32) {
        *self.held_mut(index) = false;
    }

    fn slot(&self, index: u32) -> usize {
        index as usize % self.capacity()
    }

    fn held_mut(&mut self, index: u32) -> &mut bool {
        let slot = self.slot(index);
        &mut self.held[slot]
    }
}

impl Shape for RingShape {
    fn target(&self) -> Option<Target> {
        (self.room(1) == 1).then_some(Target::HeadRing)
    }

    fn push_at(&mut self, _target: Target) {
        self.head = self.head.wrapping_add(1);
    }

    fn room(&self, max: usize) -> usize {
        (0u32..)
            .map(|step| self.slot(self.head.wrapping_add(step)))
            .take(max.min(self.capacity() - self.len()))
            .take_while(|&slot| !self.held[slot])
            .count()
    }

    fn pop(&mut self, count: usize) {
        self.head = (0..count).fold(self.head, |head, _| head.wrapping_sub(1));
    }

    fn steal(&mut self, max: usize) -> Vec<Place> {
        self.steal_indexes(max).into_iter().map(|index| Place { ring: 0, index }).collect()
    }

    fn release(&mut self, place: Place) {
        self.release_index(place.index);
    }

    fn shrink_to(&mut self, _capacity: usize) {
        unreachable!("a lone ring never shrinks");
    }

    fn shown(&self) -> Shown {
        Shown::Ring { head: self.head, tail: self.tail, capacity: self.capacity() }
    }
}
