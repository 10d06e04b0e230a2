//! The two promises about memory, which sequential consistency implies.
//!
//! These calls also need not be scheduling points: a guard taken earlier or dropped
//! later than necessary hides no invalid access,
//! because every load of a link is itself a scheduling point.

use super::Domain;

pub(super) fn start() {}

pub(super) fn retire(_: Domain) {}

pub(super) fn see_retirements(_: Domain) {}

pub(super) fn unpin(_: Domain) {}

pub(super) fn see_unpins(_: Domain) {}
