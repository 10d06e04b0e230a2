//! Values of their own can be pooled.

use pooldeque::Pool;

pub(crate) fn main() {
    let text = String::from("cloned");
    let pool = Pool::new(|| text.clone());
    drop(pool.get());
}
