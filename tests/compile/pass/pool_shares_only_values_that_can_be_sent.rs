//! What can be sent can be pooled.

use std::sync::Arc;

use pooldeque::Pool;

pub(crate) fn main() {
    let pool = Pool::new(|| Arc::new(7));
    drop(pool.get());
}
