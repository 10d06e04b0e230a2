//! What a step counted, read from its output.

use std::sync::LazyLock;

use regex::Regex;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Deserializer;

use super::deviation::{Defect, Mutant};
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
    /// Which weaker orderings they noticed.
    pub(super) mutants: Vec<Mutant>,
    /// Which defects they noticed.
    pub(super) defects: Vec<Defect>,
    /// What inspections say of the files they saw.
    pub(super) notes: Vec<String>,
    /// Lines that look like one of the above and are not.
    pub(super) unreadable: Vec<String>,
}

/// How many cases a property tried, or, for `NAME/WHAT`, how many times something happened in them.
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

/// What stands before figures in JSON, wherever the line begins.
static FIGURES: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|\s)(scenario|mutant|defect): \{").expect("the pattern is right"));

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
            let json = &line[found.get_match().end() - 1..];
            let read = match &found[1] {
                "mutant" => read_into(&mut self.mutants, json),
                "defect" => read_into(&mut self.defects, json),
                _ => read_into(&mut self.scenarios, json),
            };
            if read.is_err() {
                self.unreadable.push(line.to_owned());
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

    /// How many of the weaker orderings were noticed.
    pub(super) fn mutants_killed(&self) -> u64 {
        self.mutants.iter().filter(|mutant| mutant.killed_by.is_some()).count() as u64
    }

    /// How many of the defects were noticed; a control has none to be noticed.
    pub(super) fn defects_caught(&self) -> u64 {
        self.defects.iter().filter(|defect| defect.caught_by.is_some()).count() as u64
    }

    pub(super) fn rings_freed(&self) -> u64 {
        self.scenarios.iter().map(|scenario| scenario.rings_freed).sum()
    }
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
    use super::super::deviation::tests::{defect_line, mutant_line};
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
    fn broken_figures_are_noticed() {
        let whole = line(2, 2257, 12);
        let broken = [&whole[..whole.len() - 1], "mutant: {}", "a defect: {", r#"scenario: {"name":1}"#];
        let tally = tally_of(&broken);
        assert_eq!((tally.scenarios.len(), tally.unreadable.len()), (0, 4));
    }
}
