//! The pool goes first.

use pooldeque::Pool;

pub(crate) fn main() {
    let text = String::from("borrowed");
    let pool = Pool::scoped(|| text.as_str());
    drop(pool.get());
}
