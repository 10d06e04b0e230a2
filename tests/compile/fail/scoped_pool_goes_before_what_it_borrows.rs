//! Its drop drops the values, which may look at what they borrow.

use pooldeque::Pool;

fn main() {
    let pool;
    let text = String::from("borrowed");
    pool = Pool::scoped(|| text.as_str());
    drop(pool.get());
}
