//! A tick drops values on any thread.

use std::rc::Rc;

use pooldeque::Pool;

fn main() {
    let pool = Pool::new(|| Rc::new(7));
    drop(pool.get());
}
