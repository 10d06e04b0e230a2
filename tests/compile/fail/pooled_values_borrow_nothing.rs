//! A pool may be forgotten, and its values age all the same: they must not borrow what is gone by then.

use pooldeque::Pool;

fn main() {
    let text = String::from("borrowed");
    let pool = Pool::new(|| text.as_str());
    drop(pool.get());
}
