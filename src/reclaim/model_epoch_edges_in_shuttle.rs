//! The two promises about memory, which sequential consistency implies.
//!
//! Before a guard other threads get a turn: a thread that found a node earlier may find it freed. The other calls need
//! not be scheduling points, because every access that follows is one.

use super::Domain;
use crate::sync::pause;

pub(super) fn start() {}

pub(super) fn retire(_: Domain) {}

pub(super) fn see_retirements(_: Domain) {
    pause();
}

pub(super) fn unpin(_: Domain) {}

pub(super) fn see_unpins(_: Domain) {}
