//! Dropping many values of which any may panic.

/// Drops every value that `next` hands out, however many of them panic, then passes the first panic on.
///
/// As [`each_despite_panics`].
#[cfg(feature = "std")]
pub(crate) fn drop_each<T>(next: impl FnMut() -> Option<T>) {
    each_despite_panics(core::iter::from_fn(next), drop);
}

/// Calls `action` with every value that `values` hands out, however many of the calls panic, then passes the first
/// panic on.
///
/// While the thread is already unwinding a further panic is swallowed: letting it out of a destructor
/// would end the process. Should `values` itself panic, as it can only where a model checker looks on, what is
/// left is leaked.
#[cfg(feature = "std")]
pub(crate) fn each_despite_panics<T>(mut values: impl Iterator<Item = T>, mut action: impl FnMut(T)) {
    use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

    let mut first_panic = None;
    let mut has_handed_out = true;
    while has_handed_out {
        // `values` moves its place forward before it hands a value out, so a panic of `action` with that value
        // leaves it ready for the one after.
        let rest = AssertUnwindSafe(|| {
            loop {
                has_handed_out = false;
                let Some(value) = values.next() else { break };
                has_handed_out = true;
                action(value);
            }
        });
        match catch_unwind(rest) {
            Ok(()) => {}
            Err(panic) if first_panic.is_none() => first_panic = Some(panic),
            Err(panic) => discard(panic),
        }
    }
    match first_panic {
        Some(panic) if std::thread::panicking() => discard(panic),
        Some(panic) => resume_unwind(panic),
        None => {}
    }
}

/// Drops what a panic carried, which may panic in its turn: then that is leaked.
#[cfg(feature = "std")]
pub(crate) fn discard(payload: std::boxed::Box<dyn core::any::Any + Send>) {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    if let Err(another) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        core::mem::forget(another);
    }
}

/// Drops every value that `next` hands out; should one panic, the rest are leaked.
///
/// A panic cannot be caught without the standard library, and a second one would end the process.
#[cfg(not(feature = "std"))]
pub(crate) fn drop_each<T>(mut next: impl FnMut() -> Option<T>) {
    while next().is_some() {}
}
