//! What the user gives a pool may use the same pool.

use std::cell::Cell;
use std::sync::LazyLock;

use pooldeque::Pool;

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
