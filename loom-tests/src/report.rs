//! What was explored, a line each: `scenario: ` and JSON, which the scenarios' program turns into lines for people; and
//! the same in the file that `cargo xtask verify` reads.

use std::env;
use std::fs::OpenOptions;
use std::io::Write;

use serde::Serialize;

use crate::case::{Case, Subject};
use crate::journal::Entry;
use crate::runtime;
use crate::search::Search;

/// The variable that names the file to which each line is appended as JSON. Without it there is none.
pub const RESULTS: &str = "POOLDEQUE_RESULTS";

/// One exploration of a program or a family of them.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// The scenario, or the family of programs.
    pub name: String,
    /// The program; of a family, what its programs have in common.
    pub program: String,
    /// loom, shuttle or std.
    pub runtime: &'static str,
    /// How the executions were chosen.
    pub search: String,
    /// How many programs ran.
    pub programs: u64,
    /// The most threads a program had.
    pub threads: usize,
    /// The most operations that ran side by side.
    pub operations: usize,
    /// The most preemptions; `null` for no bound.
    pub bound: Option<usize>,
    /// How many executions there were.
    pub executions: u64,
    /// How many distinct histories they had.
    pub histories: usize,
    /// Whether that were provably all, of each program.
    pub complete: bool,
    /// How many programs were cut off because they have too many executions.
    pub unfinished: u64,
    /// Whether an earlier run explored all of it.
    pub earlier: bool,
    /// How long it took.
    pub seconds: f64,
    /// How many rings were freed while the deque was in use.
    pub rings_freed: u64,
}

/// What the time was too short for.
#[derive(Clone, Debug, Serialize)]
pub struct Left {
    /// The scenario, or the family of programs.
    pub name: String,
    /// What its programs have in common.
    pub program: String,
    /// loom, shuttle or std.
    pub runtime: &'static str,
    /// How the executions would have been chosen.
    pub search: String,
    /// How many programs.
    pub programs: u64,
}

impl Line {
    /// Nothing yet.
    #[must_use]
    pub fn of<C: Case>(subject: &Subject<'_, C>, search: &Search) -> Self {
        let most = |count: fn(&C) -> usize| subject.programs.iter().map(count).max().unwrap_or_default();
        Self {
            name: subject.name.into(),
            program: subject.about.into(),
            runtime: runtime::NAME,
            search: search.name(),
            programs: 0,
            threads: most(C::threads),
            operations: most(C::operations),
            bound: if let Search::Preemptions(bound) = search { *bound } else { None },
            executions: 0,
            histories: 0,
            complete: true,
            unfinished: 0,
            earlier: true,
            seconds: 0.0,
            rings_freed: 0,
        }
    }

    /// Adds what came of one program.
    pub fn add(&mut self, entry: &Entry) {
        self.programs += 1;
        self.executions += entry.executions;
        self.histories += entry.histories;
        self.complete &= entry.complete;
        self.unfinished += u64::from(entry.cut_off);
        self.seconds += entry.seconds;
        self.rings_freed += entry.rings_freed;
    }

    /// Prints it.
    pub fn print(&self) {
        print_json("scenario", self);
    }
}

impl Left {
    /// Nothing yet.
    #[must_use]
    pub fn of<C>(subject: &Subject<'_, C>, search: &Search) -> Self {
        Self {
            name: subject.name.into(),
            program: subject.about.into(),
            runtime: runtime::NAME,
            search: search.to_string(),
            programs: 0,
        }
    }

    /// Prints it.
    pub fn print(&self) {
        print_json("left", self);
    }
}

/// Prints `kind: ` and `value` as JSON, in one go and past the test harness: on the standard error,
/// where it cannot fall into the middle of a line of the harness's.
///
/// # Panics
///
/// If `value` does not serialize, or the file of results cannot be written.
pub fn print_json(kind: &str, value: &impl Serialize) {
    let json = serde_json::to_string(value).expect("lines are plain data");
    print_line(&format!("{kind}: {json}"));
    if let Some(file) = env::var_os(RESULTS) {
        let line = format!("{{\"kind\":\"{kind}\",{}\n", &json[1..]);
        let mut file = OpenOptions::new().create(true).append(true).open(file).expect("the results open");
        // In one piece, for others write as well.
        file.write_all(line.as_bytes()).expect("the results can be written");
    }
}

/// Prints a line the same way.
pub fn print_line(line: &str) {
    // There is no other place to report a failure.
    let _ = std::io::stderr().lock().write_all(format!("{line}\n").as_bytes());
}
