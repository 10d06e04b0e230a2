//! The values of a program: each has an identity, and a ledger records which of them are alive.
//!
//! A faulty deque may hand out a value twice, or bits that never were a value. A token therefore owns no memory
//! and holds no pointer: it can be copied, or read where there is none, and the fault is a failure of the scenario
//! and not a crash of the run.

use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Mutex, PoisonError};

use crate::runtime;

/// How many values a program may make: a ledger keeps a bit for each.
pub const MOST_TOKENS: usize = 64;

/// How many programs may be running at the same time.
const LEDGERS: usize = 64;

/// Distinguishes a token from other bits.
const MARK: u32 = 0x70ce_2a9d;
const REST: u16 = u16::MAX;

static RECORDS: [Record; LEDGERS] = [const { Record::new() }; LEDGERS];
static TAKEN: Mutex<[bool; LEDGERS]> = Mutex::new([false; LEDGERS]);

struct Record {
    alive: AtomicU64,
    dropped_twice: AtomicU64,
}

impl Record {
    const fn new() -> Self {
        Self { alive: AtomicU64::new(0), dropped_twice: AtomicU64::new(0) }
    }
}

/// A value with an identity.
#[derive(Debug)]
pub struct Token {
    mark: u32,
    ledger: u8,
    id: u8,
    /// In place of padding: a search records the bytes of cells, and must not take them for an address.
    rest: u16,
}

/// Records which of an execution's tokens are alive.
#[derive(Debug)]
pub struct Ledger {
    index: u8,
}

impl Ledger {
    /// A ledger for one program.
    ///
    /// # Panics
    ///
    /// If more programs run at once than there are ledgers.
    #[must_use]
    pub fn open() -> Self {
        let mut taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let index = taken.iter().position(|taken| !taken).expect("fewer programs run than there are ledgers");
        taken[index] = true;
        let ledger = Self { index: u8::try_from(index).expect("there are few ledgers") };
        ledger.clear();
        ledger
    }

    fn record(&self) -> &'static Record {
        &RECORDS[usize::from(self.index)]
    }

    /// Forgets the tokens of an earlier execution.
    pub fn clear(&self) {
        self.record().alive.store(0, SeqCst);
        self.record().dropped_twice.store(0, SeqCst);
    }

    /// Makes the value called `id`.
    ///
    /// # Panics
    ///
    /// If there is one already, or `id` is not below [`MOST_TOKENS`].
    #[must_use]
    pub fn token(&self, id: u8) -> Token {
        assert!(usize::from(id) < MOST_TOKENS, "a program makes {MOST_TOKENS} values at most");
        let before = self.record().alive.fetch_or(1 << id, SeqCst);
        assert_eq!(before & (1 << id), 0, "value {id} is made once");
        runtime::note_value(id, true);
        Token { mark: MARK, ledger: self.index, id, rest: REST }
    }

    /// How many tokens are alive.
    #[must_use]
    pub fn alive(&self) -> u32 {
        self.record().alive.load(SeqCst).count_ones()
    }

    /// Checks at the end of an execution that `kept` values are alive, and that none was dropped twice.
    ///
    /// # Panics
    ///
    /// If that is not so.
    pub fn assert_alive(&self, kept: u32) {
        let twice = self.record().dropped_twice.load(SeqCst);
        assert_eq!(twice, 0, "dropped twice: the values of this mask: {twice:#b}");
        let alive = self.record().alive.load(SeqCst);
        assert_eq!(
            alive.count_ones(),
            kept,
            "{kept} values should be left alive, not those of this mask: {alive:#b}"
        );
    }
}

impl Drop for Ledger {
    fn drop(&mut self) {
        TAKEN.lock().unwrap_or_else(PoisonError::into_inner)[usize::from(self.index)] = false;
    }
}

impl Token {
    /// Which value this is.
    ///
    /// # Panics
    ///
    /// If these bits never were a value.
    #[must_use]
    pub fn id(&self) -> u8 {
        assert!(self.is_real(), "a slot was read that holds no value");
        self.id
    }

    fn is_real(&self) -> bool {
        self.mark == MARK
            && self.rest == REST
            && usize::from(self.ledger) < LEDGERS
            && usize::from(self.id) < MOST_TOKENS
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        if !self.is_real() {
            // `id` reports it; this thread may be unwinding already.
            return;
        }
        let record = &RECORDS[usize::from(self.ledger)];
        let before = record.alive.fetch_and(!(1 << self.id), SeqCst);
        runtime::note_value(self.id, false);
        if before & (1 << self.id) == 0 {
            record.dropped_twice.fetch_or(1 << self.id, SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Ledger, Token};

    #[test]
    fn a_ledger_counts_the_values_alive() {
        let ledger = Ledger::open();
        let (first, second) = (ledger.token(0), ledger.token(1));
        assert_eq!(ledger.alive(), 2);
        drop(first);
        ledger.assert_alive(1);
        drop(second);
        ledger.assert_alive(0);
    }

    #[test]
    #[should_panic(expected = "dropped twice")]
    fn a_value_dropped_twice_is_reported() {
        let ledger = Ledger::open();
        let token = ledger.token(3);
        drop(Token { mark: token.mark, ledger: token.ledger, id: token.id, rest: token.rest });
        drop(token);
        ledger.assert_alive(0);
    }

    #[test]
    #[should_panic(expected = "should be left alive")]
    fn a_leak_is_reported() {
        let ledger = Ledger::open();
        std::mem::forget(ledger.token(0));
        ledger.assert_alive(0);
    }

    #[test]
    #[should_panic(expected = "holds no value")]
    fn bits_that_never_were_a_value_are_reported() {
        let _ = Token { mark: 0, ledger: 0, id: 0, rest: 0 }.id();
    }
}
