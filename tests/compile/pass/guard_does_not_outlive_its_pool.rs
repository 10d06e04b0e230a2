//! An owned guard keeps its pool alive.

use std::sync::Arc;

use pooldeque::Pool;

pub(crate) fn main() {
    let guard = {
        let pool = Arc::new(Pool::new(|| 7));
        pool.get_owned()
    };
    drop(guard);
}
