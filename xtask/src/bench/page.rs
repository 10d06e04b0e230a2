//! The measured part of docs/performance.md.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use comfy_table::Table;
use comfy_table::presets::ASCII_MARKDOWN;

use super::figures::{self, Figure};
use super::results::Results;
use super::{Effort, table};

const BEGIN: &str = "<!-- measured: written by `cargo xtask bench --save` -->";
const END: &str = "<!-- end of what was measured -->";

/// The tables, and what they were measured on.
pub(super) fn measured(machine: &str, effort: Effort, results: &Results, figures: &[Figure]) -> String {
    let mut page = String::new();
    let Effort { rounds, seconds } = effort;
    let _ = writeln!(page, "Measured on: {machine}.");
    let _ =
        writeln!(page, "{rounds} rounds of {seconds} s for each subject at each row; their median counts.");
    if let Some(noise) = results.noise() {
        let _ = writeln!(page, "\n{noise}");
    }
    let _ = writeln!(page, "\n## The figures\n\n{}\n", markdown(figures::table(figures)));
    let _ = writeln!(page, "{}\n\n## The rows", figures::summary(figures));
    for (title, table) in table::all(results) {
        let (name, what) = title.split_once(": ").unwrap_or((&title, ""));
        let _ = writeln!(page, "\n### `{name}`\n\n{what}.\n\n{}", markdown(table));
    }
    page
}

/// The table as Markdown, in which the `<` of a type would begin a tag.
fn markdown(mut table: Table) -> String {
    table.load_preset(ASCII_MARKDOWN).force_no_tty();
    table.to_string().replace('<', "&lt;").replace('>', "&gt;")
}

/// Puts the measured part into the page, in place of the last one.
pub(super) fn save(path: &Path, measured: &str) -> Result<()> {
    let page = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let page = replaced(&page, measured)
        .with_context(|| format!("{} has no place for what was measured", path.display()))?;
    fs::write(path, page).with_context(|| path.display().to_string())
}

/// The page with the part between the marks replaced.
fn replaced(page: &str, measured: &str) -> Option<String> {
    let (before, rest) = page.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n\n{measured}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_the_measured_part_is_kept() {
        let page = format!("before\n{BEGIN}\nold\n{END}\nafter\n");
        let page = replaced(&page, "new\n").unwrap_or_default();
        assert!(page.starts_with("before\n") && page.ends_with("\nafter\n"));
        assert!(page.contains("\nnew\n") && !page.contains("old"));
        assert_eq!(replaced(&page, "new\n"), Some(page), "a second time changes nothing");
    }

    #[test]
    fn a_page_without_the_marks_is_refused() {
        assert_eq!(replaced("nothing here", "new"), None);
    }
}
