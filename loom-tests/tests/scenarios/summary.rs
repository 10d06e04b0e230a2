//! What a run came to, for people: a line for each exploration, and totals with a legend at the end. The same as JSON is
//! in a file.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::{env, fs, iter};

use pooldeque_loom_tests::report::print_line;
use pooldeque_loom_tests::runtime;
use pooldeque_loom_tests::tier::{TIER, Tier};
use serde_json::Value;

static SUMMARY: Mutex<Summary> =
    Mutex::new(Summary { explorations: 0, complete: 0, programs: 0, executions: 0, json: String::new() });

/// The sums of the lines so far.
#[derive(Default)]
pub(crate) struct Summary {
    explorations: u64,
    complete: u64,
    programs: u64,
    executions: u64,
    json: String,
}

/// Adds a line of a trial's report, which is `kind: ` and JSON, and prints it for people.
pub(crate) fn add(line: &str) {
    let mut summary = SUMMARY.lock().unwrap_or_else(PoisonError::into_inner);
    summary.json += &format!("{line}\n");
    let parsed =
        line.split_once(": ").and_then(|(kind, json)| Some((kind, serde_json::from_str(json).ok()?)));
    match parsed {
        Some(("scenario", value)) => {
            print_line(&summary.exploration(&value));
        }
        Some(("mutant", value)) => {
            let text = |key: &str| value[key].as_str().unwrap_or("nothing").to_owned();
            print_line(&format!("{} as {}: fails {}", text("site"), text("weakened"), text("killed_by")));
        }
        _ => print_line(line),
    }
}

impl Summary {
    /// Adds a line of an exploration, and says it for people.
    pub(crate) fn exploration(&mut self, value: &Value) -> String {
        let number = |key: &str| value[key].as_u64().unwrap_or_default();
        let text = |key: &str| value[key].as_str().unwrap_or_default();
        let is_complete = value["complete"].as_bool().unwrap_or_default();
        self.explorations += 1;
        self.complete += u64::from(is_complete);
        self.programs += number("programs");
        self.executions += number("executions");
        let how = match (is_complete, value["bound"].as_u64(), text("search")) {
            (true, ..) => "complete".into(),
            (_, Some(bound), _) => format!("at most {bound} preemptions"),
            (_, None, "explored") => "no bound".into(),
            (_, None, search) => format!("a sample ({search})"),
        };
        let programs = match number("programs") {
            1 => String::new(),
            programs => format!(" of {programs} programs"),
        };
        let unfinished = match number("unfinished") {
            0 => String::new(),
            programs => format!(", {programs} programs cut off"),
        };
        format!(
            "{} ({}): {} executions{programs}, {how}{unfinished}; {} rings freed",
            text("name"),
            text("program"),
            number("executions"),
            number("rings_freed")
        )
    }

    /// The totals, what the words mean, and how to run more.
    pub(crate) fn legend(&self, tier: Tier) -> Vec<String> {
        let Self { explorations, complete, programs, executions, .. } = self;
        vec![
            format!("The {} tier under {}: {executions} executions in {explorations} explorations of", tier.name(), runtime::NAME),
            format!("{programs} programs (one counts for each exploration of it), {complete} explorations complete."),
            "complete: every execution under sequential consistency. no bound: every execution that loom distinguishes,".into(),
            "which are not quite all. at most n preemptions: every one with so few switches between threads that could go".into(),
            "on. a sample: random schedules, the same ones in every run.".into(),
            format!("More: {TIER}=ordinary or {TIER}=deep in the environment; a name, or a program such as ring2/++-/ss, as the"),
            "argument explores that alone.".into(),
        ]
    }
}

/// Prints the totals, what the words mean, and how to run more.
pub(crate) fn finish(tier: Tier) {
    let summary = SUMMARY.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = keep(&summary.json).map(|file| format!("The same as JSON lines: {}", file.display()));
    iter::once(String::new()).chain(summary.legend(tier)).chain(kept).for_each(|line| print_line(&line));
}

/// Writes the lines beside the other results of the build.
fn keep(json: &str) -> Option<PathBuf> {
    let program = env::current_exe().ok()?;
    // The program is in `deps` of its profile.
    let file = program.ancestors().nth(2)?.join(format!("explorations-{}.jsonl", runtime::NAME));
    fs::write(&file, json_lines(json)).ok()?;
    Some(file)
}

/// What is JSON of these lines.
pub(crate) fn json_lines(lines: &str) -> String {
    let json = lines.lines().filter_map(|line| line.split_once(": ")).map(|(_, json)| format!("{json}\n"));
    json.collect()
}
