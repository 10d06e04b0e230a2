//! Where the values lie while their numbers are in the deque.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::token::Token;

/// Values by number, unseen by a model checker.
#[derive(Debug, Default)]
pub(super) struct Vault(Mutex<BTreeMap<u64, Token>>);

/// The number that is none.
pub(super) const NOTHING: u64 = 0;

impl Vault {
    /// Puts a value away and tells its number.
    pub(super) fn put(&self, value: Token) -> u64 {
        let number = u64::from(value.id()) + 1;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(number, value);
        number
    }

    /// Gives a value out.
    ///
    /// # Panics
    ///
    /// If it is not there, which only a defect can bring about.
    pub(super) fn take(&self, number: u64) -> Token {
        let value = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&number);
        value.expect("a slot holds the number of a value that is in the deque")
    }
}
