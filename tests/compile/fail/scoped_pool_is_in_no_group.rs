//! A group may drop values when what they borrow is gone.

use pooldeque::{Pool, PoolGroup};

static GROUP: PoolGroup = PoolGroup::new();

fn main() {
    let text = String::from("borrowed");
    let pool = Pool::scoped(|| text.as_str()).with_group(&GROUP);
    drop(pool.get());
}
