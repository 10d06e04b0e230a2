//! The report as a page of Markdown.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use anyhow::Result;
use comfy_table::{Cell, Table, presets};

use super::rows::{self, Row};
use super::{Deep, Ending, Outcome, Report, first_line, in_seconds, number, time};
use crate::verify::tally::Tally;
use crate::verify::workplace::Machine;

mod deviations;

/// As much as is shown of why something failed on purpose; the JSON has all of it.
const LONGEST_REASON: usize = 90;

/// The whole page.
pub(super) fn page(report: &Report) -> Result<String> {
    let mut page = String::new();
    write_head(&mut page, report)?;
    writeln!(page, "{}\n", as_markdown(report.table()))?;
    write_steps(&mut page, report)?;
    write_not_run(&mut page, report)?;
    write_left(&mut page, report)?;
    write_scenarios(&mut page, report)?;
    deviations::write(&mut page, report)?;
    write_section(&mut page, report, "Each property", &["property", "cases"], |tally| {
        tally.cases.iter().map(|cases| vec![text(&cases.name), number(cases.count)]).collect()
    })?;
    Ok(page)
}

fn write_head(page: &mut String, report: &Report) -> Result<()> {
    writeln!(page, "# What was verified: the {} tier\n", report.tier.name())?;
    let Machine { system, cores, compiler, commit } = &report.machine;
    writeln!(page, "`{}`, begun {}; {system}, {cores} cores, {compiler}.\n", report.command, report.began)?;
    writeln!(page, "Commit: {}.\n", commit.as_deref().unwrap_or("unknown"))?;
    if let Some(picked) = &report.picked {
        writeln!(page, "Not everything: {picked}.\n")?;
    }
    if let Some(Deep { journal, goes_on, stale }) = &report.deep {
        let so_far = if *goes_on { "which earlier runs had begun" } else { "begun by this run" };
        writeln!(page, "What was explored stands in `{journal}`, {so_far}.\n")?;
        for stale in stale {
            writeln!(page, "Stale, for it is of other sources, and kept: `{stale}`.\n")?;
        }
    }
    if !report.set_aside.is_empty() {
        writeln!(page, "Set aside from the environment: {}.\n", report.set_aside.join(", "))?;
    }
    Ok(())
}

fn write_steps(page: &mut String, report: &Report) -> Result<()> {
    writeln!(page, "## Each step\n")?;
    for outcome in &report.steps {
        writeln!(page, "- **{}**: {}.", outcome.name, outcome.about)?;
        match &outcome.result {
            Ending::Passed if outcome.earlier => {
                writeln!(page, "  - passed in an earlier run, on the same code; not repeated")?;
            }
            Ending::Failed(why) => writeln!(page, "  - failed: {}", first_line(why))?,
            Ending::Passed | Ending::NotRun(_) | Ending::NotInTier(_) | Ending::OutOfTime => {}
        }
        for command in &outcome.commands {
            writeln!(page, "  - `{command}`")?;
        }
    }
    Ok(())
}

fn write_not_run(page: &mut String, report: &Report) -> Result<()> {
    let mut lines = Vec::new();
    for Outcome { name, result, tally, .. } in &report.steps {
        match result {
            Ending::NotRun(why) | Ending::NotInTier(why) => {
                lines.push(format!("- **{name}**: not run: {why}"));
            }
            Ending::OutOfTime => lines.push(format!("- **{name}**: not run: the time was up")),
            Ending::Passed | Ending::Failed(_) => {}
        }
        lines.extend(tally.not_run.iter().map(|what| format!("- **{name}**: not run: {what}")));
    }
    if !lines.is_empty() {
        writeln!(page, "\n## What was not run, and why\n\n{}", lines.join("\n"))?;
    }
    Ok(())
}

fn write_left(page: &mut String, report: &Report) -> Result<()> {
    let Some(left) = report.totals().left() else { return Ok(()) };
    writeln!(
        page,
        "\n## What is left\n\nThe time was up: {left}. The same command again goes on. A program counts once for \
         each search that it is left of."
    )?;
    let mut table = Table::new();
    table.set_header(["step", "programs for", "thieves", "runtime", "search", "lines", "programs"]);
    for outcome in &report.steps {
        for (row, (lines, programs)) in rows::left(&outcome.tally) {
            let words = [outcome.name.as_str()].into_iter().chain(row).map(text);
            table.add_row(words.chain([number(lines), number(programs)]));
        }
    }
    if table.row_count() > 0 {
        writeln!(page, "\n{}", as_markdown(table))?;
    }
    Ok(())
}

fn write_scenarios(page: &mut String, report: &Report) -> Result<()> {
    if report.steps.iter().all(|outcome| outcome.tally.scenarios.is_empty()) {
        return Ok(());
    }
    writeln!(page, "\n## What was explored\n")?;
    writeln!(
        page,
        "Complete: *yes*, these were provably all executions; *to its bound*, the search came to its own end, \
         within the bound and short of what the model checker leaves out; *cut off*, so many of the programs \
         have more executions than a program may have; *sample*, executions chosen at random. The families \
         of programs are added up over their starts; the JSON beside this page has each of them."
    )?;
    for Outcome { name, tally, .. } in &report.steps {
        let runtimes: BTreeSet<_> =
            tally.scenarios.iter().map(|scenario| scenario.runtime.as_str()).collect();
        let on = runtimes.into_iter().collect::<Vec<_>>().join(", ");
        write_rows(
            page,
            &format!("`{name}` ({on}): scenarios with a name"),
            &NAMED,
            &rows::named(tally),
            |row| vec![text(&row.first().name), text(&row.first().program)],
        )?;
        write_rows(
            page,
            &format!("`{name}` ({on}): every program"),
            &FAMILIES,
            &rows::families(tally),
            |row| {
                let (structure, thieves) = row.place();
                vec![text(structure), text(thieves), number(row.starts()), number(row.sum(|it| it.programs))]
            },
        )?;
    }
    Ok(())
}

const NAMED: [&str; 2] = ["scenario", "program"];
const FAMILIES: [&str; 4] = ["programs for", "thieves", "starts", "programs"];
const OF_BOTH: [&str; 7] =
    ["bound", "threads", "operations", "executions", "complete", "rings freed", "time"];

/// A table of rows, which begin with what `first` has of them.
fn write_rows(
    page: &mut String,
    heading: &str,
    columns: &[&str],
    rows: &[Row<'_>],
    first: impl Fn(&Row<'_>) -> Vec<Cell>,
) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let mut table = Table::new();
    table.set_header(columns.iter().chain(&OF_BOTH));
    for row in rows {
        let rest = [
            text(&row.searches()),
            number(row.most(|it| it.threads)),
            number(row.most(|it| it.operations)),
            number(row.sum(|it| it.executions)),
            text(&row.completeness()),
            number(row.sum(|it| it.rings_freed)),
            text(&format!(
                "{}{}",
                in_seconds(row.seconds()),
                if row.is_earlier() { ", earlier" } else { "" }
            )),
        ];
        table.add_row(first(row).into_iter().chain(rest));
    }
    writeln!(page, "\n### {heading}\n\n{}", as_markdown(table))?;
    Ok(())
}

/// A table of what `rows` finds in each step's tally, below its heading; nothing if it finds nothing.
fn write_section(
    page: &mut String,
    report: &Report,
    heading: &str,
    columns: &[&str],
    rows: impl Fn(&Tally) -> Vec<Vec<Cell>>,
) -> Result<()> {
    let mut table = Table::new();
    table.set_header(["step"].iter().chain(columns));
    for outcome in &report.steps {
        for row in rows(&outcome.tally) {
            table.add_row([text(&outcome.name)].into_iter().chain(row));
        }
    }
    if table.row_count() > 0 {
        writeln!(page, "\n## {heading}\n\n{}", as_markdown(table))?;
    }
    Ok(())
}

/// A cell that cannot break out of its table, nor begin a tag.
fn text(text: &str) -> Cell {
    Cell::new(text.replace('\n', " ").replace('|', "\\|").replace('<', "&lt;").replace('>', "&gt;"))
}

/// A cell with the beginning of a message.
fn reason(message: Option<&str>) -> Cell {
    let message = message.unwrap_or_default();
    match message.char_indices().nth(LONGEST_REASON) {
        Some((end, _)) => text(&format!("{}…", &message[..end])),
        None => text(message),
    }
}

/// The table without the spaces that would align it.
fn as_markdown(mut table: Table) -> String {
    let table = table.load_preset(presets::ASCII_MARKDOWN).force_no_tty().to_string();
    let lines = table.lines().map(|line| {
        if line.chars().all(|character| "|-".contains(character)) {
            return "|---".repeat(line.matches('|').count() - 1) + "|";
        }
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;
    use super::*;

    #[test]
    fn everything_is_told_and_what_did_not_run() {
        let page = page(&report()).unwrap();
        let parts = [
            "the deep tier",
            "40 tests, 4,096 cases",
            "| last_item | ring2/+/s | 3 preemptions | 2 | 5 | 2,257 | to its bound | 12 | 0.1 s |",
            "| ring | s,s | 1 | 31 | 3 preemptions | 3 | 6 | 90 | to its bound | 0 | 2.5 s |",
            "| loom | ring | s,s | loom | no bound | 2 | 35 |",
            "35 programs, 2 lines of the report, 1 whole steps. The same command again goes on.",
            "NEXT_READ",
            "NoGuard",
            "no flag check in push_head",
            "| mutants | 40 | 1 | 9 | 2 | 0 |",
            "**package**: not run: not asked for",
            "**sanitizers**: not run: the time was up",
            "passed in an earlier run",
            "LOOM_MAX_DURATION",
            "`target/a.jsonl`, which earlier runs had begun",
            "Stale, for it is of other sources, and kept: `target/b`",
        ];
        for part in parts {
            assert!(page.contains(part), "{part} is not in\n{page}");
        }
    }

    #[test]
    fn what_a_cell_says_stays_in_it() {
        assert_eq!(text("a|b\nc").content(), "a\\|b c");
        assert_eq!(text("Vec<u8>").content(), "Vec&lt;u8&gt;");
    }

    #[test]
    fn a_long_reason_is_cut_at_a_character() {
        let long = "é".repeat(LONGEST_REASON + 1);
        assert_eq!(reason(Some(&long)).content(), format!("{}…", "é".repeat(LONGEST_REASON)));
        assert_eq!(reason(Some("short")).content(), "short");
    }

    #[test]
    fn a_table_takes_no_more_room_than_it_needs() {
        let mut table = Table::new();
        table.set_header(["program", "executions"]);
        table.add_row([text("ring1/----/s"), number(7)]);
        table.add_row([text(""), number(1_000_000)]);
        let expected = "| program | executions |\n|---|---|\n| ring1/----/s | 7 |\n| | 1,000,000 |";
        assert_eq!(as_markdown(table), expected);
    }
}
