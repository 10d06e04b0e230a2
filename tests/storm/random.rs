//! Random numbers that are there to the very end of a thread.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The first thread's seed; each later thread has another.
static SEEDS: AtomicU64 = AtomicU64::new(0x9e37_79b9_7f4a_7c15);

thread_local! {
    /// Without a destructor, so that the destructors of other thread-locals may use it.
    static STATE: Cell<u64> = const { Cell::new(0) };
}

/// A number below `limit`.
pub(crate) fn below(limit: u64) -> u64 {
    let mut state = STATE.get();
    if state == 0 {
        state = SEEDS.fetch_add(0x9e37_79b9_7f4a_7c15, Relaxed) | 1;
    }
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    STATE.set(state);
    (state >> 11) % limit
}

/// Once in so many times.
pub(crate) fn once_in(times: u64) -> bool {
    below(times) == 0
}
