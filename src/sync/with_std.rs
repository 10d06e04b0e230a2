//! The seam over the real machine.

pub(crate) use alloc::sync::Arc;
pub(crate) use core::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64};

pub(crate) use super::cell::UnsafeCell;
