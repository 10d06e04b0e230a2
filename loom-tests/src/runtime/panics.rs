//! Catches a model's panic with what it said, and keeps it off the terminal: the caller reports it.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

std::thread_local! {
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    static FIRST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Runs `model`; gives what it said when it panicked.
///
/// What counts is the first panic: the others may only be its consequences.
pub(super) fn catch<R>(model: impl FnOnce() -> R) -> Result<R, String> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let earlier = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !CATCHING.get() {
                return earlier(info);
            }
            FIRST.with_borrow_mut(|first| {
                first.get_or_insert_with(|| {
                    let place = info.location().map(|place| format!(" ({}:{})", place.file(), place.line()));
                    format!("{}{}", info.payload_as_str().unwrap_or("panicked"), place.unwrap_or_default())
                });
            });
        }));
    });
    FIRST.set(None);
    let before = CATCHING.replace(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(model));
    CATCHING.set(before);
    outcome.map_err(|_| FIRST.take().unwrap_or_else(|| "panicked without a word".into()))
}
