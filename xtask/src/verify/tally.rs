//! What a step counted, read from its output.

use std::sync::LazyLock;

use regex::Regex;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Deserializer;
use serde_json::value::to_raw_value;

use super::deviation::{Break, CodeMutants, Defect, Mutant, Sanitized};
use super::scenario::{Left, Scenario};

/// What the lines of a step's output say was run.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Tally {
    /// Tests, of libtest and of libtest-mimic.
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) ignored: u64,
    pub(super) filtered: u64,
    /// What the properties tried.
    #[serde(serialize_with = "a_line_each")]
    pub(super) cases: Vec<Cases>,
    /// What the models explored.
    #[serde(serialize_with = "a_line_each")]
    pub(super) scenarios: Vec<Scenario>,
    /// What they had no time for.
    #[serde(serialize_with = "a_line_each")]
    pub(super) left: Vec<Left>,
    /// Which weaker orderings they noticed.
    #[serde(serialize_with = "a_line_each")]
    pub(super) mutants: Vec<Mutant>,
    /// Which defects they noticed.
    #[serde(serialize_with = "a_line_each")]
    pub(super) defects: Vec<Defect>,
    /// Which breaks of the crate itself turned something red.
    #[serde(serialize_with = "a_line_each")]
    pub(super) breaks: Vec<Break>,
    /// Which mutants of the crate's code did, as each command that made some counted them.
    #[serde(serialize_with = "a_line_each")]
    pub(super) code_mutants: Vec<CodeMutants>,
    /// What ran clean under a sanitizer.
    #[serde(serialize_with = "a_line_each")]
    pub(super) sanitized: Vec<Sanitized>,
    /// What a command says it could not run, and why.
    pub(super) not_run: Vec<String>,
    /// What inspections say of the files they saw.
    pub(super) notes: Vec<String>,
    /// Lines that look like one of the above and are not.
    pub(super) unreadable: Vec<String>,
}

/// How many cases a property tried, or, for `NAME/WHAT`, how many times something happened in them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct Cases {
    pub(super) name: String,
    pub(super) count: u64,
}

static TEST_RESULT: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"^test result: (?:ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored; \d+ measured; (\d+) filtered out\b";
    Regex::new(pattern).expect("the pattern is right")
});

/// Such a line may begin behind a test's name, which libtest prints without an end of line.
static CASES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|\s)cases: (\S.*) (\d+)$").expect("the pattern is right"));

/// What stands before figures in JSON, wherever the line begins. A failed comparison of sets prints
/// something like it.
static FIGURES: LazyLock<Regex> = LazyLock::new(|| {
    let pattern =
        r#"(?:^|\s)(?:(scenario|mutant|defect|break|code_mutants|sanitized): \{|(left): \{"name":)"#;
    Regex::new(pattern).expect("the pattern is right")
});

/// What could not be done here.
static NOT_RUN: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^not run: (\S.*)$").expect("the pattern is right"));

impl Tally {
    /// Takes in one line of output.
    pub(super) fn read(&mut self, line: &str) {
        let line = line.trim_end();
        if let Some(found) = TEST_RESULT.captures(line) {
            let number = |group: usize| found[group].parse::<u64>().unwrap_or(u64::MAX);
            self.passed += number(1);
            self.failed += number(2);
            self.ignored += number(3);
            self.filtered += number(4);
        } else if line.starts_with("test result:") {
            self.unreadable.push(line.to_owned());
        } else if let Some(found) = FIGURES.captures(line) {
            let kind = found.get(1).or(found.get(2)).expect("one of the two has matched");
            let json = &line[kind.end() + ": ".len()..];
            let read = match kind.as_str() {
                "left" => read_into(&mut self.left, json),
                "mutant" => read_into(&mut self.mutants, json),
                "defect" => read_into(&mut self.defects, json),
                "break" => read_into(&mut self.breaks, json),
                "code_mutants" => read_into(&mut self.code_mutants, json),
                "sanitized" => read_into(&mut self.sanitized, json),
                _ => read_into(&mut self.scenarios, json),
            };
            if read.is_err() {
                self.unreadable.push(line.to_owned());
            }
        } else if let Some(found) = NOT_RUN.captures(line) {
            self.not_run.push(found[1].to_owned());
        } else if let Some(found) = CASES.captures(line) {
            match found[2].parse() {
                Ok(count) => self.cases.push(Cases { name: found[1].to_owned(), count }),
                Err(_) => self.unreadable.push(line.to_owned()),
            }
        }
    }

    /// How many cases the properties tried.
    pub(super) fn total_cases(&self) -> u64 {
        self.cases.iter().filter(|cases| cases.are_cases()).map(|cases| cases.count).sum()
    }

    pub(super) fn executions(&self) -> u64 {
        self.scenarios.iter().map(|scenario| scenario.executions).sum()
    }

    /// How many of the weaker orderings were noticed.
    pub(super) fn mutants_killed(&self) -> u64 {
        self.mutants.iter().filter(|mutant| mutant.killed_by.is_some()).count() as u64
    }

    /// How many of the defects were noticed; a control has none to be noticed.
    pub(super) fn defects_caught(&self) -> u64 {
        self.defects.iter().filter(|defect| defect.caught_by.is_some()).count() as u64
    }

    /// How many of the breaks turned something red.
    pub(super) fn breaks_caught(&self) -> u64 {
        self.breaks.iter().filter(|broken| broken.caught_by.is_some()).count() as u64
    }

    /// What became of the mutants of the code.
    pub(super) fn code_mutants(&self) -> CodeMutants {
        self.code_mutants.iter().copied().fold(CodeMutants::default(), CodeMutants::and)
    }

    pub(super) fn rings_freed(&self) -> u64 {
        self.scenarios.iter().map(|scenario| scenario.rings_freed).sum()
    }

    /// How many programs there was no time for.
    pub(super) fn programs_left(&self) -> u64 {
        self.left.iter().map(|left| left.programs).sum()
    }

    /// How many programs were cut off for having too many executions.
    pub(super) fn programs_cut_off(&self) -> u64 {
        self.scenarios.iter().map(|scenario| scenario.unfinished).sum()
    }

    /// Whether no test ran at all.
    pub(super) fn is_idle(&self) -> bool {
        self.passed + self.failed == 0
    }
}

/// There may be hundreds of them: each on a line of its own, however the rest is laid out.
fn a_line_each<T: Serialize, S: Serializer>(rows: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(rows.iter().map(|row| to_raw_value(row).expect("rows are plain data")))
}

/// Reads the figures at the beginning of `text`, whatever follows them.
fn read_into<F: DeserializeOwned>(figures: &mut Vec<F>, text: &str) -> serde_json::Result<()> {
    let mut values = Deserializer::from_str(text).into_iter();
    figures.extend(values.next().transpose()?);
    Ok(())
}

impl Cases {
    /// Whether the cases themselves are counted.
    pub(super) fn are_cases(&self) -> bool {
        !self.name.contains('/')
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::deviation::tests::{break_line, defect_line, mutant_line};
    use super::super::scenario::tests::{left_line, line};
    use super::*;

    /// What these lines of output say.
    pub(in super::super) fn tally_of(lines: &[&str]) -> Tally {
        let mut tally = Tally::default();
        lines.iter().for_each(|line| tally.read(line));
        tally
    }

    #[test]
    fn results_of_several_test_programs_add_up() {
        let tally = tally_of(&[
            "running 3 tests",
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 4 passed; 1 failed; 2 ignored; 0 measured; 5 filtered out; finished in 1.00s",
        ]);
        assert_eq!((tally.passed, tally.failed, tally.ignored, tally.filtered), (7, 1, 2, 5));
        assert!(!tally.is_idle());
    }

    #[test]
    fn a_test_that_failed_has_run_and_one_that_was_left_out_has_not() {
        let of_one = |counts: &str| {
            tally_of(&[&format!("test result: FAILED. {counts}; 0 ignored; 0 measured; 9 filtered out")])
        };
        assert!(!of_one("0 passed; 1 failed").is_idle());
        assert!(of_one("0 passed; 0 failed").is_idle());
    }

    #[test]
    fn a_quoted_result_is_not_a_result() {
        let tally = tally_of(&[
            "  left: \"test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\"",
        ]);
        assert_eq!((tally.passed, tally.unreadable.len()), (0, 0));
    }

    #[test]
    fn a_result_of_an_unknown_form_is_noticed() {
        assert_eq!(tally_of(&["test result: splendid. 3 passed"]).unreadable.len(), 1);
    }

    #[test]
    fn cases_are_counted_by_name_and_apart_from_what_happened_in_them() {
        let tally = tally_of(&[
            "cases: bounded against VecDeque 4096",
            "test ring ... cases: wrap 12",
            "cases: wrap/refusals 700",
        ]);
        let expected = [("bounded against VecDeque", 4096), ("wrap", 12), ("wrap/refusals", 700)];
        assert!(tally.cases.iter().map(|cases| (cases.name.as_str(), cases.count)).eq(expected));
        assert_eq!(tally.total_cases(), 4108);
    }

    #[test]
    fn prose_about_cases_is_not_a_count() {
        assert_eq!(tally_of(&["in some cases: none", "special-cases: 12"]).cases, []);
    }

    #[test]
    fn scenarios_are_read_wherever_they_stand_in_a_line() {
        let tally = tally_of(&[&line(2, 2257, 12), &format!("test last ... {} ok", line(2, 2257, 12))]);
        assert_eq!((tally.executions(), tally.rings_freed(), tally.scenarios.len()), (4514, 24, 2));
    }

    #[test]
    fn mutants_and_defects_are_read_with_what_noticed_them() {
        let lines =
            [mutant_line(Some("growth")), mutant_line(None), defect_line(Some("growth")), defect_line(None)];
        let tally = tally_of(&lines.each_ref().map(String::as_str));
        assert_eq!((tally.mutants.len(), tally.mutants_killed()), (2, 1));
        assert_eq!((tally.defects.len(), tally.defects_caught()), (2, 1));
    }

    #[test]
    fn what_is_left_and_what_could_not_run_is_read() {
        let lines = [
            &left_line("ring1", 31),
            &left_line("ring2", 4),
            "not run: thread sanitizer: there is no nightly toolchain",
            "  the example is not run: too slow",
        ];
        let tally = tally_of(&lines);
        assert_eq!((tally.programs_left(), tally.left.len()), (35, 2));
        assert_eq!(tally.not_run, ["thread sanitizer: there is no nightly toolchain"]);
    }

    #[test]
    fn a_comparison_that_failed_is_nothing_left() {
        let tally = tally_of(&["  left: {1, 2}", r#"  left: {"a": 1}"#]);
        assert_eq!((tally.left.len(), tally.unreadable.len()), (0, 0));
    }

    #[test]
    fn breaks_code_mutants_and_sanitizers_are_read() {
        let counts = r#"code_mutants: {"caught":40,"unviable":9,"timeouts":1,"listed":2,"missed":0}"#;
        let ran = r#"sanitized: {"sanitizer":"thread","what":"stress","seconds":2.5}"#;
        let tally = tally_of(&[&break_line(Some("growth")), &break_line(None), counts, counts, ran]);
        assert_eq!((tally.breaks.len(), tally.breaks_caught(), tally.sanitized.len()), (2, 1, 1));
        assert_eq!((tally.code_mutants().noticed(), tally.code_mutants().listed), (82, 4));
        assert_eq!(tally.unreadable.len(), 0);
    }

    #[test]
    fn programs_cut_off_add_up() {
        let cut = line(2, 2257, 12).replace(r#""unfinished":0"#, r#""unfinished":3"#);
        assert_eq!(tally_of(&[&cut, &line(2, 2257, 12), &cut]).programs_cut_off(), 6);
    }

    #[test]
    fn rows_are_written_a_line_each_and_read_again() {
        let tally = tally_of(&[&line(2, 2257, 12), &left_line("ring1", 31), &mutant_line(None)]);
        let json = serde_json::to_string_pretty(&tally).unwrap();
        for name in ["last_item", "every_program/ring1", "NEXT_READ"] {
            let row = json.lines().find(|line| line.contains(name)).unwrap();
            assert!(row.trim().starts_with('{') && row.trim().ends_with('}'), "{row}");
        }
        let again: Tally = serde_json::from_str(&json).unwrap();
        assert_eq!(serde_json::to_string_pretty(&again).unwrap(), json);
    }

    #[test]
    fn broken_figures_are_noticed() {
        let whole = line(2, 2257, 12);
        let broken = [
            &whole[..whole.len() - 1],
            "mutant: {}",
            "a defect: {",
            r#"scenario: {"name":1}"#,
            r#"left: {"name":1}"#,
        ];
        let tally = tally_of(&broken);
        assert_eq!((tally.scenarios.len(), tally.left.len(), tally.unreadable.len()), (0, 0, 5));
    }
}
