//! Elements that know who they are and report their end.

use std::cell::{Cell, RefCell};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// Who an element is.
pub type Id = u64;

/// More than any one call may drop.
const MOST_DROPS: usize = 1 << 22;

/// Reported in place of an identity by memory that never held an element.
pub const INVENTED: Id = Id::MAX;

thread_local! {
    static ERA: Cell<Era> = const { Cell::new(Era(0)) };
    static ENDED: RefCell<Vec<Id>> = const { RefCell::new(Vec::new()) };
}

/// The run of one program. What an element of another one does is not noted: a program that failed
/// may leave values behind that end during the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Era(u32);

impl Era {
    /// A new program begins, with this thread in it.
    pub fn begin() -> Self {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let era = Self(LAST.fetch_add(1, Ordering::Relaxed).wrapping_add(1));
        era.join();
        era
    }

    /// This thread takes part in the program.
    pub fn join(self) {
        ERA.set(self);
        ENDED.take();
    }
}

/// An element. Its end is noted on the thread on which it is dropped.
///
/// It owns no memory and points nowhere: a deque that hands out one twice, or hands out memory it
/// never filled, makes a test fail rather than the process.
#[derive(Debug)]
pub struct Item {
    id: Id,
    era: Era,
    seal: u64,
}

impl Item {
    /// The element of that identity; nobody makes a second one in the same program.
    pub fn new(id: Id) -> Self {
        let era = ERA.get();
        Self { id, era, seal: seal(id, era) }
    }

    /// Who it is.
    pub fn id(&self) -> Id {
        if self.is_sealed() { self.id } else { INVENTED }
    }

    fn is_sealed(&self) -> bool {
        self.seal == seal(self.id, self.era)
    }
}

impl Drop for Item {
    fn drop(&mut self) {
        if self.era == ERA.get() || !self.is_sealed() {
            ENDED.with_borrow_mut(|ended| {
                ended.push(self.id());
                if ended.len() > MOST_DROPS {
                    // Its indexes are broken, and it may well go on for four thousand million values.
                    eprintln!("some deque drops values without end");
                    process::abort();
                }
            });
        }
    }
}

fn seal(id: Id, Era(era): Era) -> u64 {
    (id ^ u64::from(era) << 32).rotate_left(29) ^ 0x9e37_79b9_7f4a_7c15
}

/// Who was dropped on this thread since the last call, in that order.
pub fn ended() -> Vec<Id> {
    ENDED.take()
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::{Era, INVENTED, Item, ended};

    #[test]
    fn drops_are_reported_in_their_order_and_once() {
        Era::begin();
        drop(Item::new(7));
        drop(Item::new(3));
        assert_eq!(ended(), [7, 3]);
        assert_eq!(ended(), []);
    }

    #[test]
    fn drops_are_reported_where_they_happen() {
        let era = Era::begin();
        let (first, second) = (Item::new(1), Item::new(2));
        let elsewhere = thread::spawn(move || {
            era.join();
            drop(second);
            ended()
        });
        drop(first);
        assert_eq!(elsewhere.join().expect("no panic"), [2]);
        assert_eq!(ended(), [1]);
    }

    #[test]
    fn what_an_earlier_program_left_behind_is_not_reported() {
        Era::begin();
        let left = Item::new(1);
        Era::begin();
        drop(left);
        assert_eq!(ended(), []);
    }

    #[test]
    fn memory_that_never_held_an_element_is_told_from_one() {
        let era = Era::begin();
        let unfilled = Item { id: 0, era, seal: 0 };
        assert_eq!(unfilled.id(), INVENTED);
        drop(unfilled);
        assert_eq!(ended(), [INVENTED]);
    }
}
