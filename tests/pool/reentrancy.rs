//! What the user gives a pool may use the same pool.

use std::cell::Cell;
use std::sync::LazyLock;

use pooldeque::{Pool, tick_all};

#[test]
fn create_gets_from_the_same_pool() {
    static NESTED: LazyLock<Pool<Vec<u32>>> = LazyLock::new(|| {
        Pool::new(|| {
            thread_local!(static DEPTH: Cell<u32> = const { Cell::new(0) });
            let depth = DEPTH.replace(DEPTH.get() + 1);
            let inner = if depth < 5 { NESTED.get().clone() } else { Vec::new() };
            DEPTH.set(depth);
            [inner, vec![depth]].concat()
        })
    });
    assert_eq!(*NESTED.get(), [5, 4, 3, 2, 1, 0]);
}

#[test]
fn reset_and_rule_use_the_same_pool() {
    static LISTS: Pool<Vec<u32>> = <Pool<Vec<u32>>>::new(Vec::new)
        .with_reset(|list| {
            if let Some(other) = LISTS.take() {
                list.extend(other);
            }
        })
        .with_retain(|list| {
            if list.len() == 3 {
                LISTS.prefill(1);
            }
            true
        });
    LISTS.put(vec![1]);
    LISTS.put(vec![2]);
    LISTS.put(vec![3]);
    let mut lists: Vec<_> = std::iter::from_fn(|| LISTS.take()).collect();
    lists.sort();
    assert_eq!(lists, [vec![], vec![3, 2, 1]]);
}

/// A value whose destructor uses the pool it was in.
struct Phoenix {
    lives: u32,
}

static PHOENIXES: Pool<Phoenix> = Pool::new(|| Phoenix { lives: 0 });

impl Drop for Phoenix {
    fn drop(&mut self) {
        if self.lives != 0 {
            PHOENIXES.put(Phoenix { lives: self.lives - 1 });
            PHOENIXES.tick();
            tick_all();
            PHOENIXES.clear();
        }
    }
}

#[test]
fn a_destructor_puts_takes_and_ticks() {
    PHOENIXES.put(Phoenix { lives: 3 });
    for _ in 0..8 {
        PHOENIXES.tick();
    }
    assert!(PHOENIXES.take().is_none(), "all its lives have aged");
}
