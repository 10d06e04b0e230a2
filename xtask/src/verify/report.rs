//! What came of a run: a table on the terminal, and the same in Markdown and JSON files.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use comfy_table::{Cell, CellAlignment, Color, ContentArrangement, Table, presets};
use indicatif::HumanCount;
use serde::{Deserialize, Serialize};

use super::extent::Tier;
use super::progress::duration;
use super::tally::Tally;
use super::workplace::Machine;

mod page;
mod rows;
mod totals;

pub(super) use totals::{Explored, Totals};

/// How wide the table is where no terminal says how wide it is.
const WIDTH_ELSEWHERE: u16 = 110;

/// A terminal that says it is narrower than that is not to be believed, or not to be helped.
const NARROWEST: u16 = 50;

/// A whole run.
#[derive(Deserialize, Serialize)]
pub(super) struct Report {
    pub(super) tier: Tier,
    /// The command, as it was typed.
    pub(super) command: String,
    /// When it began.
    pub(super) began: String,
    /// What a filter picked, if not everything was to run.
    pub(super) picked: Option<String>,
    /// Of a deep run.
    pub(super) deep: Option<Deep>,
    pub(super) machine: Machine,
    /// Variables of the environment that no step saw.
    pub(super) set_aside: Vec<String>,
    pub(super) steps: Vec<Outcome>,
}

/// What a deep run remembers.
#[derive(Deserialize, Serialize)]
pub(super) struct Deep {
    pub(super) journal: String,
    /// Whether it was there before.
    pub(super) goes_on: bool,
    /// Journals of other sources.
    pub(super) stale: Vec<String>,
}

/// What came of a step.
#[derive(Clone, Deserialize, Serialize)]
pub(super) struct Outcome {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) result: Ending,
    /// Whether that is of an earlier run, on the same code.
    pub(super) earlier: bool,
    /// How long it took, if it ran.
    pub(super) seconds: Option<f64>,
    pub(super) tally: Tally,
    /// What it ran, as one would type it.
    pub(super) commands: Vec<String>,
}

/// How a step ended, or why it did not begin.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "ending", content = "why", rename_all = "snake_case")]
pub(super) enum Ending {
    Passed,
    Failed(String),
    NotRun(String),
    /// It is for a deeper run than this.
    NotInTier(String),
    /// It did not begin, and the next run will begin it.
    OutOfTime,
}

impl Report {
    /// Adds up all steps.
    pub(super) fn totals(&self) -> Totals {
        Totals::of(&self.steps)
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

    /// The page.
    pub(super) fn page(&self) -> Result<String> {
        page::page(self)
    }

    /// All there is, for programs.
    pub(super) fn json(&self) -> Result<String> {
        #[derive(Serialize)]
        struct WithTotals<'report> {
            totals: Totals,
            #[serde(flatten)]
            report: &'report Report,
        }

        let mut json = serde_json::to_string_pretty(&WithTotals { totals: self.totals(), report: self })?;
        json.push('\n');
        Ok(json)
    }

    /// Whether no step came to run a test.
    pub(super) fn ran_nothing(&self) -> bool {
        let failed = |step: &Outcome| matches!(step.result, Ending::Failed(_));
        self.steps.iter().all(|step| step.tally.is_idle() && !failed(step))
    }

    /// What a run ends with: the count and, if there was too little time, what is left.
    pub(super) fn last_lines(&self) -> Vec<String> {
        let totals = self.totals();
        let mut lines = vec![format!("{} passed, {} failed", totals.tests_passed, totals.failed())];
        if let Some(left) = totals.left() {
            lines.push(format!("left: {left}; the same command again goes on: {}", self.command));
        }
        lines
    }

    /// Writes `NAME.md` and `NAME.json` into `folder`, and says where they are.
    pub(super) fn write(&self, folder: &Path, name: &str) -> Result<[PathBuf; 2]> {
        let paths = ["md", "json"].map(|extension| folder.join(name).with_extension(extension));
        for (path, text) in paths.iter().zip([self.page()?, self.json()?]) {
            fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(paths)
    }

    /// The report whose JSON is in the file.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("{} is no report", path.display()))
    }

    /// A line a step, and one for all.
    fn table(&self) -> Table {
        let mut table = Table::new();
        table.set_header(["step", "result", "what ran", "time"]);
        for outcome in &self.steps {
            let (word, colour) = match outcome.result {
                Ending::Passed if outcome.earlier => ("passed earlier", Color::Green),
                Ending::Passed => ("passed", Color::Green),
                Ending::Failed(_) => ("FAILED", Color::Red),
                Ending::NotRun(_) | Ending::NotInTier(_) => ("not run", Color::Yellow),
                Ending::OutOfTime => ("left", Color::Yellow),
            };
            table.add_row([
                Cell::new(&outcome.name),
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
        let explored = Explored::of(&tally.scenarios);
        let counted = in_words([
            (tally.passed, "tests"),
            (tally.total_cases(), "cases"),
            (explored.scenarios, "scenarios"),
            (explored.programs, "programs"),
            (tally.executions(), "executions"),
            (tally.programs_cut_off(), "programs cut off"),
            (tally.mutants_killed(), "mutants killed"),
            (tally.defects_caught(), "defects caught"),
            (tally.breaks_caught(), "breaks caught"),
            (tally.code_mutants().noticed(), "mutants of the code caught"),
            (tally.code_mutants().listed, "listed"),
            (tally.sanitized.len() as u64, "programs clean under a sanitizer"),
            (tally.not_run.len() as u64, "not run here"),
            (tally.programs_left(), "programs left"),
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
            Ending::NotRun(why) | Ending::NotInTier(why) => why.clone(),
            Ending::OutOfTime => "the time was up before it could begin".to_owned(),
        }
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
    Cell::new(seconds.map_or_else(String::new, in_seconds)).set_alignment(CellAlignment::Right)
}

/// So many seconds, in few words.
pub(super) fn in_seconds(seconds: f64) -> String {
    Duration::try_from_secs_f64(seconds).map_or_else(|_| String::new(), duration)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::deviation::tests::{break_line, defect_line, mutant_line};
    use super::super::scenario::tests::{family_line, left_line, line};
    use super::super::tally::tests::tally_of;
    use super::*;

    /// What came of a step that said these lines.
    pub(in super::super) fn outcome(name: &str, result: Ending, lines: &[&str]) -> Outcome {
        Outcome {
            name: name.to_owned(),
            about: "it holds".to_owned(),
            result,
            earlier: false,
            seconds: Some(1.5),
            tally: tally_of(lines),
            commands: vec!["cargo".to_owned()],
        }
    }

    /// A run with a step of every ending.
    pub(in super::super) fn report() -> Report {
        let machine =
            Machine { system: "an os".to_owned(), cores: 2, compiler: "rustc".to_owned(), commit: None };
        let result = |passed: u32, failed: u32| {
            format!(
                "test result: ok. {passed} passed; {failed} failed; 0 ignored; 0 measured; 0 filtered out"
            )
        };
        let code_mutants = r#"code_mutants: {"caught":40,"unviable":9,"timeouts":1,"listed":2,"missed":0}"#;
        let mutants = outcome("mutants", Ending::Passed, &[code_mutants]);
        let steps = vec![
            outcome("std", Ending::Passed, &[&result(40, 0), "cases: ring 4096"]),
            outcome(
                "loom",
                Ending::Failed("2 tests failed".to_owned()),
                &[
                    &result(3, 2),
                    &line(2, 2257, 12),
                    &family_line("ring1", 31, 90),
                    &left_line("ring1", 31),
                    &left_line("ring2", 4),
                    &mutant_line(Some("growth")),
                    &mutant_line(None),
                    &defect_line(None),
                ],
            ),
            outcome("docs", Ending::Failed("the command failed".to_owned()), &[]),
            outcome("package", Ending::NotRun("not asked for".to_owned()), &[]),
            Outcome { seconds: None, ..outcome("sanitizers", Ending::OutOfTime, &[]) },
            outcome("breaks", Ending::Passed, &[&break_line(Some("growth")), &break_line(None)]),
            Outcome { earlier: true, ..mutants },
        ];
        let deep =
            Deep { journal: "target/a.jsonl".to_owned(), goes_on: true, stale: vec!["target/b".to_owned()] };
        Report {
            tier: Tier::Deep,
            command: "cargo xtask verify --deep".to_owned(),
            began: "2026-01-02T03:04:05Z".to_owned(),
            picked: None,
            deep: Some(deep),
            machine,
            set_aside: vec!["LOOM_MAX_DURATION".to_owned()],
            steps,
        }
    }

    #[test]
    fn the_terminal_shows_a_line_for_each_step_and_one_for_all() {
        let table = report().on_terminal();
        let lines = [
            ["std", "passed"],
            ["loom", "FAILED"],
            ["docs", "FAILED"],
            ["package", "not run"],
            ["sanitizers", "left"],
            ["breaks", "1 breaks caught"],
            ["mutants", "passed earlier"],
            ["all", "43 tests"],
            ["missed", "35 programs left"],
        ];
        for parts in lines {
            let found = table.lines().any(|line| parts.iter().all(|part| line.contains(part)));
            assert!(found, "{parts:?} is not in\n{table}");
        }
    }

    #[test]
    fn a_run_ends_with_the_count_and_with_what_is_left() {
        let mut report = report();
        let left = "left: 35 programs, 2 lines of the report, 1 whole steps; the same command again goes on: \
                    cargo xtask verify --deep";
        assert_eq!(report.last_lines(), ["43 passed, 3 failed", left]);
        report.steps.truncate(1);
        assert_eq!(report.last_lines(), ["40 passed, 0 failed"]);
    }

    #[test]
    fn a_run_without_a_test_ran_nothing_unless_it_failed() {
        let mut report = report();
        assert!(!report.ran_nothing());
        let not_run = || Ending::NotRun("nothing is called that".to_owned());
        report.steps = vec![outcome("loom", not_run(), &[]), outcome("std", not_run(), &[])];
        assert!(report.ran_nothing());
        report.steps[1].result = Ending::Failed("it does not compile".to_owned());
        assert!(!report.ran_nothing());
    }

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let report = report();
        let [page, json] = report.write(folder.path(), "report").unwrap();
        let again = Report::read(&json).unwrap();
        assert_eq!(again.json().unwrap(), report.json().unwrap());
        assert_eq!(again.page().unwrap(), fs::read_to_string(page).unwrap());
    }
}
