//! Values that all threads of a model's execution share.
//!
//! A static of the standard library would outlive the execution, and a static of the model checker ends
//! with the main thread, before the thread-locals that use it. A model checker runs all the
//! threads of an execution on one OS thread, so the values are kept there until the next execution begins.

use core::any::Any;
use core::mem::ManuallyDrop;
use core::ops::Deref;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// Each value by the address of its global.
type Values = HashMap<usize, Rc<dyn Any>>;

std::thread_local! {
    /// The values of the last execution are leaked: if it failed, they cannot be dropped.
    static VALUES: RefCell<ManuallyDrop<Values>> = RefCell::default();
}

/// A value that each execution makes for itself.
pub(crate) struct Global<T: 'static>(fn() -> T);

impl<T> Global<T> {
    pub(crate) const fn new(make: fn() -> T) -> Self {
        Self(make)
    }

    /// Lends the value.
    pub(crate) fn with<R>(&'static self, action: impl FnOnce(&T) -> R) -> R {
        let address = core::ptr::from_ref(self).addr();
        let value = VALUES.with_borrow_mut(|values| {
            Rc::clone(values.entry(address).or_insert_with(|| Rc::new((self.0)())))
        });
        action(value.downcast_ref().expect("a global has one type"))
    }
}

/// A thread's own value in an execution. When an execution has failed it is leaked: a destructor that uses the model
/// checker then would abort the process.
pub(crate) struct WhileItRuns<T>(ManuallyDrop<T>);

impl<T> WhileItRuns<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(ManuallyDrop::new(value))
    }
}

impl<T> Deref for WhileItRuns<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Drop for WhileItRuns<T> {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // SAFETY: it is not used again.
            unsafe { ManuallyDrop::drop(&mut self.0) };
        }
    }
}

/// Discards the values of the last execution.
pub(crate) fn start() {
    drop(ManuallyDrop::into_inner(VALUES.take()));
}
