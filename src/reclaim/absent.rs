//! Without the standard library there is no chain, hence nothing to reclaim and no guard.

use core::convert::Infallible;
use core::marker::PhantomData;

/// Never constructed. It is still not `Send`: types that hold a guard are not `Send` with the standard library, and so
/// must not be without it.
pub(crate) struct Guard {
    never: Infallible,
    _not_send: PhantomData<*mut ()>,
}

impl Drop for Guard {
    /// As with the standard library, dropping a guard has an effect.
    fn drop(&mut self) {
        match self.never {}
    }
}
