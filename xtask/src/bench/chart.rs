//! The chart: a panel a row, with a bar a subject, or a line a subject over the sizes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use minijinja::{Environment, Value, context};

use super::results::{Measured, Results};

const OURS: &str = "#d05a1e";
const ALSO_OURS: &str = "#e8a23d";
const PEER: &str = "#7d95ad";
const NO_PEER: &str = "#c4c9ce";

/// Draws the rows that were measured, in a file and in a reference for rustdoc, which has no files beside its pages.
pub(super) fn save(path: &Path, results: &Results) -> Result<()> {
    let chart = draw(results)?;
    for (path, text) in [(path, &chart), (&path.with_extension("svg.ref"), &inlined(&chart))] {
        fs::write(path, text).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// The reference `chart` of a page, with the whole picture in it.
fn inlined(chart: &str) -> String {
    format!("[chart]: data:image/svg+xml;base64,{}\n", BASE64_STANDARD.encode(chart))
}

fn draw(results: &Results) -> Result<String> {
    let suite = results.suite;
    let panels = |rows: &[String], panel: fn(String, &Results, &[Measured<'_>]) -> Value| {
        let measured = rows.iter().map(|row| (row, results.row(row))).filter(|(_, row)| !row.is_empty());
        let panel = |(row, measured): (&String, Vec<_>)| {
            let title = suite.rows.iter().find(|it| it[0] == *row);
            let title = title.map_or(String::new(), |[_, what, unit]| format!("{what} ({unit})"));
            panel(title, results, &measured)
        };
        measured.map(panel).collect::<Vec<_>>()
    };
    let mut environment = Environment::new();
    environment.add_filter("log", f64::log10);
    environment.add_filter("figure", |nanoseconds: f64| format!("{nanoseconds:.1}"));
    environment.add_template("chart.xml", include_str!("chart.svg.j2"))?;
    // A panel is as high as its bars need, and no less than this.
    let most_bars = suite.bars.iter().map(|row| results.row(row).len()).max().unwrap_or_default();
    let height = (40 + 17 * most_bars).max(300);
    let context =
        context! { bars => panels(&suite.bars, bars), lines => panels(&suite.lines, lines), height };
    environment.get_template("chart.xml")?.render(context).context("the chart's template")
}

fn slowest<'a>(row: impl IntoIterator<Item = &'a Measured<'a>>) -> f64 {
    row.into_iter().map(|it| it.nanoseconds).fold(0.0, f64::max)
}

/// The fastest on top. Bars far longer than ours are cut off; their figure is not.
fn bars(title: String, _: &Results, row: &[Measured<'_>]) -> Value {
    let of_ours = slowest(row.iter().filter(|it| it.is_ours()));
    let full = if of_ours > 0.0 { slowest(row).min(3.0 * of_ours) } else { slowest(row) };
    let bar = |it: &Measured<'_>| {
        let color = if it.is_ours() {
            OURS
        } else if it.is_peer() {
            PEER
        } else {
            NO_PEER
        };
        context! { subject => it.subject, nanoseconds => it.nanoseconds, color }
    };
    context! { title, full, bars => row.iter().map(bar).collect::<Vec<_>>() }
}

fn lines(title: String, results: &Results, row: &[Measured<'_>]) -> Value {
    let mut sizes: Vec<_> = row.iter().filter_map(|it| it.size).collect();
    sizes.dedup();
    let series = results.suite.in_lines.iter().zip([OURS, ALSO_OURS, PEER, NO_PEER]);
    let series = series.map(|(subject, color)| {
        let points = row.iter().filter(|it| it.subject == subject);
        let points = points.map(|it| context! { size => it.size, nanoseconds => it.nanoseconds });
        context! { subject, color, points => points.collect::<Vec<_>>() }
    });
    context! { title, sizes, slowest => slowest(row), series => series.collect::<Vec<_>>() }
}

#[cfg(test)]
mod tests {
    use super::super::suite::{DEQUES, POOLS};
    use super::*;

    #[test]
    fn the_pictures_that_rustdoc_shows_are_those_of_the_files() {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
        for page in [&DEQUES.page, &POOLS.page] {
            let read =
                |extension: &str| fs::read_to_string(docs.join(format!("{page}.{extension}"))).unwrap();
            assert!(read("svg.ref") == inlined(&read("svg")), "{page}");
        }
    }

    #[test]
    fn a_bar_far_longer_than_ours_is_cut_off_and_lines_have_a_point_a_size() {
        let mut results = Results::of(&DEQUES);
        for (subject, nanoseconds) in [("pooldeque bounded", 5.0), ("Mutex<VecDeque>", 50.0)] {
            results.add("pair", subject, None, nanoseconds);
        }
        for size in [10, 1000] {
            results.add("growth-head", "pooldeque bounded", Some(size), 5.0);
        }
        let chart = draw(&results).unwrap();
        for part in [
            "width=\"75.3\"",
            "width=\"226.0\"",
            "→ 50.0",
            "Mutex&lt;VecDeque&gt;",
            "48.0,122.5 460.0,122.5 ",
        ] {
            assert!(chart.contains(part), "{part} is not in\n{chart}");
        }
    }
}
