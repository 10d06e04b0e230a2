//! Tests of the lines that the scenarios print for people. The scenarios' own program has no test harness.

#[allow(dead_code, reason = "the scenarios' program prints what is tested here")]
#[path = "scenarios/summary.rs"]
mod summary;

use pooldeque_loom_tests::program::Program;
use pooldeque_loom_tests::runtime;
use pooldeque_loom_tests::tier::{TIER, Tier};
use serde_json::{Value, json};
use summary::{Summary, json_lines};

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
    let expected = format!("The quick tier under {}: 1240 executions in 3 explorations of", runtime::NAME);
    assert_eq!(legend[0], expected);
    assert_eq!(legend[1], "14 programs (one counts for each exploration of it), 1 explorations complete.");
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
