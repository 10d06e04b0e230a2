//! `tiered`: the cost of each source of buffers.

use crate::program::printed;
use crate::table::tables;

#[test]
fn pools_by_size_hold_less_than_one_pool_and_allocate_as_little() {
    let printed = printed("tiered", ["--requests", "10000", "--warm-up", "10000", "--at-once", "8"]);
    let tables = tables(&printed);
    let [table] = &tables[..] else { panic!("{printed}") };
    let [none, one, capped, tiered, adaptive] = table.names()[..] else { panic!("{printed}") };

    let allocations = |name| table.number(name, "allocations/request");
    assert_eq!(allocations(none), 1.0, "each request makes its own buffer: {printed}");
    assert_eq!(table.cell(none, "idle at the end"), "0 B");
    for name in [one, tiered, adaptive] {
        assert!(allocations(name) < 0.05, "{name}: {printed}");
    }
    assert!(allocations(capped) > 0.1, "two in ten are too large for it: {printed}");

    // The classes keep small requests from getting large buffers.
    let capacity = |name| table.number(name, "capacity/byte");
    assert_eq!(capacity(none), 1.0);
    for name in [tiered, adaptive] {
        assert!((1.0..4.0).contains(&capacity(name)) && capacity(name) < 0.5 * capacity(one), "{printed}");
        let both_in =
            |unit: &str| [one, name].iter().all(|it| table.cell(it, "idle at the end").ends_with(unit));
        assert!(both_in("MiB"), "{printed}");
        assert!(table.number(name, "idle at the end") < table.number(one, "idle at the end"), "{printed}");
    }
    for name in [one, capped, tiered, adaptive] {
        assert!(table.number(name, "ns/request") > 0.0 && table.number(name, "hit rate") > 50.0, "{printed}");
    }
}
