//! What a step is: commands to run, and what their output must show.

use std::path::Path;

use anyhow::{Result, bail, ensure};

use super::invocation::Invocation;
use super::tally::Tally;

/// One thing that must hold.
pub(super) struct Step {
    /// What filters, logs and reports call it.
    pub(super) name: &'static str,
    /// What holds when it passes.
    pub(super) about: &'static str,
    pub(super) parts: Vec<Part>,
    pub(super) evidence: Evidence,
}

/// What a step does, one after the other.
pub(super) enum Part {
    /// Runs a command and judges it.
    Command(Invocation, Verdict),
    /// Looks at the project's files: what it says of them, or an error that says what is wrong.
    Inspection(fn(&Path) -> Result<String>),
}

/// When a command has done what it should.
pub(super) enum Verdict {
    /// It ends with success.
    Succeeds,
    /// It ends with success, and this says nothing against its output.
    SucceedsAnd(fn(&str) -> Result<()>),
    /// It is refused, and this says nothing against its output.
    FailsAnd(fn(&str) -> Result<()>),
}

/// What the output of a whole step must show, so that a step cannot pass by doing nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// Nothing: the commands' success says all.
    None,
    /// That tests ran, and all of them.
    Tests,
    /// That tests ran and told how many cases they tried.
    Properties,
    /// That tests ran, explored more than one execution of each scenario, and freed rings in some.
    Models,
}

impl Verdict {
    /// Judges a command by how it ended and what it said.
    pub(super) fn judge(&self, success: bool, ending: &str, output: &str) -> Result<()> {
        match self {
            Self::Succeeds => ensure!(success, "the command failed ({ending})"),
            Self::SucceedsAnd(check) => {
                ensure!(success, "the command failed ({ending})");
                check(output)?;
            }
            Self::FailsAnd(check) => {
                ensure!(!success, "the command succeeded, and must not");
                check(output)?;
            }
        }
        Ok(())
    }
}

impl Evidence {
    /// Judges a step by what it counted.
    pub(super) fn judge(self, tally: &Tally) -> Result<()> {
        if let Some(line) = tally.unreadable.first() {
            bail!("a line of figures that cannot be read: {line}");
        }
        if tally.failed > 0 {
            bail!("{} tests failed", tally.failed);
        }
        if self == Self::None {
            return Ok(());
        }
        ensure!(tally.passed > 0, "no test ran");
        ensure!(tally.ignored == 0, "{} tests are ignored; every test must run", tally.ignored);
        ensure!(tally.filtered == 0, "{} tests were filtered out; every test must run", tally.filtered);
        match self {
            Self::None | Self::Tests => Ok(()),
            Self::Properties => {
                let mut properties = tally.cases.iter().filter(|cases| cases.are_cases()).peekable();
                ensure!(properties.peek().is_some(), "no property told how many cases it tried");
                match properties.find(|cases| cases.count == 0) {
                    Some(idle) => bail!("the property `{}` tried no case", idle.name),
                    None => Ok(()),
                }
            }
            Self::Models => {
                ensure!(!tally.scenarios.is_empty(), "no scenario told what it explored");
                if let Some(idle) = tally.scenarios.iter().find(|scenario| scenario.explored_nothing()) {
                    bail!("the scenario `{}` explored {} executions", idle.name, idle.executions);
                }
                ensure!(tally.rings_freed() > 0, "no ring was freed, so no use after free could be seen");
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::scenario::tests::line;
    use super::super::tally::tests::tally_of;
    use super::*;

    const PASSED: &str =
        "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";

    fn complaint(evidence: Evidence, lines: &[&str]) -> String {
        evidence.judge(&tally_of(lines)).unwrap_err().to_string()
    }

    #[test]
    fn tests_that_all_ran_are_evidence() {
        assert!(Evidence::Tests.judge(&tally_of(&[PASSED])).is_ok());
    }

    #[test]
    fn a_test_step_without_tests_is_refused() {
        assert_eq!(complaint(Evidence::Tests, &["running 0 tests"]), "no test ran");
    }

    #[test]
    fn ignored_and_filtered_tests_are_refused() {
        let ignored = PASSED.replace("0 ignored", "1 ignored");
        assert!(complaint(Evidence::Tests, &[&ignored]).contains("ignored"));
        let filtered = PASSED.replace("0 filtered", "3 filtered");
        assert!(complaint(Evidence::Tests, &[&filtered]).contains("filtered"));
    }

    #[test]
    fn a_failed_test_is_refused_even_where_none_is_asked_for() {
        let failed = "test result: FAILED. 1 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(complaint(Evidence::None, &[failed]), "1 tests failed");
    }

    #[test]
    fn properties_must_have_tried_cases() {
        assert!(complaint(Evidence::Properties, &[PASSED]).contains("no property"));
        assert!(complaint(Evidence::Properties, &[PASSED, "cases: ring/growth 9"]).contains("no property"));
        assert!(complaint(Evidence::Properties, &[PASSED, "cases: ring 0"]).contains("`ring`"));
        assert!(
            Evidence::Properties
                .judge(&tally_of(&[PASSED, "cases: ring 256", "cases: ring/growth 0"]))
                .is_ok()
        );
    }

    #[test]
    fn models_must_explore_more_than_one_execution_and_free_rings() {
        assert!(complaint(Evidence::Models, &[PASSED]).contains("no scenario"));
        assert!(complaint(Evidence::Models, &[PASSED, &line(2, 1, 9)]).contains("`last_item`"));
        assert!(complaint(Evidence::Models, &[PASSED, &line(2, 7, 0)]).contains("no ring"));
        assert!(Evidence::Models.judge(&tally_of(&[PASSED, &line(2, 7, 9)])).is_ok());
    }

    #[test]
    fn a_control_that_builds_is_refused() {
        let says_nothing = |_: &str| Ok(());
        assert!(Verdict::FailsAnd(says_nothing).judge(true, "exit status: 0", "").is_err());
        assert!(Verdict::FailsAnd(says_nothing).judge(false, "exit status: 1", "").is_ok());
    }

    #[test]
    fn a_command_is_judged_by_its_ending_before_its_output() {
        let error =
            Verdict::SucceedsAnd(|_| bail!("output")).judge(false, "exit status: 101", "").unwrap_err();
        assert_eq!(error.to_string(), "the command failed (exit status: 101)");
    }
}
