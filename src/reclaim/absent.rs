//! Without the standard library there is no chain, hence nothing to reclaim and no guard.

/// Never made.
pub(crate) enum Guard {}
