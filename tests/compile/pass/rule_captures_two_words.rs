//! Two words fit in, and a larger closure in a box.

use pooldeque::Pool;

static POOL: Pool<Vec<u8>> = {
    let (low, high) = (1_usize, 64_usize);
    Pool::from_fn(Vec::new).with_retain(move |it| (low..high).contains(&it.len()))
};

pub(crate) fn main() {
    drop(POOL.get());
}
