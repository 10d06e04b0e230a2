//! The two promises about memory, which sequential consistency keeps by itself.
//!
//! Nor are these points at which another thread need be let in: a guard taken earlier or dropped
//! later than it might be keeps no node that a thread could otherwise have been caught touching,
//! because every load of a link is such a point itself.

use super::Domain;

pub(super) fn start() {}

pub(super) fn retire(_: Domain) {}

pub(super) fn see_retirements(_: Domain) {}

pub(super) fn unpin(_: Domain) {}

pub(super) fn see_unpins(_: Domain) {}
