//! `cache`: the cache saves lookups, the pool saves allocations.

use crate::program::printed;
use crate::table::tables;

#[test]
fn the_cache_saves_work_and_the_pool_saves_allocations() {
    let printed = printed("cache", ["--documents", "60", "--capacity", "20", "--queries", "600"]);
    let tables = tables(&printed);
    let [table] = &tables[..] else { panic!("{printed}") };
    let ways = ["neither", "a pool", "a cache", "a cache and a pool"];
    assert_eq!(table.names(), ways);
    for way in ways {
        assert!(table.number(way, "CPU ns/query") > 0.0);
        let (in_cache, in_pool) = (table.cell(way, "cache hit rate"), table.cell(way, "pool hit rate"));
        assert_eq!(in_cache != "-", way.contains("cache"), "{printed}");
        assert_eq!(in_pool != "-", way.contains("pool"), "{printed}");
    }
    for way in ["a cache", "a cache and a pool"] {
        assert!((20.0..100.0).contains(&table.number(way, "cache hit rate")), "{printed}");
    }
    let allocated = |way| table.number(way, "bytes allocated/query");
    assert!(allocated("a cache") < allocated("neither"), "{printed}");
    for (with, without) in [("a pool", "neither"), ("a cache and a pool", "a cache")] {
        assert!(table.number(with, "pool hit rate") > 90.0, "{printed}");
        assert!(allocated(with) < 0.2 * allocated(without), "{printed}");
    }
}
