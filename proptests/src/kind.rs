//! The two kinds of handles under one roof, so that a program is written once for both.

use std::fmt::Debug;

use pooldeque::{Batch, Full, bounded, unbounded};

use crate::item::Item;
use crate::oracle::{ChainShape, RingShape, Shape, Shown};

/// A kind of deque: bounded or unbounded.
pub trait Kind: Debug + 'static {
    /// Its owner's handle.
    type Worker: Owner;
    /// Its thieves' handle.
    type Stealer: Thief<Worker = Self::Worker>;
    /// Its oracle's shape.
    type Shape: Shape;

    /// Whether a push may be refused.
    const BOUNDED: bool;

    /// A deque of `capacity` slots, or one whose first ring has as many.
    fn deque(capacity: usize) -> (Self::Worker, Self::Stealer);

    /// The shape of such a deque.
    fn shape(capacity: usize) -> Self::Shape;

    /// Another thief's handle, from the owner.
    fn stealer(worker: &Self::Worker) -> Self::Stealer;

    /// What a handle tells of the deque's inside when it is debug-printed.
    fn shown(handle: &impl Debug) -> Shown;
}

/// What every worker can do.
pub trait Owner: Send + Debug {
    /// `push`
    ///
    /// # Errors
    ///
    /// The value, when there is no room for it.
    fn push(&mut self, item: Item) -> Result<(), Full<Item>>;
    /// `push_was_empty`
    ///
    /// # Errors
    ///
    /// The value, when there is no room for it.
    fn push_was_empty(&mut self, item: Item) -> Result<bool, Full<Item>>;
    /// `push_batch`
    fn push_batch(&mut self, items: &mut impl Iterator<Item = Item>) -> usize;
    /// `pop`
    fn pop(&mut self) -> Option<Item>;
    /// `pop_batch`
    fn pop_batch(&mut self, max: usize) -> Batch<'_, Item>;
    /// `shrink_to`, where there is one.
    fn shrink_to(&mut self, capacity: usize);
    /// `len`
    fn len(&self) -> usize;
    /// `is_empty`
    fn is_empty(&self) -> bool;
    /// `capacity`, where there is one.
    fn capacity(&self) -> Option<usize>;
}

/// What every stealer can do.
pub trait Thief: Clone + Send + Sync + Debug {
    /// The worker it can steal for.
    type Worker;
    /// `steal`
    fn steal(&self) -> Option<Item>;
    /// `steal_batch`
    fn steal_batch(&self, max: usize) -> Batch<'_, Item>;
    /// `steal_into`
    fn steal_into(&self, dest: &Self::Worker, max: usize) -> usize;
    /// `len`
    fn len(&self) -> usize;
    /// `is_empty`
    fn is_empty(&self) -> bool;
    /// `capacity`, where there is one.
    fn capacity(&self) -> Option<usize>;
}

/// `pooldeque::bounded`
#[derive(Debug)]
pub struct Bounded;

/// `pooldeque::unbounded`
#[derive(Debug)]
pub struct Unbounded;

impl Kind for Bounded {
    type Worker = bounded::Worker<Item>;
    type Stealer = bounded::Stealer<Item>;
    type Shape = RingShape;

    const BOUNDED: bool = true;

    fn deque(capacity: usize) -> (Self::Worker, Self::Stealer) {
        pooldeque::bounded(capacity)
    }

    fn shape(capacity: usize) -> RingShape {
        RingShape::new(capacity, 0)
    }

    fn stealer(worker: &Self::Worker) -> Self::Stealer {
        worker.stealer()
    }

    fn shown(handle: &impl Debug) -> Shown {
        let index = |number| u32::try_from(number).expect("an index has 32 bits");
        match numbers_in(handle)[..] {
            [head, tail, capacity] => Shown::Ring { head: index(head), tail: index(tail), capacity },
            _ => panic!("a ring shows its head, tail and capacity, not {handle:?}"),
        }
    }
}

impl Kind for Unbounded {
    type Worker = unbounded::Worker<Item>;
    type Stealer = unbounded::Stealer<Item>;
    type Shape = ChainShape;

    const BOUNDED: bool = false;

    fn deque(capacity: usize) -> (Self::Worker, Self::Stealer) {
        match capacity {
            8 => pooldeque::unbounded(),
            _ => unbounded::with_capacity(capacity),
        }
    }

    fn shape(capacity: usize) -> ChainShape {
        ChainShape::new(capacity)
    }

    fn stealer(worker: &Self::Worker) -> Self::Stealer {
        worker.stealer()
    }

    fn shown(handle: &impl Debug) -> Shown {
        let numbers = numbers_in(handle);
        let (pairs, rest) = numbers.as_chunks();
        assert!(rest.is_empty(), "a chain shows capacities and lengths, not {handle:?}");
        Shown::Chain(pairs.iter().map(|&[capacity, length]| (capacity, length)).collect())
    }
}

fn numbers_in(handle: &impl Debug) -> Vec<usize> {
    let text = format!("{handle:?}");
    text.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

/// Passes the methods on that the handles of both modules have alike; the others are given.
macro_rules! pass_on {
    ($module:ident, worker: { $($worker:tt)* }, stealer: { $($stealer:tt)* }) => {
        impl Owner for $module::Worker<Item> {
            fn push_batch(&mut self, items: &mut impl Iterator<Item = Item>) -> usize {
                self.push_batch(items)
            }
            fn pop(&mut self) -> Option<Item> {
                Self::pop(self)
            }
            fn pop_batch(&mut self, max: usize) -> Batch<'_, Item> {
                self.pop_batch(max)
            }
            fn len(&self) -> usize {
                self.len()
            }
            fn is_empty(&self) -> bool {
                self.is_empty()
            }
            $($worker)*
        }

        impl Thief for $module::Stealer<Item> {
            type Worker = $module::Worker<Item>;

            fn steal(&self) -> Option<Item> {
                self.steal()
            }
            fn steal_batch(&self, max: usize) -> Batch<'_, Item> {
                self.steal_batch(max)
            }
            fn steal_into(&self, dest: &Self::Worker, max: usize) -> usize {
                self.steal_into(dest, max)
            }
            fn len(&self) -> usize {
                self.len()
            }
            fn is_empty(&self) -> bool {
                self.is_empty()
            }
            $($stealer)*
        }
    };
}

pass_on! {
    bounded,
    worker: {
        fn push(&mut self, item: Item) -> Result<(), Full<Item>> {
            Self::push(self, item)
        }
        fn push_was_empty(&mut self, item: Item) -> Result<bool, Full<Item>> {
            Self::push_was_empty(self, item)
        }
        fn shrink_to(&mut self, _capacity: usize) {
            unreachable!("a bounded deque keeps its ring");
        }
        fn capacity(&self) -> Option<usize> {
            Some(self.capacity())
        }
    },
    stealer: {
        fn capacity(&self) -> Option<usize> {
            Some(self.capacity())
        }
    }
}

pass_on! {
    unbounded,
    worker: {
        fn push(&mut self, item: Item) -> Result<(), Full<Item>> {
            Self::push(self, item);
            Ok(())
        }
        fn push_was_empty(&mut self, item: Item) -> Result<bool, Full<Item>> {
            Ok(Self::push_was_empty(self, item))
        }
        fn shrink_to(&mut self, capacity: usize) {
            Self::shrink_to(self, capacity);
        }
        fn capacity(&self) -> Option<usize> {
            None
        }
    },
    stealer: {
        fn capacity(&self) -> Option<usize> {
            None
        }
    }
}
