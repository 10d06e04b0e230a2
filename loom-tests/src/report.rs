//! What was explored, a line each: `scenario: ` and JSON, for people and for `cargo xtask verify`.

use std::io::Write;

use serde::Serialize;

/// One exploration.
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
    /// The most preemptions under loom; `null` for no bound.
    pub bound: Option<usize>,
    /// How many executions there were.
    pub executions: u64,
    /// How many of them the oracle could tell apart.
    pub histories: usize,
    /// Whether that were provably all.
    pub complete: bool,
    /// How long it took.
    pub seconds: f64,
    /// How many rings were freed while the deque was in use.
    pub rings_freed: u64,
}

impl Line {
    /// Prints it.
    pub fn print(&self) {
        print_json("scenario", self);
    }
}

/// Prints `kind: ` and `value` as JSON, in one go and past the test harness: on the standard error,
/// where it cannot fall into the middle of a line of the harness's.
///
/// # Panics
///
/// If `value` does not serialize.
pub fn print_json(kind: &str, value: &impl Serialize) {
    let json = serde_json::to_string(value).expect("lines are plain data");
    print_line(&format!("{kind}: {json}"));
}

/// Prints a line the same way.
pub fn print_line(line: &str) {
    // Nobody is left to be told if that fails.
    let _ = std::io::stderr().lock().write_all(format!("{line}\n").as_bytes());
}
