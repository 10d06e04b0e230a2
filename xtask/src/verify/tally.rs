//! What a step counted, read from its output.

use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;

use super::scenario::Scenario;

/// What the lines of a step's output say was run.
#[derive(Debug, Default, Serialize)]
pub(super) struct Tally {
    /// Tests, of libtest and of libtest-mimic.
    pub(super) passed: u64,
    pub(super) failed: u64,
    pub(super) ignored: u64,
    pub(super) filtered: u64,
    /// What the properties tried.
    pub(super) cases: Vec<Cases>,
    /// What the models explored.
    pub(super) scenarios: Vec<Scenario>,
    /// What inspections say of the files they saw.
    pub(super) notes: Vec<String>,
    /// Lines that look like one of the above and are not.
    pub(super) unreadable: Vec<String>,
}

/// How many times something happened in a property's cases. A bare name, or `NAME/programs`, counts
/// the cases themselves.
#[derive(Debug, PartialEq, Eq, Serialize)]
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

/// What stands before a scenario's figures.
const SCENARIO: &str = "scenario: {";

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
        } else if let Some(start) = line.find(SCENARIO) {
            match Scenario::parse(&line[start + SCENARIO.len() - 1..]) {
                Ok(scenario) => self.scenarios.push(scenario),
                Err(_) => self.unreadable.push(line.to_owned()),
            }
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

    pub(super) fn rings_freed(&self) -> u64 {
        self.scenarios.iter().map(|scenario| scenario.rings_freed).sum()
    }
}

impl Cases {
    fn are_cases(&self) -> bool {
        self.name.split_once('/').is_none_or(|(_, what)| what == "programs")
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::scenario::tests::line;
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
            "test ring ... cases: wrap/programs 12",
            "cases: wrap/refusals 700",
        ]);
        let expected = [("bounded against VecDeque", 4096), ("wrap/programs", 12), ("wrap/refusals", 700)];
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
    fn a_broken_scenario_is_noticed() {
        let tally = tally_of(&[r#"scenario: {"name":"last","runtime":"loom","executions":"#]);
        assert_eq!((tally.scenarios.len(), tally.unreadable.len()), (0, 1));
    }
}
