//! Values that borrow nothing can be in a group.

use pooldeque::{Pool, PoolGroup};

static GROUP: PoolGroup = PoolGroup::new();

pub(crate) fn main() {
    let text = String::from("cloned");
    let pool = Pool::scoped(|| text.clone()).with_group(&GROUP);
    drop(pool.get());
}
