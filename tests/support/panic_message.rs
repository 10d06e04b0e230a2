//! The message of a panic.

use std::any::Any;

/// The message of a panic, if it is a string.
pub(crate) fn message_of(panic: &dyn Any) -> Option<&str> {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
}
