//! The tables that the examples print.

/// A table: its headings, and its rows.
#[derive(Debug)]
pub(crate) struct Table {
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// All tables in a text.
pub(crate) fn tables(text: &str) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut above = "";
    for line in text.lines() {
        if line.starts_with("|--") {
            tables.push(Table { headings: cells(above), rows: Vec::new() });
        } else if line.starts_with('|') && above.starts_with('|') {
            let table = tables.last_mut().filter(|_| !above.is_empty());
            // The line of headings precedes the separator that starts its table.
            if let Some(table) = table {
                table.rows.push(cells(line));
            }
        }
        above = line;
    }
    tables
}

fn cells(line: &str) -> Vec<String> {
    line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()
}

impl Table {
    /// The names of the rows.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.rows.iter().map(|row| row[0].as_str()).collect()
    }

    /// The cell in the row of this name, under the first heading of this name.
    #[track_caller]
    pub(crate) fn cell(&self, row: &str, heading: &str) -> &str {
        let column = self.headings.iter().position(|one| one == heading);
        let row = self.rows.iter().find(|cells| cells[0] == row);
        match (row, column) {
            (Some(row), Some(column)) => &row[column],
            _ => panic!("no such cell in {self:?}"),
        }
    }

    /// The number in that cell, without its unit.
    #[track_caller]
    pub(crate) fn number(&self, row: &str, heading: &str) -> f64 {
        let cell = self.cell(row, heading);
        let digits = cell.split(' ').next().unwrap_or_default().replace(',', "");
        digits.parse().unwrap_or_else(|_| panic!("{cell:?} is not a number"))
    }
}
