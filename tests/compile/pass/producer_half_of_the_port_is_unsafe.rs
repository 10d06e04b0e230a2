//! With the promise made it compiles; consumers need make none.

pub(crate) fn main() {
    let ring = pooldeque::PoolDequeue::new(4);
    // SAFETY: this thread is the only producer.
    unsafe { ring.push_head(1) }.unwrap();
    // SAFETY: as above.
    _ = unsafe { ring.pop_head() };
    _ = ring.pop_tail();

    let chain = pooldeque::PoolChain::new();
    // SAFETY: as above.
    unsafe { chain.push_head(1) };
    // SAFETY: as above.
    _ = unsafe { chain.pop_head() };
    _ = chain.pop_tail();
}
