//! The measured part of a page in docs/.

use std::fmt::Write as _;

use super::figures;
use super::results::Results;
use super::suite::Effort;
use super::table;
use crate::tables::as_markdown;

/// The tables, and what they were measured on.
pub(super) fn measured(machine: &str, effort: Effort, results: &Results) -> String {
    let mut page = String::new();
    let Effort { rounds, seconds } = effort;
    let _ = writeln!(page, "Measured on: {machine}.");
    let _ =
        writeln!(page, "{rounds} rounds of {seconds} s for each subject at each row; their median counts.");
    if let Some(noise) = results.noise() {
        let _ = writeln!(page, "\n{noise}");
    }
    let _ = writeln!(page, "\n## The figures\n\n{}\n", as_markdown(figures::table(results)));
    let _ = writeln!(page, "{}\n\n## The rows", figures::summary(results));
    for (title, table) in table::all(results) {
        let (name, what) = title.split_once(": ").unwrap_or((&title, ""));
        let _ = writeln!(page, "\n### `{name}`\n\n{what}.\n\n{}", as_markdown(table));
    }
    page
}
