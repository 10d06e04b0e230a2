//! The shape of a chain.

use std::collections::VecDeque;

use super::{Place, RingShape, Shape, Shown, Target};

/// Rings, oldest first. A ring that is found empty and has a successor is gone for good.
#[derive(Debug)]
pub struct ChainShape {
    rings: VecDeque<RingShape>,
    /// How many rings are gone; the oldest ring's place among all that ever were.
    gone: usize,
    first_capacity: usize,
}

impl ChainShape {
    /// No rings yet; the first one will have `first_capacity` slots.
    pub fn new(first_capacity: usize) -> Self {
        Self { rings: VecDeque::new(), gone: 0, first_capacity }
    }

    /// A thief that finds the oldest ring empty passes on to the next for ever.
    fn unlink_drained(&mut self) {
        while self.rings.len() > 1 && self.rings[0].len() == 0 {
            self.rings.pop_front();
            self.gone += 1;
        }
    }
}

impl Shape for ChainShape {
    fn target(&self) -> Option<Target> {
        let head_ring = self.rings.back().and_then(RingShape::target);
        Some(head_ring.unwrap_or(Target::NewRing))
    }

    fn push_at(&mut self, target: Target) {
        if target == Target::NewRing {
            let capacity = self.rings.back().map_or(self.first_capacity, |head| head.capacity() * 2);
            self.rings.push_back(RingShape::new(capacity, 0));
        }
        if let Some(head) = self.rings.back_mut() {
            head.push_at(Target::HeadRing);
        }
    }

    fn room(&self, max: usize) -> usize {
        max
    }

    fn pop(&mut self, mut count: usize) {
        for ring in self.rings.iter_mut().rev() {
            let here = count.min(ring.len());
            ring.pop(here);
            count -= here;
        }
    }

    fn steal(&mut self, max: usize) -> Vec<Place> {
        let mut places = Vec::new();
        while places.len() < max {
            self.unlink_drained();
            let Some(oldest) = self.rings.front_mut() else { break };
            let stolen = oldest.steal_indexes(max - places.len());
            if stolen.is_empty() {
                break;
            }
            places.extend(stolen.into_iter().map(|index| Place { ring: self.gone, index }));
        }
        places
    }

    fn release(&mut self, place: Place) {
        // Slots of a ring that is gone are nobody's.
        if let Some(ring) = place.ring.checked_sub(self.gone) {
            self.rings[ring].release_index(place.index);
        }
    }

    fn shrink_to(&mut self, capacity: usize) {
        if self.rings.back().is_some_and(|head| head.capacity() > capacity) {
            self.rings.push_back(RingShape::new(capacity, 0));
        }
        self.unlink_drained();
    }

    fn shown(&self) -> Shown {
        Shown::Chain(self.rings.iter().map(|ring| (ring.capacity(), ring.len())).collect())
    }
}
