//! A guard borrows its pool.

use pooldeque::Pool;

fn main() {
    let guard = {
        let pool = Pool::new(|| 7);
        pool.get()
    };
    drop(guard);
}
