//! Which buffer serves which request, and which are kept.

use fastrand::Rng;
use pooldeque::BufferPool;
use pooldeque::pool::IdleBudget;

use crate::any_length;
use crate::counting_allocator::allocations_during;

const KIB: usize = 1 << 10;
const MIB: usize = 1 << 20;

/// Puts a buffer of this capacity into a pool by itself and asks which request, if any, gets it back.
fn is_kept(pool: &BufferPool, capacity: usize, request: usize) -> bool {
    let buffer = Vec::with_capacity(capacity);
    assert_eq!(buffer.capacity(), capacity, "the system's allocator gives what it is asked for");
    let address = buffer.as_ptr();
    pool.put(buffer);
    let is_kept = pool.get(request).as_ptr() == address;
    pool.clear();
    is_kept
}

/// Whether a pool hands this buffer out to a request.
fn serves(capacity: usize, request: usize) -> bool {
    let pool = BufferPool::new();
    pool.put(Vec::with_capacity(capacity));
    // A buffer that is made has the size of its class, which is a power of two.
    let got = pool.get(request).capacity();
    assert!(got >= request);
    got == capacity
}

#[test]
fn new_buffers_have_the_size_of_their_class() {
    for bits in 6..=20 {
        let size = 1 << bits;
        for request in [size / 2 + 1, size - 1, size] {
            assert_eq!(BufferPool::new().get(request).capacity(), size);
        }
    }
    for request in 0..=64 {
        assert_eq!(BufferPool::new().get(request).capacity(), 64);
    }
    assert_eq!(BufferPool::new().get(65).capacity(), 128);
}

#[test]
fn what_comes_back_serves_the_next_of_its_class() {
    let pool = BufferPool::new();
    for request in [1, 64, 65, 1000, 4097, 100_000, MIB] {
        let mut first = pool.get(request);
        first.push(1);
        let address = first.as_ptr();
        drop(first);
        let second = pool.get(request);
        assert_eq!(second.as_ptr(), address);
        assert!(second.is_empty());
    }
}

#[test]
fn a_capacity_between_two_classes_serves_the_smaller() {
    for bits in 7..20 {
        let size = 1 << bits;
        for capacity in [size + 1, size * 3 / 2, 2 * size - 1] {
            assert!(serves(capacity, size) && serves(capacity, size - 1) && serves(capacity, size / 2 + 1));
            assert!(!serves(capacity, size + 1));
        }
    }
}

#[test]
fn a_request_takes_from_the_next_two_classes_and_no_further() {
    assert!(serves(4 * KIB + 1, 4 * KIB));
    assert!(serves(4 * KIB + 1, 2 * KIB));
    assert!(serves(4 * KIB + 1, KIB));
    assert!(!serves(4 * KIB + 1, 512));
}

#[test]
fn the_nearest_class_comes_first() {
    let pool = BufferPool::new();
    for capacity in [4097, 1025, 2049] {
        pool.put(Vec::with_capacity(capacity));
    }
    let taken = [(); 3].map(|()| pooldeque::buffers::Buffer::detach(pool.get(1024)).capacity());
    assert_eq!(taken, [1025, 2049, 4097]);
}

#[test]
fn no_class_above_the_maximum_is_looked_into() {
    let pool = BufferPool::new().with_max_capacity(KIB);
    drop(pool.get(KIB));
    assert_eq!(pool.get(KIB).capacity(), KIB);
    assert_eq!(pool.get(KIB + 1).capacity(), KIB + 1);
}

#[test]
fn a_buffer_that_has_grown_is_filed_by_its_new_capacity() {
    let pool = BufferPool::new();
    let mut buffer = pool.get(64);
    buffer.reserve_exact(5000);
    let address = buffer.as_ptr();
    drop(buffer);
    assert_ne!(pool.get(64).as_ptr(), address);
    assert_eq!(pool.get(4096).as_ptr(), address);
}

#[test]
fn a_buffer_that_has_shrunk_is_filed_by_its_new_capacity() {
    let pool = BufferPool::new();
    let mut buffer = pool.get(8192);
    buffer.shrink_to(200);
    let address = buffer.as_ptr();
    drop(buffer);
    assert_eq!(pool.get(100).as_ptr(), address);
}

#[test]
fn above_the_maximum_nothing_is_kept_and_nothing_rounded() {
    let pool = BufferPool::new();
    assert!(is_kept(&pool, MIB, MIB));
    pool.put(Vec::with_capacity(MIB + 1));
    assert_eq!(pool.get(MIB).capacity(), MIB);
    for request in [MIB + 1, 3 * MIB, 33 * MIB] {
        assert_eq!(pool.get(request).capacity(), request);
    }

    let pool = BufferPool::new().with_max_capacity(4 * KIB);
    assert!(is_kept(&pool, 4 * KIB, 4 * KIB));
    pool.put(Vec::with_capacity(4 * KIB + 1));
    assert_eq!(pool.get(4 * KIB).capacity(), 4 * KIB);
}

#[test]
fn below_the_smallest_class_nothing_is_kept() {
    let pool = BufferPool::new();
    assert!(is_kept(&pool, 64, 64));
    for capacity in [0, 1, 63] {
        pool.put(Vec::with_capacity(capacity));
        assert_eq!(pool.get(0).capacity(), 64);
        pool.clear();
    }
}

#[test]
fn every_maximum_that_is_a_class_may_be_set() {
    for bits in 6..=25 {
        let pool = BufferPool::new().with_max_capacity(1 << bits);
        assert_eq!(pool.max_capacity(), 1 << bits);
        assert!(is_kept(&pool, 1 << bits, 1 << bits));
    }
}

#[test]
fn a_maximum_that_is_no_class_is_refused_with_a_reason() {
    for bytes in [0, 1, 32, 63, 65, 100, 3 << 10, (1 << 25) + 1, 1 << 26, usize::MAX] {
        let refused = std::panic::catch_unwind(|| BufferPool::new().with_max_capacity(bytes));
        let message = *refused.expect_err("it was not refused").downcast::<&str>().expect("a plain message");
        assert!(message.contains("power of two from 64 to 33554432 bytes"), "{message}");
    }
}

#[test]
fn prefilled_buffers_are_found_without_an_allocation() {
    let pool = BufferPool::new();
    pool.prefill(1000, 3);
    let mut buffers = Vec::with_capacity(4);
    assert_eq!(allocations_during(|| buffers.extend((0..3).map(|_| pool.get(1024)))), 0);
    assert!(allocations_during(|| buffers.push(pool.get(1024))) > 0);

    assert_eq!(allocations_during(|| pool.prefill(MIB + 1, 3)), 0);
}

#[test]
fn a_class_that_is_not_used_allocates_nothing() {
    assert_eq!(allocations_during(|| drop(BufferPool::new())), 0);

    // Where a call looks into larger classes that nobody has used, it allocates no more than where there are none.
    let of_first_call = |pool: &BufferPool| allocations_during(|| drop(pool.get(64)));
    of_first_call(&BufferPool::new());
    let alone = of_first_call(&BufferPool::new().with_max_capacity(64));
    let below_others = of_first_call(&BufferPool::new());
    assert_eq!(alone, below_others);
}

#[test]
fn ticks_and_clears_reach_every_class() {
    let sizes = (6..=20).map(|bits| 1_usize << bits);
    let filled = || {
        let pool = BufferPool::new();
        sizes.clone().for_each(|size| pool.put(Vec::with_capacity(size + 1)));
        pool
    };
    let left = |pool: &BufferPool| {
        sizes
            .clone()
            .filter(|size| pooldeque::buffers::Buffer::detach(pool.get(*size)).capacity() == size + 1)
            .count()
    };
    // One more byte than the maximum is not kept.
    let all = sizes.clone().count() - 1;

    assert_eq!(left(&filled()), all);
    let pool = filled();
    pool.tick();
    assert_eq!(left(&pool), all);
    let pool = filled();
    pool.tick();
    pool.tick();
    assert_eq!(left(&pool), 0);
    let pool = filled();
    pool.clear();
    assert_eq!(left(&pool), 0);
}

#[test]
fn whatever_happens_a_request_gets_an_empty_buffer_with_room() {
    let mut random = Rng::with_seed(1);
    let pool = BufferPool::new().with_max_capacity(8 * KIB);
    let mut held = Vec::new();
    for _ in 0..20_000 {
        let size = any_length(&mut random);
        match random.u8(..8) {
            0..3 => {
                let buffer = pool.get(size);
                assert!(buffer.is_empty() && buffer.capacity() >= size);
                held.push(buffer);
            }
            3 => pool.put(vec![1; size]),
            4 => {
                if let Some(buffer) = held.last_mut() {
                    buffer.resize(size, 2);
                    buffer.shrink_to_fit();
                }
            }
            5..7 if !held.is_empty() => drop(held.swap_remove(random.usize(..held.len()))),
            7 if random.u8(..20) == 0 => pool.tick(),
            _ => {}
        }
    }
}

#[test]
fn all_classes_share_one_budget() {
    static BUDGET: IdleBudget = IdleBudget::new(10_000);
    let pool = BufferPool::new().with_budget(&BUDGET);
    drop((pool.get(4096), pool.get(1024), pool.get(8192)));
    assert_eq!(BUDGET.used(), 4096 + 1024);
    let both = (pool.get(4000), pool.get(1000));
    assert_eq!((both.0.capacity(), both.1.capacity(), BUDGET.used()), (4096, 1024, 0));
    drop(both);
    drop(pool);
    assert_eq!(BUDGET.used(), 0);
}

#[test]
fn zeroed_buffers_are_zeros_whatever_was_in_them() {
    let pool = BufferPool::new();
    for len in [0, 1, 64, 65, 1000, MIB, MIB + 1] {
        let mut buffer = pool.get_zeroed(len);
        assert!(buffer.len() == len && buffer.iter().all(|byte| *byte == 0), "new, {len} bytes");
        let capacity = buffer.capacity();
        assert_eq!(capacity, pool.get(len).capacity(), "of the size that `get` makes");
        buffer.resize(capacity, 7);
        drop(buffer);
        let buffer = pool.get_zeroed(len);
        assert!(buffer.len() == len && buffer.iter().all(|byte| *byte == 0), "reused, {len} bytes");
    }
    let pool = std::sync::Arc::new(pool);
    assert_eq!(*pool.get_zeroed_owned(3), [0; 3]);
}
