//! What all threads of a model's execution share.
//!
//! A static of the standard library would outlive the execution, and one of the model checker's own ends
//! with the main thread, before the thread-locals do that are to use it. A model checker runs all the
//! threads of an execution on one thread of the machine, so this keeps them there until the next begins.

use core::any::Any;
use core::mem::ManuallyDrop;
use core::ops::Deref;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// By the address of the global that each is the value of.
type Values = HashMap<usize, Rc<dyn Any>>;

std::thread_local! {
    /// Those of the last execution are leaked: should it have failed, they could not be dropped.
    static VALUES: RefCell<ManuallyDrop<Values>> = RefCell::default();
}

/// A value that each execution makes for itself.
pub(crate) struct Global<T: 'static>(fn() -> T);

impl<T> Global<T> {
    pub(crate) const fn new(make: fn() -> T) -> Self {
        Self(make)
    }

    /// Lends it.
    pub(crate) fn with<R>(&'static self, action: impl FnOnce(&T) -> R) -> R {
        let address = core::ptr::from_ref(self).addr();
        let value = VALUES.with_borrow_mut(|values| {
            Rc::clone(values.entry(address).or_insert_with(|| Rc::new((self.0)())))
        });
        action(value.downcast_ref().expect("a global has one type"))
    }
}

/// What a thread of an execution has for itself. When an execution has failed it is leaked: a destructor
/// that reaches for the model checker then would end the process.
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

/// Forgets the values of the last execution.
pub(crate) fn start() {
    drop(ManuallyDrop::into_inner(VALUES.take()));
}
