//! The report as a page of Markdown.

use std::fmt::Write as _;

use anyhow::Result;
use comfy_table::{Cell, Table, presets};

use super::{Ending, Report, first_line, number, time};
use crate::verify::tally::Tally;
use crate::verify::workplace::Machine;

/// The whole page.
pub(super) fn page(report: &Report) -> Result<String> {
    let mut page = String::from("# What was verified\n\n");
    let Machine { system, cores, compiler, commit } = &report.machine;
    writeln!(page, "`cargo xtask verify`, {system}, {cores} cores, {compiler}.\n")?;
    writeln!(page, "Commit: {}.\n", commit.as_deref().unwrap_or("unknown"))?;
    if !report.set_aside.is_empty() {
        writeln!(page, "Set aside from the environment: {}.\n", report.set_aside.join(", "))?;
    }
    writeln!(page, "{}\n", as_markdown(report.table()))?;
    write_steps(&mut page, report)?;

    write_section(
        &mut page,
        report,
        "Each scenario",
        &[
            "scenario",
            "program",
            "runtime",
            "search",
            "programs",
            "threads",
            "operations",
            "bound",
            "executions",
            "complete",
            "rings freed",
            "time",
        ],
        |tally| {
            tally
                .scenarios
                .iter()
                .map(|scenario| {
                    vec![
                        text(&scenario.name),
                        text(&scenario.program),
                        text(&scenario.runtime),
                        text(&scenario.search),
                        number(scenario.programs),
                        number(scenario.threads),
                        number(scenario.operations),
                        scenario.bound.map_or(text("none"), number),
                        number(scenario.executions),
                        text(if scenario.complete { "yes" } else { "no" }),
                        number(scenario.rings_freed),
                        time(Some(scenario.seconds)),
                    ]
                })
                .collect()
        },
    )?;
    write_section(
        &mut page,
        report,
        "Each ordering made weaker",
        &["site", "ordering", "weakened to", "killed by", "executions", "because"],
        |tally| {
            tally
                .mutants
                .iter()
                .map(|mutant| {
                    vec![
                        text(&mutant.site),
                        text(&mutant.ordering),
                        text(&mutant.weakened),
                        text(mutant.killed_by.as_deref().unwrap_or("nothing")),
                        number(mutant.executions),
                        text(mutant.because.as_deref().unwrap_or_default()),
                    ]
                })
                .collect()
        },
    )?;
    write_section(
        &mut page,
        report,
        "Each defect made on purpose",
        &["defect", "runtime", "caught by", "executions", "because"],
        |tally| {
            tally
                .defects
                .iter()
                .map(|defect| {
                    vec![
                        text(&defect.defect),
                        text(&defect.runtime),
                        text(defect.caught_by.as_deref().unwrap_or("nothing")),
                        number(defect.executions),
                        text(defect.because.as_deref().unwrap_or_default()),
                    ]
                })
                .collect()
        },
    )?;
    write_section(&mut page, report, "Each property", &["property", "cases"], |tally| {
        tally.cases.iter().map(|cases| vec![text(&cases.name), number(cases.count)]).collect()
    })?;
    Ok(page)
}

fn write_steps(page: &mut String, report: &Report) -> Result<()> {
    writeln!(page, "## Each step\n")?;
    for outcome in &report.steps {
        writeln!(page, "- **{}**: {}.", outcome.name, outcome.about)?;
        match &outcome.result {
            Ending::Passed => {}
            Ending::Failed(why) => writeln!(page, "  - failed: {}", first_line(why))?,
            Ending::NotRun(why) => writeln!(page, "  - not run: {why}")?,
        }
        for command in &outcome.commands {
            writeln!(page, "  - `{command}`")?;
        }
    }
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
            table.add_row([text(outcome.name)].into_iter().chain(row));
        }
    }
    if table.row_count() > 0 {
        writeln!(page, "\n## {heading}\n\n{}", as_markdown(table))?;
    }
    Ok(())
}

/// A cell that cannot break out of its table.
fn text(text: &str) -> Cell {
    Cell::new(text.replace('\n', " ").replace('|', "\\|"))
}

fn as_markdown(mut table: Table) -> String {
    table.load_preset(presets::ASCII_MARKDOWN).force_no_tty().to_string()
}

#[cfg(test)]
mod tests {
    use super::super::tests::report;
    use super::*;

    #[test]
    fn every_step_scenario_mutant_and_property_is_told_and_what_did_not_run() {
        let page = page(&report()).unwrap();
        let parts = [
            "40 tests, 4,096 cases",
            "2,257",
            "last_item",
            "NEXT_READ",
            "NoGuard",
            "not run: not asked for",
            "LOOM_MAX_DURATION",
        ];
        for part in parts {
            assert!(page.contains(part), "{part} is not in\n{page}");
        }
    }

    #[test]
    fn what_a_cell_says_stays_in_it() {
        assert_eq!(text("a|b\nc").content(), "a\\|b c");
    }
}
