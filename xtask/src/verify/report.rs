//! What came of a run: a table on the terminal, and the same in Markdown and JSON files.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use comfy_table::{Cell, CellAlignment, Color, ContentArrangement, Table, presets};
use indicatif::HumanCount;
use serde::Serialize;

use super::progress::duration;
use super::tally::Tally;
use super::workplace::Machine;

mod page;

/// How wide the table is where no terminal says how wide it is.
const WIDTH_ELSEWHERE: u16 = 110;

/// A terminal that says it is narrower than that is not to be believed, or not to be helped.
const NARROWEST: u16 = 50;

/// A whole run.
#[derive(Serialize)]
pub(super) struct Report {
    pub(super) machine: Machine,
    /// Variables of the environment that no step saw.
    pub(super) set_aside: Vec<String>,
    pub(super) steps: Vec<Outcome>,
}

/// What came of a step.
#[derive(Serialize)]
pub(super) struct Outcome {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    pub(super) result: Ending,
    /// How long it took, if it ran.
    pub(super) seconds: Option<f64>,
    pub(super) tally: Tally,
    /// What it ran, as one would type it.
    pub(super) commands: Vec<String>,
}

/// How a step ended, or why it did not begin.
#[derive(Serialize)]
#[serde(tag = "ending", content = "why", rename_all = "snake_case")]
pub(super) enum Ending {
    Passed,
    Failed(String),
    NotRun(String),
}

/// All steps together.
#[derive(Default, Serialize)]
pub(super) struct Totals {
    pub(super) tests_passed: u64,
    pub(super) tests_failed: u64,
    /// Steps that failed without a failing test to show for it.
    pub(super) other_failures: u64,
    pub(super) cases: u64,
    pub(super) scenarios: u64,
    pub(super) executions: u64,
    pub(super) rings_freed: u64,
    pub(super) mutants_killed: u64,
    pub(super) mutants_surviving: u64,
    pub(super) defects_caught: u64,
    pub(super) seconds: f64,
}

impl Report {
    /// Adds up all steps.
    pub(super) fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for Outcome { result, seconds, tally, .. } in &self.steps {
            totals.tests_passed += tally.passed;
            totals.tests_failed += tally.failed;
            totals.other_failures += u64::from(matches!(result, Ending::Failed(_)) && tally.failed == 0);
            totals.cases += tally.total_cases();
            totals.scenarios += tally.scenarios.len() as u64;
            totals.executions += tally.executions();
            totals.rings_freed += tally.rings_freed();
            totals.mutants_killed += tally.mutants_killed();
            totals.mutants_surviving += tally.mutants.len() as u64 - tally.mutants_killed();
            totals.defects_caught += tally.defects_caught();
            totals.seconds += seconds.unwrap_or_default();
        }
        totals
    }

    /// The table for the terminal.
    pub(super) fn on_terminal(&self) -> String {
        let mut table = self.table();
        table.load_preset(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
        if table.width().is_none_or(|width| width < NARROWEST) {
            table.set_width(WIDTH_ELSEWHERE);
        }
        table.to_string()
    }

    /// Writes `report.md` and `report.json` into `folder`, and says where they are.
    pub(super) fn write(&self, folder: &Path) -> Result<[PathBuf; 2]> {
        #[derive(Serialize)]
        struct WithTotals<'report> {
            totals: Totals,
            #[serde(flatten)]
            report: &'report Report,
        }

        let paths = [folder.join("report.md"), folder.join("report.json")];
        let mut json = serde_json::to_string_pretty(&WithTotals { totals: self.totals(), report: self })?;
        json.push('\n');
        for (path, text) in paths.iter().zip([page::page(self)?, json]) {
            fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(paths)
    }

    /// A line a step, and one for all.
    fn table(&self) -> Table {
        let mut table = Table::new();
        table.set_header(["step", "result", "what ran", "time"]);
        for outcome in &self.steps {
            let (word, colour) = match outcome.result {
                Ending::Passed => ("passed", Color::Green),
                Ending::Failed(_) => ("FAILED", Color::Red),
                Ending::NotRun(_) => ("not run", Color::Yellow),
            };
            table.add_row([
                Cell::new(outcome.name),
                Cell::new(word).fg(colour),
                Cell::new(outcome.what_ran()),
                time(outcome.seconds),
            ]);
        }
        let totals = self.totals();
        table.add_row([
            Cell::new("all"),
            Cell::new(""),
            Cell::new(totals.in_words()),
            time(Some(totals.seconds)),
        ]);
        table
    }
}

impl Outcome {
    /// What the step ran, in few words.
    pub(super) fn what_ran(&self) -> String {
        let tally = &self.tally;
        let counted = in_words([
            (tally.passed, "tests"),
            (tally.total_cases(), "cases"),
            (tally.scenarios.len() as u64, "scenarios"),
            (tally.executions(), "executions"),
            (tally.mutants_killed(), "mutants killed"),
            (tally.defects_caught(), "defects caught"),
        ]);
        let mut words = tally.notes.clone();
        words.extend((!counted.is_empty()).then_some(counted));
        match &self.result {
            Ending::Passed if words.is_empty() => match self.commands.len() {
                1 => "1 command".to_owned(),
                count => format!("{count} commands"),
            },
            Ending::Passed => words.join(", "),
            Ending::Failed(why) => first_line(why).to_owned(),
            Ending::NotRun(why) => why.clone(),
        }
    }
}

impl Totals {
    /// How many things failed.
    pub(super) fn failed(&self) -> u64 {
        self.tests_failed + self.other_failures
    }

    fn in_words(&self) -> String {
        in_words([
            (self.tests_passed, "tests"),
            (self.cases, "cases"),
            (self.scenarios, "scenarios"),
            (self.executions, "executions"),
            (self.mutants_killed, "mutants killed"),
            (self.mutants_surviving, "mutants surviving"),
            (self.defects_caught, "defects caught"),
        ])
    }
}

/// The counts that are not zero, each with what was counted.
fn in_words<const N: usize>(counts: [(u64, &str); N]) -> String {
    let counted = counts.into_iter().filter(|(count, _)| *count > 0);
    let words: Vec<_> = counted.map(|(count, of_what)| format!("{} {of_what}", HumanCount(count))).collect();
    words.join(", ")
}

fn number(number: u64) -> Cell {
    Cell::new(HumanCount(number)).set_alignment(CellAlignment::Right)
}

fn time(seconds: Option<f64>) -> Cell {
    let took = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    Cell::new(took.map_or_else(String::new, duration)).set_alignment(CellAlignment::Right)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::deviation::tests::{defect_line, mutant_line};
    use super::super::scenario::tests::line;
    use super::super::tally::tests::tally_of;
    use super::*;

    fn outcome(name: &'static str, result: Ending, lines: &[&str]) -> Outcome {
        Outcome {
            name,
            about: "it holds",
            result,
            seconds: Some(1.5),
            tally: tally_of(lines),
            commands: vec!["cargo".to_owned()],
        }
    }

    /// A run with a step of every ending.
    pub(super) fn report() -> Report {
        let machine =
            Machine { system: "an os".to_owned(), cores: 2, compiler: "rustc".to_owned(), commit: None };
        let result = |passed: u32, failed: u32| {
            format!(
                "test result: ok. {passed} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out"
            )
        };
        let steps = vec![
            outcome("std", Ending::Passed, &[&result(40, 0), "cases: ring 4096"]),
            outcome(
                "loom",
                Ending::Failed("2 tests failed".to_owned()),
                &[
                    &result(3, 2),
                    &line(2, 2257, 12),
                    &mutant_line(Some("growth")),
                    &mutant_line(None),
                    &defect_line(None),
                ],
            ),
            outcome("docs", Ending::Failed("the command failed".to_owned()), &[]),
            outcome("package", Ending::NotRun("not asked for".to_owned()), &[]),
        ];
        Report { machine, set_aside: vec!["LOOM_MAX_DURATION".to_owned()], steps }
    }

    #[test]
    fn failing_tests_and_steps_that_fail_without_one_add_up() {
        let totals = report().totals();
        assert_eq!((totals.tests_passed, totals.failed()), (43, 3));
        assert_eq!(
            (totals.cases, totals.scenarios, totals.executions, totals.rings_freed),
            (4096, 1, 2257, 12)
        );
        assert_eq!((totals.mutants_killed, totals.mutants_surviving, totals.defects_caught), (1, 1, 0));
        assert!((totals.seconds - 6.0).abs() < 1e-9);
    }

    #[test]
    fn the_terminal_shows_a_line_for_each_step_and_one_for_all() {
        let table = report().on_terminal();
        for name in ["std", "loom", "docs", "package", "all"] {
            assert!(table.lines().any(|line| line.contains(name)), "{name} is not in\n{table}");
        }
    }
}
