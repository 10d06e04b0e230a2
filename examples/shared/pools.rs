//! Pool statistics, as the examples print them.

use comfy_table::Table;
use pooldeque::pool::Stats;

use crate::tables;

/// A table with one row per pool.
pub(crate) fn table<'a>(pools: impl IntoIterator<Item = (&'a str, Stats)>) -> Table {
    let headings = ["pool", "gets", "hit rate", "private", "own", "stolen", "victim", "made", "idle"];
    let mut table = tables::table(&headings);
    for (name, stats) in pools {
        let hits = stats.hits;
        let counts = [hits.private, hits.own, hits.stolen, hits.victim, stats.misses, stats.idle];
        let hit_rate = tables::percent(1.0 - stats.miss_rate());
        let mut row = vec![name.to_owned(), stats.gets().to_string(), hit_rate];
        row.extend(counts.map(|count| count.to_string()));
        table.add_row(row);
    }
    table
}
