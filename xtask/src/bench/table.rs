//! A table of each row.

use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{CellAlignment, Table};

use super::results::{Measured, Results};

/// An empty table: the first column to the left, the others to the right.
pub(super) fn new(header: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_preset(UTF8_BORDERS_ONLY).set_header(header);
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// Prints the table of each row that was measured.
pub(super) fn print(results: &Results) {
    for (title, table) in all(results) {
        println!("{title}\n{table}\n");
    }
}

/// The title and the table of each row that was measured.
pub(super) fn all(results: &Results) -> Vec<(String, Table)> {
    let suite = results.suite;
    let rows = suite.rows.iter().filter_map(|[row, what, unit]| {
        let measured = results.row(row);
        let title = format!("{row}: {what}");
        (!measured.is_empty()).then(|| (title, table(&measured, unit, &suite.floor)))
    });
    rows.collect()
}

fn table(row: &[Measured<'_>], unit: &str, floor: &str) -> Table {
    if row.iter().any(|measured| measured.size.is_some()) {
        return by_size(row, unit);
    }
    let best_peer = row.iter().find(|it| it.is_peer()).map(|it| it.nanoseconds);
    let floor = row.iter().find(|it| it.subject == floor).map(|it| it.nanoseconds);
    let mut table = new(&["", unit, "the rounds", "to the best peer", "to the floor"]);
    for measured in row {
        let ratio =
            |to: Option<f64>| to.map_or("–".to_owned(), |to| format!("{:.2}×", measured.nanoseconds / to));
        let (least, most) = measured.range;
        let cells = [
            measured.subject.to_owned(),
            format!("{:.2}", measured.nanoseconds),
            format!("{least:.2} – {most:.2}"),
            ratio(best_peer),
            ratio(floor),
        ];
        table.add_row(cells);
    }
    table
}

/// A column a subject, a line a size.
fn by_size(row: &[Measured<'_>], unit: &str) -> Table {
    let mut subjects: Vec<&str> = row.iter().map(|measured| measured.subject).collect();
    subjects.sort_unstable();
    subjects.dedup();
    let mut sizes: Vec<u64> = row.iter().filter_map(|measured| measured.size).collect();
    sizes.dedup();
    let first = format!("n ({unit})");
    let mut table = new(&[&[first.as_str()], subjects.as_slice()].concat());
    for size in sizes {
        let time = |subject: &&str| {
            let mut of_size = row.iter().filter(|it| it.size == Some(size));
            let found = of_size.find(|it| it.subject == *subject);
            found.map_or("–".to_owned(), |it| format!("{:.2}", it.nanoseconds))
        };
        table.add_row([size.to_string()].into_iter().chain(subjects.iter().map(time)));
    }
    table
}

#[cfg(test)]
mod tests {
    use comfy_table::Cell;

    use super::super::results::tests::at;
    use super::super::suite::DEQUES;
    use super::*;

    const OURS: &str = "pooldeque bounded";

    #[test]
    fn ratios_are_to_the_best_peer_and_to_the_floor() {
        let others = [("packed word alone", 0, 5.0), ("VecDeque, no synchronisation", 0, 1.0)];
        let peers = [("st3 LIFO", 0, 4.0), ("Mutex<VecDeque>", 0, 9.0), (OURS, 0, 6.0)];
        let (_, table) = all(&at(&DEQUES, "pair", &[&others[..], &peers].concat())).swap_remove(0);
        let ours = table.lines().find(|line| line.contains(OURS)).unwrap_or_default();
        assert!(ours.contains("1.50×") && ours.contains("1.20×"), "{ours}");
    }

    #[test]
    fn sizes_are_lines_in_their_order() {
        let sizes = [1000, 10, 100].map(|size| (OURS, size, 5.0));
        let (_, table) = all(&at(&DEQUES, "growth-head", &sizes)).swap_remove(0);
        let sizes = table.row_iter().filter_map(|row| row.cell_iter().next().map(Cell::content));
        assert_eq!(sizes.collect::<Vec<_>>(), ["10", "100", "1000"]);
    }
}
