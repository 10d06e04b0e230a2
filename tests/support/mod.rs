//! What the test binaries share.

#![allow(dead_code, reason = "each test binary uses what it needs")]

pub(crate) mod deques;
pub(crate) mod ledger;
pub(crate) mod patience;
