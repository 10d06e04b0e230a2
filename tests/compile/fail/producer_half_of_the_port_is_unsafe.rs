//! Being the only producer of a ring or a chain is a promise that the caller makes.

fn main() {
    let ring = pooldeque::PoolDequeue::new(4);
    ring.push_head(1).unwrap();
    _ = ring.pop_head();

    let chain = pooldeque::PoolChain::new();
    chain.push_head(1);
    _ = chain.pop_head();
}
