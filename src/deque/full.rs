//! The error of a push that found no room: it contains the value.

use core::error::Error;
use core::fmt;

/// A push found its slot occupied. [`into_inner`](Self::into_inner) returns the value.
///
/// # Examples
///
/// ```
/// let (worker, _stealer) = pooldeque::bounded(1);
/// worker.push("first").unwrap();
/// let refused = worker.push("second").unwrap_err();
/// assert_eq!(refused.to_string(), "the deque is full");
/// assert_eq!(refused.into_inner(), "second");
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Full<T>(pub(crate) T);

impl<T> Full<T> {
    /// The value that was not pushed.
    ///
    /// # Examples
    ///
    /// ```
    /// let (worker, _stealer) = pooldeque::bounded(1);
    /// worker.push(vec![1]).unwrap();
    /// let refused = worker.push(vec![2]).unwrap_err();
    /// assert_eq!(refused.into_inner(), [2]);
    /// ```
    pub fn into_inner(self) -> T {
        self.0
    }
}

// Implemented by hand, so that `unwrap` works for values that are not `Debug`.
impl<T> fmt::Debug for Full<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Full(..)")
    }
}

impl<T> fmt::Display for Full<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the deque is full")
    }
}

impl<T> Error for Full<T> {}
