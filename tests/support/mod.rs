//! What the test binaries share.

pub(crate) mod deques;
pub(crate) mod ledger;
pub(crate) mod patience;
