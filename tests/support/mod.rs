//! Helpers shared by the test binaries.

#![allow(dead_code, reason = "each test binary uses what it needs")]

pub(crate) mod deques;
pub(crate) mod ledger;
pub(crate) mod patience;
