//! What an adaptive pool learns, and when.

use std::sync::Barrier;
use std::thread;

use fastrand::Rng;
use pooldeque::{Buffer, BufferPool};

const RETURNS_TO_CALIBRATE: usize = 42_000;

/// Gives back `count` buffers with so many bytes in them.
fn give_back(pool: &BufferPool, count: usize, bytes: usize) {
    for _ in 0..count {
        let mut buffer = pool.get(bytes);
        buffer.resize(bytes, 0);
    }
}

fn learned(pool: &BufferPool) -> (usize, usize) {
    (pool.usual_capacity(), pool.max_capacity())
}

#[test]
fn nothing_is_learned_before_forty_two_thousand_returns_of_one_class() {
    let pool = BufferPool::adaptive();
    give_back(&pool, RETURNS_TO_CALIBRATE - 1, 300);
    assert_eq!(learned(&pool), (64, 1 << 20));
    give_back(&pool, 1, 300);
    assert_eq!(learned(&pool), (512, 512));
}

#[test]
fn returns_of_other_classes_do_not_hasten_it() {
    let pool = BufferPool::adaptive();
    for class in 6..=10 {
        give_back(&pool, RETURNS_TO_CALIBRATE - 1, 1 << class);
    }
    assert_eq!(learned(&pool), (64, 1 << 20));
}

#[test]
fn the_maximum_leaves_out_the_largest_twentieth() {
    // 5 % are large: what covers the others is enough.
    let pool = BufferPool::adaptive();
    give_back(&pool, 2_000, 100_000);
    give_back(&pool, RETURNS_TO_CALIBRATE, 500);
    assert_eq!(learned(&pool), (512, 512));
    assert_eq!(pool.get(100_000).capacity(), 100_000);
    pool.put(Vec::with_capacity(513));
    assert_eq!(pool.get(512).capacity(), 512);

    // And if they are more than that, it is not.
    let pool = BufferPool::adaptive();
    give_back(&pool, 3_000, 100_000);
    give_back(&pool, RETURNS_TO_CALIBRATE, 500);
    assert_eq!(learned(&pool), (512, 1 << 17));
}

#[test]
fn skewed_sizes_are_learned_in_any_order() {
    let mut random = Rng::with_seed(5);
    let pool = BufferPool::adaptive();
    // Of each hundred: 70 of 1 to 2 KiB, 26 of 8 to 16 KiB, 4 of 256 to 512 KiB.
    for _ in 0..70_000 {
        let size = match random.u8(..100) {
            0..70 => 1 << 10,
            70..96 => 8 << 10,
            _ => 1 << 18,
        };
        let mut buffer = pool.get_usual();
        buffer.resize(size + 1, 0);
    }
    assert_eq!(learned(&pool), (2 << 10, 16 << 10));
}

#[test]
fn it_follows_its_load_up_and_down() {
    let pool = BufferPool::adaptive();
    for bytes in [1 << 12, 1 << 8, 1 << 21, 1 << 6] {
        for _ in 0..RETURNS_TO_CALIBRATE {
            drop(Buffer::detach(pool.get(bytes)));
            // Zeroed by the system, where it is large: nobody writes 2 MiB so often.
            pool.put(vec![0; bytes]);
        }
        assert_eq!(learned(&pool), (bytes, bytes));
    }
}

#[test]
fn each_count_begins_anew() {
    let pool = BufferPool::adaptive();
    give_back(&pool, RETURNS_TO_CALIBRATE - 1_000, 1 << 10);
    give_back(&pool, RETURNS_TO_CALIBRATE, 1 << 8);
    assert_eq!(pool.usual_capacity(), 1 << 8);
    // The first 41,000 do not count any more.
    give_back(&pool, RETURNS_TO_CALIBRATE - 1_000, 1 << 10);
    assert_eq!(pool.usual_capacity(), 1 << 8);
    give_back(&pool, 1_000, 1 << 10);
    assert_eq!(learned(&pool), (1 << 10, 1 << 10));
}

#[test]
fn it_never_learns_to_keep_more_than_it_may() {
    let pool = BufferPool::adaptive().with_max_capacity(1 << 12);
    assert_eq!(learned(&pool), (64, 1 << 12));
    give_back(&pool, RETURNS_TO_CALIBRATE, 1 << 14);
    assert_eq!(learned(&pool), (1 << 12, 1 << 12));
    give_back(&pool, RETURNS_TO_CALIBRATE, 1 << 8);
    assert_eq!(learned(&pool), (1 << 8, 1 << 8));
}

#[test]
fn threads_count_together() {
    let pool = BufferPool::adaptive();
    let barrier = Barrier::new(2);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                barrier.wait();
                give_back(&pool, RETURNS_TO_CALIBRATE / 2, 1 << 9);
                barrier.wait();
                // Who was last has asked when the other's count was there, unless both asked at once.
                give_back(&pool, 1_000, 1 << 9);
            });
        }
    });
    assert_eq!(learned(&pool), (1 << 9, 1 << 9));
}

#[test]
fn what_threads_that_ended_have_counted_stays() {
    let pool = BufferPool::adaptive();
    for _ in 0..RETURNS_TO_CALIBRATE / 1_000 {
        assert_eq!(learned(&pool), (64, 1 << 20));
        thread::scope(|scope| {
            scope.spawn(|| give_back(&pool, 1_000, 1 << 9));
        });
    }
    assert_eq!(learned(&pool), (1 << 9, 1 << 9));
}

#[test]
fn a_pool_that_is_not_adaptive_learns_nothing() {
    let pool = BufferPool::new();
    give_back(&pool, 2 * RETURNS_TO_CALIBRATE, 1 << 9);
    assert_eq!(learned(&pool), (64, 1 << 20));
}

#[test]
fn a_buffer_of_unknown_size_is_found_again_whatever_it_has_grown_to() {
    for pool in [BufferPool::new(), BufferPool::adaptive()] {
        for _ in 0..100 {
            pool.get_usual().resize(100_000, 1);
        }
        let buffer = pool.get_usual();
        assert!(buffer.is_empty() && buffer.capacity() >= 100_000);
    }
}
