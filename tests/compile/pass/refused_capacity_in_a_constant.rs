//! A power of two is accepted.

static CHAIN: pooldeque::PoolChain<u8> = pooldeque::PoolChain::with_capacity(16);

pub(crate) fn main() {
    assert!(CHAIN.is_empty());
}
