//! A chain with a place for a defect.
//!
//! The rings lie in an arena and are linked by number; a freed one stays there, marked, and panics
//! when it is touched.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::sync::atomic::{self, Ordering::AcqRel, Ordering::Acquire, Ordering::Relaxed, Ordering::Release};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::ring::Ring;
use super::{Broken, Defect};
use crate::deque::{Deque, Owner, Thief};
use crate::runtime::AtomicU64;
use crate::token::Token;

/// A chain that has the defect `B`.
#[derive(Debug)]
pub struct ChainDouble<B>(PhantomData<B>);

/// The link that leads nowhere; others are a ring's place in the arena and one.
const NOWHERE: u64 = 0;

#[derive(Debug)]
struct Link<B> {
    ring: Ring<B>,
    next: AtomicU64,
    prev: AtomicU64,
    freed: atomic::AtomicBool,
}

#[derive(Debug)]
struct Chain<B> {
    arena: Mutex<Vec<Arc<Link<B>>>>,
    head: Mutex<u64>,
    tail: AtomicU64,
    first_capacity: usize,
    ledger: Mutex<GuardLedger>,
    /// Guards taken after a retirement see what came before it.
    retirements: AtomicU64,
}

/// Who holds a guard, and which rings wait for whom.
#[derive(Debug, Default)]
struct GuardLedger {
    next_ticket: u64,
    held: BTreeSet<u64>,
    retired: Vec<(u64, BTreeSet<u64>)>,
}

/// Keeps every ring that was not retired when it was taken.
struct Guard<'a, B: Broken> {
    chain: &'a Chain<B>,
    ticket: u64,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<B: Broken> Chain<B> {
    fn new(first_capacity: usize) -> Self {
        Self {
            arena: Mutex::default(),
            head: Mutex::new(NOWHERE),
            tail: AtomicU64::new(NOWHERE),
            first_capacity,
            ledger: Mutex::default(),
            retirements: AtomicU64::new(0),
        }
    }

    fn at(&self, link: u64) -> Arc<Link<B>> {
        let place = usize::try_from(link - 1).expect("few rings are made");
        let ring = Arc::clone(&lock(&self.arena)[place]);
        assert!(!ring.freed.load(Relaxed), "a ring was touched after it was freed");
        ring
    }

    /// Fails if the ring was freed since it was found.
    fn still_there(link: &Link<B>) {
        assert!(!link.freed.load(Relaxed), "a ring was freed under somebody's eyes");
    }

    fn pin(&self) -> Guard<'_, B> {
        self.retirements.fetch_add(0, Acquire);
        let mut ledger = lock(&self.ledger);
        ledger.next_ticket += 1;
        let ticket = ledger.next_ticket;
        if !B::has(Defect::NoGuard) {
            ledger.held.insert(ticket);
        }
        Guard { chain: self, ticket }
    }

    fn push(&self, value: Token) {
        let head = *lock(&self.head);
        let value = match head {
            NOWHERE => value,
            head => match self.at(head).ring.push(value) {
                Ok(()) => return,
                Err(value) => value,
            },
        };
        let capacity = if head == NOWHERE { self.first_capacity } else { self.at(head).ring.capacity() * 2 };
        let ring = Arc::new(Link {
            ring: Ring::new(capacity, 0),
            next: AtomicU64::new(NOWHERE),
            prev: AtomicU64::new(head),
            freed: atomic::AtomicBool::new(false),
        });
        let mut arena = lock(&self.arena);
        arena.push(Arc::clone(&ring));
        let link = arena.len() as u64;
        drop(arena);
        *lock(&self.head) = link;
        match head {
            NOWHERE => self.tail.store(link, Release),
            head => self.at(head).next.store(link, Release),
        }
        assert!(ring.ring.push(value).is_ok(), "a new ring has room");
    }

    fn pop(&self) -> Option<Token> {
        let head = *lock(&self.head);
        if head == NOWHERE {
            return None;
        }
        let ring = self.at(head);
        if let Some(value) = ring.ring.pop() {
            return Some(value);
        }
        let _guard = self.pin();
        let mut link = ring.prev.load(Acquire);
        while link != NOWHERE {
            let older = self.at(link);
            let popped = older.ring.pop();
            Self::still_there(&older);
            if popped.is_some() {
                return popped;
            }
            link = older.prev.load(Acquire);
        }
        None
    }

    fn steal(&self) -> Option<Token> {
        let mut guard = Some(self.pin());
        let mut link = self.tail.load(Acquire);
        while link != NOWHERE {
            let ring = self.at(link);
            let early = if B::has(Defect::LateLook) { NOWHERE } else { ring.next.load(Acquire) };
            let before_release = || {
                if B::has(Defect::ShortGuard) {
                    guard = None;
                }
            };
            let stolen = ring.ring.steal(before_release);
            Self::still_there(&ring);
            if stolen.is_some() {
                return stolen;
            }
            let successor = if B::has(Defect::LateLook) { ring.next.load(Acquire) } else { early };
            if successor != NOWHERE {
                self.unlink(link, successor);
                link = successor;
            } else if B::has(Defect::NoSecondLook) || ring.next.load(Acquire) == NOWHERE {
                return None;
            }
        }
        None
    }

    fn unlink(&self, drained: u64, successor: u64) {
        if B::has(Defect::EarlyRetire) {
            self.retire(drained);
        }
        if self.tail.compare_exchange(drained, successor, AcqRel, Relaxed).is_ok() {
            if !B::has(Defect::NoClear) {
                self.at(successor).prev.store(NOWHERE, Release);
            }
            if !B::has(Defect::EarlyRetire) {
                self.retire(drained);
            }
        }
    }

    fn retire(&self, link: u64) {
        self.retirements.fetch_add(1, Release);
        let mut ledger = lock(&self.ledger);
        let waits_for = ledger.held.clone();
        ledger.retired.push((link, waits_for));
        self.free(&mut ledger);
    }

    fn free(&self, ledger: &mut GuardLedger) {
        ledger.retired.retain(|(link, waits_for)| {
            if waits_for.is_empty() {
                let place = usize::try_from(link - 1).expect("few rings are made");
                lock(&self.arena)[place].freed.store(true, Relaxed);
            }
            !waits_for.is_empty()
        });
    }
}

impl<B: Broken> Drop for Guard<'_, B> {
    fn drop(&mut self) {
        let mut ledger = lock(&self.chain.ledger);
        ledger.held.remove(&self.ticket);
        for (_, waits_for) in &mut ledger.retired {
            waits_for.remove(&self.ticket);
        }
        self.chain.free(&mut ledger);
    }
}

/// The one producer of a chain.
#[derive(Debug)]
pub struct ChainOwner<B>(Arc<Chain<B>>);

/// A consumer of a chain.
#[derive(Debug)]
pub struct ChainThief<B>(Arc<Chain<B>>);

impl<B> Clone for ChainThief<B> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<B: Broken> Owner for ChainOwner<B> {
    fn push(&mut self, value: Token) -> Result<(), Token> {
        self.0.push(value);
        Ok(())
    }

    fn pop(&mut self) -> Option<Token> {
        self.0.pop()
    }
}

impl<B: Broken> Thief for ChainThief<B> {
    type Own = ChainOwner<B>;

    fn steal(&self) -> Option<Token> {
        self.0.steal()
    }
}

impl<B: Broken> Deque for ChainDouble<B> {
    type Owner = ChainOwner<B>;
    type Thief = ChainThief<B>;

    const BATCHES_ARE_ATOMIC: bool = false;

    fn make(capacity: usize, _start: u32) -> (Self::Owner, Self::Thief) {
        let chain = Arc::new(Chain::new(capacity));
        (ChainOwner(Arc::clone(&chain)), ChainThief(chain))
    }
}
