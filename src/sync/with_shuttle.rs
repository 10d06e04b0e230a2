//! The seam over shuttle: sequential consistency, every schedule or a random sample of them.

pub(crate) use shuttle::sync::Arc;
pub(crate) use shuttle::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64};

pub(crate) use super::cell::UnsafeCell;
