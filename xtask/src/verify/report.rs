//! What came of a run: a table on the terminal, and files in JSON and Markdown.

use std::env;
use std::process::Command;
use std::thread;

use comfy_table::{Cell, CellAlignment, Color, Table};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::to_raw_value;

use super::counts::{Counts, in_words};
use super::steps::Tier;
use crate::project::{Project, output_of};
use crate::results::Record;
use crate::tables::for_terminal;
use crate::time::time;

/// How wide the table is where no terminal says how wide it is, or one says less than anybody can read.
const WIDTH: u16 = 110;
const NARROWEST: u16 = 50;

/// A whole run.
#[derive(Deserialize, Serialize)]
pub(super) struct Report {
    pub(super) tier: Tier,
    /// The command, as it was typed.
    pub(super) command: String,
    /// When it began.
    pub(super) began: String,
    /// Whether only a part was requested.
    pub(super) picked: bool,
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

/// What the figures were taken on.
#[derive(Deserialize, Serialize)]
pub(super) struct Machine {
    pub(super) system: String,
    pub(super) cores: usize,
    pub(super) compiler: String,
    /// The commit, and whether files differ from it; nothing outside a checkout.
    pub(super) commit: Option<String>,
}

/// What came of a step.
#[derive(Clone, Default, Deserialize, Serialize)]
pub(super) struct Outcome {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) result: Ending,
    /// Whether that is of an earlier run, on the same code.
    pub(super) earlier: bool,
    /// How long it took, if it ran.
    pub(super) seconds: Option<f64>,
    /// What it ran, as one would type it.
    pub(super) commands: Vec<String>,
    #[serde(serialize_with = "a_line_each")]
    pub(super) records: Vec<Record>,
}

/// How a step ended, or why it did not begin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "ending", content = "why", rename_all = "snake_case")]
pub(super) enum Ending {
    #[default]
    Passed,
    Failed(String),
    NotRun(String),
    /// It is for a deeper run than this.
    NotInTier(String),
    /// It did not begin, and the next run will begin it.
    OutOfTime,
}

/// There may be hundreds of them: each on a line of its own, however the rest is laid out.
fn a_line_each<S: Serializer>(records: &[Record], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(records.iter().map(|record| to_raw_value(record).expect("records are plain data")))
}

impl Machine {
    /// Looks around.
    pub(super) fn find(project: &Project) -> Self {
        let git = |arguments: &[&str]| {
            output_of(Command::new("git").current_dir(&project.root).args(arguments)).ok()
        };
        let commit = git(&["rev-parse", "--short=12", "HEAD"]).map(|commit| {
            let changed = git(&["status", "--porcelain"]).is_some_and(|status| !status.is_empty());
            format!("{}{}", commit.trim(), if changed { ", with changes" } else { "" })
        });
        let compiler = output_of(Command::new("rustc").current_dir(&project.root).arg("--version"));
        Self {
            system: format!("{} on {}", env::consts::OS, env::consts::ARCH),
            cores: thread::available_parallelism().map_or(1, usize::from),
            compiler: compiler.map_or_else(|error| error.to_string(), |version| version.trim().to_owned()),
            commit,
        }
    }
}

impl Report {
    /// All results of the steps.
    pub(super) fn records(&self) -> impl Iterator<Item = &Record> {
        self.steps.iter().flat_map(|step| &step.records)
    }

    /// How many things failed: tests, and steps without a failing test to show for it.
    pub(super) fn failed(&self) -> u64 {
        let failures = self.steps.iter().map(|step| match Counts::of(&step.records).get("tests failed") {
            0 => u64::from(matches!(step.result, Ending::Failed(_))),
            tests => tests,
        });
        failures.sum()
    }

    /// How long the run took.
    pub(super) fn seconds(&self) -> f64 {
        self.steps.iter().filter(|step| !step.earlier).filter_map(|step| step.seconds).sum()
    }

    /// What is left, and of what; nothing if nothing is.
    pub(super) fn left(&self) -> Option<String> {
        let counts = Counts::of(self.records());
        let steps = self.steps.iter().filter(|step| step.result == Ending::OutOfTime).count() as u64;
        let left = in_words([
            (counts.get("programs left"), "programs"),
            (counts.get("lines left"), "lines of the report"),
            (steps, "whole steps"),
        ]);
        (!left.is_empty()).then_some(left)
    }

    /// Whether no step came to run a test.
    pub(super) fn ran_nothing(&self) -> bool {
        Counts::of(self.records()).get("tests") == 0 && self.failed() == 0
    }

    /// What a run ends with: the count and, if there was too little time, what is left.
    pub(super) fn last_lines(&self) -> Vec<String> {
        let passed = Counts::of(self.records()).get("tests");
        let mut lines = vec![format!("{passed} passed, {} failed", self.failed())];
        if let Some(left) = self.left() {
            lines.push(format!("left: {left}; the same command again goes on: {}", self.command));
        }
        lines
    }

    /// The table for the terminal: a line a step, and one for all.
    pub(super) fn on_terminal(&self) -> Table {
        let mut table = Table::new();
        table.set_header(["step", "result", "what ran", "time"]);
        let right = |seconds| Cell::new(time(seconds)).set_alignment(CellAlignment::Right);
        for step in &self.steps {
            let colour = match step.result {
                Ending::Passed => Color::Green,
                Ending::Failed(_) => Color::Red,
                Ending::NotRun(_) | Ending::NotInTier(_) | Ending::OutOfTime => Color::Yellow,
            };
            let word = Cell::new(step.in_a_word()).fg(colour);
            table.add_row([Cell::new(&step.name), word, Cell::new(step.what_ran()), right(step.seconds)]);
        }
        let what_ran = Cell::new(Counts::of(self.records()).in_words());
        table.add_row([Cell::new("all"), Cell::new(""), what_ran, right(Some(self.seconds()))]);
        let mut table = for_terminal(table);
        if table.width().is_none_or(|width| width < NARROWEST) {
            table.set_width(WIDTH);
        }
        table
    }
}

impl Outcome {
    /// How it ended.
    pub(super) fn in_a_word(&self) -> &'static str {
        match self.result {
            Ending::Passed if self.earlier => "passed earlier",
            Ending::Passed => "passed",
            Ending::Failed(_) => "FAILED",
            Ending::NotRun(_) | Ending::NotInTier(_) => "not run",
            Ending::OutOfTime => "left",
        }
    }

    /// What the step ran, in few words.
    pub(super) fn what_ran(&self) -> String {
        let words = Counts::of(&self.records).in_words();
        match &self.result {
            Ending::Passed if words.is_empty() && self.commands.len() == 1 => "1 command".to_owned(),
            Ending::Passed if words.is_empty() => format!("{} commands", self.commands.len()),
            Ending::Passed => words,
            Ending::Failed(why) => why.lines().next().unwrap_or_default().to_owned(),
            Ending::NotRun(why) | Ending::NotInTier(why) => why.clone(),
            Ending::OutOfTime => "the time was up before it could begin".to_owned(),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What came of a step with these results.
    pub(in super::super) fn outcome(name: &str, result: Ending, records: &[Record]) -> Outcome {
        Outcome {
            name: name.to_owned(),
            about: "it holds".to_owned(),
            result,
            seconds: Some(1.5),
            records: records.to_vec(),
            commands: vec!["cargo".to_owned()],
            earlier: false,
        }
    }

    pub(in super::super) fn left(start: &str, programs: u64) -> Record {
        let (name, search) = (format!("every_program/{start}/s,s"), "no bound".into());
        Record::Left { name, program: String::new(), runtime: "loom".into(), search, programs }
    }

    /// A run with a step of every ending.
    pub(in super::super) fn report() -> Report {
        serde_json::from_str(include_str!("report-of-every-ending.json")).unwrap()
    }

    #[test]
    fn the_terminal_shows_a_line_for_each_step_and_one_for_all() {
        let table = report().on_terminal().to_string();
        let lines = [
            ["std", "40 tests, 4,096 cases"],
            ["loom", "FAILED"],
            ["package", "not run"],
            ["sanitizers", "left"],
            ["breaks", "2 breaks caught, 1 breaks missed"],
            ["mutants", "passed earlier"],
            ["all", "43 tests"],
            ["1 not run here", ", 35"],
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
        // The last step took its time in an earlier run.
        assert!((report.seconds() - 7.5).abs() < 1e-9);
        report.steps.truncate(1);
        assert_eq!(report.last_lines(), ["40 passed, 0 failed"]);
        assert!(!report.ran_nothing());
        report.steps = vec![outcome("loom", Ending::NotRun("nothing is called that".into()), &[])];
        assert!(report.ran_nothing());
    }
}
