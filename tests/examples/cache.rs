//! `cache`: what each saves.

use crate::program::printed;
use crate::table::tables;

#[test]
fn the_cache_saves_work_and_the_pool_what_work_allocates() {
    let printed = printed("cache", ["--documents", "60", "--room", "20", "--questions", "600"]);
    let tables = tables(&printed);
    let [table] = &tables[..] else { panic!("{printed}") };
    let ways = ["neither", "a pool", "a cache", "a cache and a pool"];
    assert_eq!(table.names(), ways);
    for way in ways {
        assert!(table.number(way, "CPU ns a question") > 0.0);
        let (in_cache, in_pool) =
            (table.cell(way, "found in the cache"), table.cell(way, "found in the pool"));
        assert_eq!(in_cache != "-", way.contains("cache"), "{printed}");
        assert_eq!(in_pool != "-", way.contains("pool"), "{printed}");
    }
    for way in ["a cache", "a cache and a pool"] {
        assert!((20.0..100.0).contains(&table.number(way, "found in the cache")), "{printed}");
    }
    let allocated = |way| table.number(way, "bytes allocated a question");
    assert!(allocated("a cache") < allocated("neither"), "{printed}");
    for (with, without) in [("a pool", "neither"), ("a cache and a pool", "a cache")] {
        assert!(table.number(with, "found in the pool") > 90.0, "{printed}");
        assert!(allocated(with) < 0.2 * allocated(without), "{printed}");
    }
}
