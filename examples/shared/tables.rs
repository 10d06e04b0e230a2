//! Tables of figures, as the examples print them.

use comfy_table::{CellAlignment, Table, presets};
use pooldeque::Stats;

/// A table with these headings: names in the first column, numbers in the others.
pub(crate) fn table(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::ASCII_MARKDOWN).set_header(headings);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// What several pools say of themselves, a line each.
pub(crate) fn of_pools<'a>(pools: impl IntoIterator<Item = (&'a str, Stats)>) -> Table {
    let mut table = table(&["pool", "gets", "hit rate", "private", "own", "stolen", "victim", "made", "idle"]);
    for (name, stats) in pools {
        let hits = stats.hits;
        let counts = [hits.private, hits.own, hits.stolen, hits.victim, stats.misses, stats.idle];
        let mut row = vec![name.to_owned(), stats.gets().to_string(), percent(1.0 - stats.miss_rate())];
        row.extend(counts.map(|count| count.to_string()));
        table.add_row(row);
    }
    table
}

/// A share of one, in per cent.
pub(crate) fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}
