//! What was explored, a line each: a kind and JSON, for people; and the same in the file that `cargo xtask verify` reads.

use std::env;
use std::fs::OpenOptions;
use std::io::Write;

use serde::Serialize;

/// One exploration.
#[derive(Serialize)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) program: &'static str,
    /// loom, shuttle or std.
    pub(crate) runtime: &'static str,
    /// How the executions were chosen.
    pub(crate) search: String,
    pub(crate) programs: u64,
    pub(crate) threads: usize,
    /// Tasks.
    pub(crate) operations: u32,
    /// The most preemptions under loom; `null` for no bound.
    pub(crate) bound: Option<usize>,
    pub(crate) executions: u64,
    /// Whether that were provably all.
    pub(crate) complete: bool,
    pub(crate) seconds: f64,
    pub(crate) rings_freed: u64,
}

/// A scheduler with a step left out, and what saw it.
#[cfg(any(loom, shuttle))]
#[derive(Serialize)]
pub(crate) struct Defect<'run> {
    pub(crate) defect: String,
    pub(crate) runtime: &'static str,
    /// The program that failed; none if all passed.
    pub(crate) caught_by: Option<&'run str>,
    pub(crate) because: Option<&'run str>,
    pub(crate) executions: u64,
}

/// Prints `kind: ` and `value` as JSON, and appends them to the file of results if there is to be one.
pub(crate) fn print(kind: &str, value: &impl Serialize) {
    let json = serde_json::to_string(value).expect("figures are plain data");
    print_line(&format!("{kind}: {json}"));
    if let Some(file) = env::var_os("POOLDEQUE_RESULTS") {
        let line = format!("{{\"kind\":\"{kind}\",{}\n", &json[1..]);
        let mut file = OpenOptions::new().create(true).append(true).open(file).expect("the results open");
        // In one piece, for others write as well.
        file.write_all(line.as_bytes()).expect("the results can be written");
    }
}

/// Prints a line past the test harness, which keeps to itself what a test that passes says.
pub(crate) fn print_line(line: &str) {
    // A failure of that cannot be reported any more.
    let _ = std::io::stderr().lock().write_all(format!("{line}\n").as_bytes());
}
