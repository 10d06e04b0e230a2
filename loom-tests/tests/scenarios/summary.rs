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

#[derive(Default)]
struct Summary {
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
    fn exploration(&mut self, value: &Value) -> String {
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
    fn legend(&self, tier: Tier) -> Vec<String> {
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
fn json_lines(lines: &str) -> String {
    let json = lines.lines().filter_map(|line| line.split_once(": ")).map(|(_, json)| format!("{json}\n"));
    json.collect()
}

#[cfg(test)]
mod tests {
    use pooldeque_loom_tests::program::Program;
    use serde_json::json;

    use super::*;

    /// A line of a report, changed as `changes` says.
    fn scenario(changes: &Value) -> Value {
        let mut value = json!({
            "name": "last_value", "program": "ring2/+-/s", "search": "explored", "programs": 1, "bound": 3,
            "executions": 120, "complete": false, "unfinished": 0, "rings_freed": 0,
        });
        let changes = changes.as_object().expect("it is an object");
        changes.iter().for_each(|(key, changed)| value[key] = changed.clone());
        value
    }

    fn line(changes: &Value) -> String {
        Summary::default().exploration(&scenario(changes))
    }

    #[test]
    fn a_line_says_what_ran_and_how_far() {
        let bounded = "last_value (ring2/+-/s): 120 executions, at most 3 preemptions; 0 rings freed";
        assert_eq!(line(&json!({})), bounded);
        let family = line(&json!({"programs": 12, "complete": true, "rings_freed": 7}));
        assert_eq!(family, "last_value (ring2/+-/s): 120 executions of 12 programs, complete; 7 rings freed");
        let unbounded = line(&json!({"bound": null, "unfinished": 2}));
        assert!(
            unbounded.ends_with("120 executions, no bound, 2 programs cut off; 0 rings freed"),
            "{unbounded}"
        );
        let sample = line(&json!({"bound": null, "search": "pct2"}));
        assert!(sample.ends_with("120 executions, a sample (pct2); 0 rings freed"), "{sample}");
    }

    #[test]
    fn the_totals_are_the_sums_of_the_lines() {
        let mut summary = Summary::default();
        for changes in [json!({}), json!({"complete": true, "programs": 12, "executions": 1000}), json!({})] {
            summary.exploration(&scenario(&changes));
        }
        let legend = summary.legend(Tier::Quick);
        let expected =
            format!("The quick tier under {}: 1240 executions in 3 explorations of", runtime::NAME);
        assert_eq!(legend[0], expected);
        assert_eq!(
            legend[1],
            "14 programs (one counts for each exploration of it), 1 explorations complete."
        );
    }

    /// Each word that a line can end with is explained, and each tier that is more than this one is named.
    #[test]
    fn the_legend_explains_the_words_of_the_lines() {
        let legend = Summary::default().legend(Tier::Quick).join(" ");
        for word in ["complete: ", "no bound: ", "at most n preemptions: ", "a sample: "] {
            assert!(legend.contains(word), "{word}: {legend}");
        }
        for tier in [Tier::Ordinary, Tier::Deep] {
            assert!(legend.contains(&format!("{TIER}={}", tier.name())), "{legend}");
        }
        let program = legend.split("a program such as ").nth(1).and_then(|rest| rest.split(',').next());
        assert!(program.is_some_and(|it| it.parse::<Program>().is_ok()), "{program:?} is no program");
    }

    #[test]
    fn what_is_kept_is_the_json_alone() {
        let lines = "scenario: {\"name\":\"a: b\"}\nleft: {\"programs\":1}\n";
        assert_eq!(json_lines(lines), "{\"name\":\"a: b\"}\n{\"programs\":1}\n");
    }
}
