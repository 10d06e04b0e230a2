//! Pools of buffers: classes, limits, learning, guards and statistics.

#![cfg(all(feature = "std", not(any(loom, shuttle))))]

#[path = "support/counting_allocator.rs"]
#[allow(dead_code, reason = "each test binary uses what it needs")]
mod counting_allocator;

#[path = "buffers/adaptive.rs"]
mod adaptive;
#[path = "buffers/classes.rs"]
mod classes;
#[path = "buffers/guards.rs"]
mod guards;
#[cfg(feature = "stats")]
#[path = "buffers/statistics.rs"]
mod statistics;

/// A length of any magnitude up to 2^15.
fn any_length(random: &mut fastrand::Rng) -> usize {
    let bits = random.usize(1..16);
    random.usize(..1 << bits)
}
