//! Tables as people see them.

use anyhow::{Result, ensure};
use comfy_table::{ContentArrangement, Table, presets};
use regex::RegexSet;

/// For a terminal, as wide as that is.
pub(crate) fn for_terminal(mut table: Table) -> Table {
    table.load_preset(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table
}

/// As Markdown, in which the `<` of a type would begin a tag.
pub(crate) fn as_markdown(mut table: Table) -> String {
    table.load_preset(presets::ASCII_MARKDOWN).force_no_tty();
    table.to_string().replace('<', "&lt;").replace('>', "&gt;")
}

/// Those of `all` whose name matches one of the patterns, and all if there are none. Refuses to choose nothing.
pub(crate) fn choose<T>(
    all: Vec<T>,
    patterns: &[String],
    name: fn(&T) -> &str,
    nothing: &str,
) -> Result<Vec<T>> {
    let set = RegexSet::new(patterns)?;
    let chosen: Vec<_> = all.into_iter().filter(|it| patterns.is_empty() || set.is_match(name(it))).collect();
    ensure!(!chosen.is_empty(), "{nothing}");
    Ok(chosen)
}
