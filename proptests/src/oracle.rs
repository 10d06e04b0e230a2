//! What the deques must do: a `VecDeque` says which values, a shape says which rings and slots.

use std::collections::VecDeque;

pub mod chain;
pub mod ring;
mod shape;

pub use chain::ChainShape;
pub use ring::RingShape;
pub use shape::{Place, Shape, Shown, Target};

/// A deque without concurrency, memory or cleverness: its values, oldest first, and its shape.
#[derive(Debug)]
pub struct Oracle<S, V> {
    values: VecDeque<V>,
    shape: S,
}

impl<S: Shape, V> Oracle<S, V> {
    /// An empty deque of that shape.
    pub fn new(shape: S) -> Self {
        Self { values: VecDeque::new(), shape }
    }

    /// How many values it holds.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The values, oldest first.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.values.iter()
    }

    /// Its indexes or rings.
    pub fn shown(&self) -> Shown {
        self.shape.shown()
    }

    /// Where a push would put its value now, unless it would be refused.
    pub fn target(&self) -> Option<Target> {
        self.shape.target()
    }

    /// Adds a value where [`target`](Self::target) said.
    pub fn push_at(&mut self, target: Target, value: V) {
        self.shape.push_at(target);
        self.values.push_back(value);
    }

    /// Adds a value as the newest.
    ///
    /// # Errors
    ///
    /// The value, if there is no room for it.
    pub fn push(&mut self, value: V) -> Result<(), V> {
        match self.target() {
            Some(target) => {
                self.push_at(target, value);
                Ok(())
            }
            None => Err(value),
        }
    }

    /// How many values, `max` at most, would not be refused.
    pub fn room(&self, max: usize) -> usize {
        self.shape.room(max)
    }

    /// Removes the newest values, newest first.
    pub fn pop(&mut self, max: usize) -> Vec<V> {
        let count = max.min(self.values.len());
        self.shape.pop(count);
        (0..count).filter_map(|_| self.values.pop_back()).collect()
    }

    /// Removes the oldest values, oldest first. Each one's slot stays held until it is released.
    pub fn steal(&mut self, max: usize) -> Vec<(V, Place)> {
        let places = self.shape.steal(max);
        self.values.drain(..places.len()).zip(places).collect()
    }

    /// A thief has taken the value out that it stole there.
    pub fn release(&mut self, place: Place) {
        self.shape.release(place);
    }

    /// Sends pushes to a ring of `capacity` slots if they would go to a larger one.
    pub fn shrink_to(&mut self, capacity: usize) {
        self.shape.shrink_to(capacity);
    }
}
