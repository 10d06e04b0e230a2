//! What an adaptive pool learns, and when.

use std::mem;
use std::sync::Barrier;
use std::thread;

use fastrand::Rng;
use pooldeque::BufferPool;
use pooldeque::buffers::Buffer;

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

/// A name, and how it empties a buffer.
#[cfg(feature = "stats")]
type Emptied = (&'static str, fn(&mut Vec<u8>));

/// How users empty a buffer. It keeps its memory each time.
#[cfg(feature = "stats")]
const EMPTIED: [Emptied; 6] = [
    ("clear", Vec::clear),
    ("truncate", |buffer| buffer.truncate(0)),
    ("drain", |buffer| drop(buffer.drain(..))),
    ("retain", |buffer| buffer.retain(|_| false)),
    ("split_off", |buffer| drop(buffer.split_off(0))),
    ("append", |buffer| Vec::new().append(buffer)),
];

/// How many of the gets in 1,000 calls find nothing.
#[cfg(feature = "stats")]
fn misses(pool: &BufferPool, use_one: impl Fn()) -> u64 {
    let before = pool.stats().misses;
    (0..1_000).for_each(|_| use_one());
    pool.stats().misses - before
}

#[cfg(feature = "stats")]
#[test]
fn a_pool_whose_users_empty_the_buffers_goes_on_to_keep_them() {
    for (how, empty) in EMPTIED {
        // With a request of the size, and without one.
        for asked in [Some(1500), None] {
            let pool = std::sync::Arc::new(BufferPool::adaptive());
            let use_one = |owned: bool| {
                let fill = |buffer: &mut Vec<u8>| {
                    buffer.extend([1; 1500]);
                    empty(buffer);
                };
                match asked {
                    Some(bytes) if owned => fill(&mut pool.get_owned(bytes)),
                    Some(bytes) => fill(&mut pool.get(bytes)),
                    None => fill(&mut pool.get_usual()),
                }
            };
            (0..RETURNS_TO_CALIBRATE + 1).for_each(|turn| use_one(turn % 2 == 0));
            assert_eq!(pool.max_capacity(), 2048, "{how}, {asked:?}");
            assert!(misses(&pool, || use_one(true)) <= 1, "{how}, {asked:?}");
        }
    }
}

#[cfg(feature = "stats")]
#[test]
fn a_pool_whose_users_put_empty_buffers_by_hand_goes_on_to_keep_them() {
    let pool = BufferPool::adaptive();
    let use_one = || {
        let mut buffer = Buffer::detach(pool.get(1500));
        buffer.extend([1; 1500]);
        buffer.clear();
        pool.put(buffer);
    };
    (0..50_000).for_each(|_| use_one());
    assert_eq!(pool.max_capacity(), 2048);
    assert!(misses(&pool, use_one) <= 1);
}

#[cfg(feature = "stats")]
#[test]
fn some_users_who_empty_the_buffers_are_not_outvoted_by_others_who_do_not() {
    for large in [Some(100_000), None] {
        let pool = BufferPool::adaptive();
        let use_two = || {
            let get = |bytes| large.map_or_else(|| pool.get_usual(), |_| pool.get(bytes));
            get(100).extend([1; 100]);
            let mut buffer = get(large.unwrap_or_default());
            buffer.extend([1; 1500]);
            buffer.clear();
        };
        (0..100_000).for_each(|_| use_two());
        assert!(pool.max_capacity() >= large.unwrap_or(1500), "{large:?}");
        assert!(misses(&pool, use_two) <= 2, "{large:?}");
    }
}

#[cfg(feature = "stats")]
#[test]
fn a_request_is_served_from_the_pool_however_little_is_used_of_it() {
    let pool = BufferPool::adaptive();
    let use_one = || pool.get(4000).extend([1; 100]);
    (0..50_000).for_each(|_| use_one());
    assert_eq!(learned(&pool), (128, 4096));
    assert!(misses(&pool, use_one) <= 1);
}

#[test]
fn buffers_that_are_taken_out_of_their_guards_teach_nothing() {
    let pool = BufferPool::adaptive();
    for _ in 0..50_000 {
        let mut buffer = pool.get_usual();
        buffer.extend([1; 100]);
        drop(mem::take(&mut *buffer));
        pool.put(Vec::new());
    }
    assert_eq!(learned(&pool), (64, 1 << 20));
}

#[test]
fn a_buffer_that_has_grown_and_is_shorter_now_counts_by_its_capacity() {
    let pool = BufferPool::adaptive();
    for _ in 0..RETURNS_TO_CALIBRATE {
        let mut buffer = pool.get(64);
        buffer.resize(4000, 1);
        // A part that is sent, and a rest that is not.
        buffer.drain(..3990);
    }
    assert_eq!(learned(&pool), (4096, 4096));
}

#[test]
fn a_buffer_that_its_user_has_shrunk_or_swapped_counts_by_its_content() {
    let shrink = |buffer: &mut Vec<u8>| buffer.shrink_to_fit();
    let swap = |buffer: &mut Vec<u8>| drop(mem::replace(buffer, vec![1; 100]));
    for change in [shrink, swap] {
        let pool = BufferPool::adaptive();
        for _ in 0..RETURNS_TO_CALIBRATE {
            let mut buffer = pool.get_usual();
            buffer.resize(100, 1);
            change(&mut buffer);
        }
        assert_eq!(learned(&pool), (128, 128));
    }
}

#[test]
fn the_usual_size_stays_where_hardly_any_return_shows_its_use() {
    let pool = BufferPool::adaptive();
    give_back(&pool, RETURNS_TO_CALIBRATE, 300);
    assert_eq!(learned(&pool), (512, 512));
    for turn in 0..RETURNS_TO_CALIBRATE {
        let mut buffer = pool.get(1000);
        buffer.resize(if turn % 100 == 0 { 10 } else { 0 }, 1);
    }
    assert_eq!(learned(&pool), (512, 1024));
    // It never exceeds what is kept.
    for _ in 0..RETURNS_TO_CALIBRATE {
        drop(pool.get(64));
    }
    assert_eq!(learned(&pool), (64, 64));
}
