//! The numbers stay true, whichever classes a call looks into.

use std::thread;

use fastrand::Rng;
use pooldeque::BufferPool;
use pooldeque::buffers::Buffer;
use pooldeque::pool::Stats;

use crate::any_length;

/// What a class tells of itself.
fn class(pool: &BufferPool, capacity: usize) -> Stats {
    pool.class_stats().find(|(size, _)| *size == capacity).expect("there is such a class").1
}

#[test]
fn a_call_that_looks_into_three_classes_misses_once() {
    let pool = BufferPool::new();
    // All three classes are in use.
    for capacity in [64, 128, 256] {
        drop(Buffer::detach(pool.get(capacity)));
    }
    let before = pool.stats();
    drop(Buffer::detach(pool.get(64)));
    let after = pool.stats();
    assert_eq!((after.gets() - before.gets(), after.misses - before.misses), (1, 1));
    assert_eq!([64, 128, 256].map(|capacity| class(&pool, capacity).misses), [2, 1, 1]);
}

#[test]
fn a_buffer_from_a_larger_class_is_a_hit_there_and_no_miss() {
    let pool = BufferPool::new();
    drop(Buffer::detach(pool.get(64)));
    pool.put(Vec::with_capacity(256));
    drop(Buffer::detach(pool.get(64)));
    let stats = pool.stats();
    assert_eq!((stats.gets(), stats.hits.total(), stats.misses), (2, 1, 1));
    assert_eq!(class(&pool, 256).hits.private, 1);
    assert_eq!(class(&pool, 64).misses, 1);
}

#[test]
fn what_is_too_large_or_too_small_is_put_and_rejected() {
    let pool = BufferPool::new().with_max_capacity(4096);
    drop(pool.get(5000));
    pool.put(Vec::with_capacity(1 << 23));
    pool.put(Vec::new());
    let (smallest, largest) = (class(&pool, 64), class(&pool, 4096));
    assert_eq!((smallest.puts, smallest.drops.rejected), (1, 1));
    assert_eq!((largest.puts, largest.drops.rejected, largest.misses), (2, 2, 1));
    let stats = pool.stats();
    assert_eq!((stats.puts, stats.drops.rejected, stats.idle), (3, 3, 0));
}

#[test]
fn a_larger_request_than_there_are_classes_is_counted() {
    for pool in [BufferPool::new(), BufferPool::adaptive()] {
        drop(pool.get(40 << 20));
        let stats = pool.stats();
        assert_eq!((stats.misses, stats.puts, stats.drops.rejected), (1, 1, 1));
        assert_eq!(stats.imbalance(), 0.0);
    }
}

#[test]
fn ticks_are_not_counted_once_for_each_class() {
    let pool = BufferPool::new();
    for capacity in [64, 128, 256] {
        drop(pool.get(capacity));
    }
    for _ in 0..5 {
        pool.tick();
    }
    let stats = pool.stats();
    assert_eq!((stats.ticks, stats.drops.aged, stats.idle), (5, 3, 0));
}

#[test]
fn nothing_is_counted_before_the_first_call() {
    assert_eq!(BufferPool::new().stats(), Stats::default());
    assert_eq!(BufferPool::new().class_stats().count(), 15);
    assert_eq!(BufferPool::adaptive().class_stats().count(), 20);
}

#[test]
fn every_call_of_every_thread_is_counted_once() {
    const THREADS: u64 = 3;
    const CALLS: u64 = 5_000;

    for pool in [BufferPool::new().with_max_capacity(1 << 14), BufferPool::adaptive()] {
        let detached: u64 = thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS)
                .map(|seed| {
                    let pool = &pool;
                    scope.spawn(move || {
                        let mut random = Rng::with_seed(seed);
                        let mut detached = 0;
                        let mut held = Vec::new();
                        for _ in 0..CALLS {
                            let mut buffer = pool.get(any_length(&mut random));
                            buffer.resize(any_length(&mut random), 0);
                            held.push(buffer);
                            if random.u8(..4) == 0 {
                                held.clear();
                            }
                            if random.u8(..50) == 0 {
                                detached += u64::from(held.pop().map(Buffer::detach).is_some());
                            }
                            if random.u8(..200) == 0 {
                                pool.tick();
                            }
                        }
                        detached
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().expect("no call panics")).sum()
        });
        let stats = pool.stats();
        assert_eq!(stats.gets(), THREADS * CALLS);
        assert_eq!(stats.puts, THREADS * CALLS - detached);
        assert_eq!(stats.idle, stats.puts - stats.hits.total() - stats.drops.total());
        pool.clear();
        assert_eq!(pool.stats().idle, 0);
        let sum = pool.class_stats().fold(0, |sum, (_, class)| sum + class.gets());
        assert_eq!(sum, THREADS * CALLS);
    }
}
