//! Dropping many values, any of which may panic.

/// Drops every value that `next` yields, even if some of them panic, then resumes the first panic.
///
/// As [`each_despite_panics`].
#[cfg(feature = "std")]
pub(crate) fn drop_each<T>(next: impl FnMut() -> Option<T>) {
    each_despite_panics(core::iter::from_fn(next), drop);
}

/// Calls `action` with every value that `values` yields, even if some of the calls panic, then resumes the first panic.
///
/// While the thread is already unwinding a further panic is swallowed: letting it escape from a destructor would abort
/// the process. If `values` itself panics, which can happen only under a model checker, the remaining values are
/// leaked.
#[cfg(feature = "std")]
pub(crate) fn each_despite_panics<T>(mut values: impl Iterator<Item = T>, mut action: impl FnMut(T)) {
    use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

    let mut first_panic = None;
    let mut has_handed_out = true;
    while has_handed_out {
        // `values` advances before it yields a value, so a panic of `action` with that value leaves it ready to yield
        // the next.
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

/// Drops a panic's payload. If that panics in turn, the second payload is leaked.
#[cfg(feature = "std")]
pub(crate) fn discard(payload: std::boxed::Box<dyn core::any::Any + Send>) {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    if let Err(another) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        core::mem::forget(another);
    }
}

/// Drops every value that `next` yields; if one panics, the rest are leaked.
///
/// A panic cannot be caught without the standard library, and a second one would abort the process.
#[cfg(not(feature = "std"))]
pub(crate) fn drop_each<T>(mut next: impl FnMut() -> Option<T>) {
    while next().is_some() {}
}
