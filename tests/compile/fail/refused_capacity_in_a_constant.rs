//! A capacity that would be refused is refused when the program is compiled, if it is known by then.

static CHAIN: pooldeque::PoolChain<u8> = pooldeque::PoolChain::with_capacity(12);

fn main() {
    assert!(CHAIN.is_empty());
}
