//! Runs that ask only whether anything fails: they end with the first failure, and do not explain it.

use std::env;

/// The variable that asks for such a run, whatever its value.
pub const FIRST_FAILURE: &str = "POOLDEQUE_FIRST_FAILURE";

/// Whether this is such a run.
#[must_use]
pub fn is_all_that_is_asked() -> bool {
    env::var_os(FIRST_FAILURE).is_some()
}
