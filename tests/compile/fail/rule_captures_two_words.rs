//! The pool stores its rules in place, so that a static can have some: there is no room for more.

use pooldeque::Pool;

static POOL: Pool<Vec<u8>> = {
    let (low, high, step) = (1_usize, 64_usize, 8_usize);
    Pool::from_fn(Vec::new).with_retain(move |it| (low..high).contains(&it.len()) && it.len() % step == 0)
};

fn main() {
    drop(POOL.get());
}
