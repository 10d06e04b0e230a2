//! What the output of a step must show, so that none can pass by doing nothing.

use anyhow::{Result, bail, ensure};

use super::tally::Tally;

/// What the output of a whole step must show.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// Nothing: the commands' success says all.
    None,
    /// That tests ran, and all of them.
    Tests,
    /// That tests ran and told how many cases they tried.
    Properties,
    /// That tests ran, and explored more than one execution of what two threads do.
    Models(Demands),
    /// That whatever a filter picked explored something; it may have picked nothing.
    Picked,
    /// That the crate was broken on purpose, and each break noticed.
    Breaks,
    /// That the crate's code was changed, and each change noticed or accounted for.
    CodeMutants,
    /// That programs ran under a sanitizer, or why they could not.
    Sanitizers,
}

/// What models must show beyond that they explored.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Demands {
    /// Rings were freed while threads ran, so that a use after free could have been seen.
    pub(super) rings: bool,
    /// Orderings were made weaker, and each such mutant died.
    pub(super) mutants: bool,
    /// Nothing is left to explore.
    pub(super) everything: bool,
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
        match self {
            Self::None => Ok(()),
            Self::Tests => all_tests_ran(tally),
            Self::Properties => {
                all_tests_ran(tally)?;
                properties_tried_cases(tally)
            }
            Self::Models(demands) => {
                all_tests_ran(tally)?;
                demands.judge(tally)
            }
            Self::Picked => {
                no_test_is_ignored(tally)?;
                match tally.scenarios.iter().find(|scenario| scenario.executions == 0) {
                    Some(idle) => bail!("the scenario `{}` explored nothing", idle.name),
                    None => Ok(()),
                }
            }
            Self::Breaks => {
                ensure!(!tally.breaks.is_empty(), "nothing was broken");
                match tally.breaks.iter().find(|broken| broken.caught_by.is_none()) {
                    Some(broken) => bail!("nothing notices this break: {}", broken.name),
                    None => Ok(()),
                }
            }
            Self::CodeMutants => {
                let counts = tally.code_mutants();
                ensure!(counts.caught > 0, "no mutant of the code was caught");
                ensure!(counts.missed == 0, "{} mutants of the code are not accounted for", counts.missed);
                Ok(())
            }
            Self::Sanitizers => {
                let said = tally.sanitized.len() + tally.not_run.len();
                ensure!(said > 0, "no sanitizer ran, and none said why not");
                Ok(())
            }
        }
    }
}

impl Demands {
    fn judge(self, tally: &Tally) -> Result<()> {
        ensure!(!tally.scenarios.is_empty() || !tally.left.is_empty(), "no scenario told what it explored");
        if let Some(idle) = tally.scenarios.iter().find(|scenario| scenario.explored_nothing()) {
            bail!("the scenario `{}` explored {} executions", idle.name, idle.executions);
        }
        // In some programs of a family the threads never meet; but not in all of all families.
        let families = || tally.scenarios.iter().filter(|scenario| scenario.is_family());
        let (programs, executions) = families().fold((0, 0), |(programs, executions), family| {
            (programs + family.programs, executions + family.executions)
        });
        let some_met = programs == 0 || executions > programs || !tally.left.is_empty();
        ensure!(some_met, "{programs} programs came to {executions} executions");
        if self.everything {
            let programs = tally.programs_left();
            ensure!(programs == 0, "{programs} programs are left; this tier has no time to run out of");
        }
        if self.rings && tally.left.is_empty() {
            ensure!(tally.rings_freed() > 0, "no ring was freed, so no use after free could be seen");
        }
        if self.mutants {
            ensure!(!tally.mutants.is_empty(), "no ordering was made weaker");
            if let Some(mutant) = tally.mutants.iter().find(|mutant| mutant.killed_by.is_none()) {
                bail!("nothing needs {} to be more than {}", mutant.site, mutant.weakened);
            }
        }
        Ok(())
    }
}

fn all_tests_ran(tally: &Tally) -> Result<()> {
    ensure!(tally.passed > 0, "no test ran");
    no_test_is_ignored(tally)?;
    ensure!(tally.filtered == 0, "{} tests were filtered out; every test must run", tally.filtered);
    Ok(())
}

fn no_test_is_ignored(tally: &Tally) -> Result<()> {
    ensure!(tally.ignored == 0, "{} tests are ignored; every test must run", tally.ignored);
    Ok(())
}

fn properties_tried_cases(tally: &Tally) -> Result<()> {
    let mut properties = tally.cases.iter().filter(|cases| cases.are_cases()).peekable();
    ensure!(properties.peek().is_some(), "no property told how many cases it tried");
    match properties.find(|cases| cases.count == 0) {
        Some(idle) => bail!("the property `{}` tried no case", idle.name),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::deviation::tests::{break_line, mutant_line};
    use super::super::scenario::tests::{family_line, left_line, line};
    use super::super::tally::tests::tally_of;
    use super::*;

    const PASSED: &str =
        "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s";
    const MODELS: Evidence = Evidence::Models(Demands { rings: false, mutants: false, everything: false });
    const RINGS: Evidence = Evidence::Models(Demands { rings: true, mutants: false, everything: false });
    const MUTANTS: Evidence = Evidence::Models(Demands { rings: false, mutants: true, everything: false });
    const EVERYTHING: Evidence = Evidence::Models(Demands { rings: false, mutants: false, everything: true });

    fn judge(evidence: Evidence, lines: &[&str]) -> Result<()> {
        evidence.judge(&tally_of(lines))
    }

    fn complaint(evidence: Evidence, lines: &[&str]) -> String {
        judge(evidence, lines).unwrap_err().to_string()
    }

    #[test]
    fn tests_that_all_ran_are_evidence() {
        assert!(judge(Evidence::Tests, &[PASSED]).is_ok());
    }

    #[test]
    fn a_test_step_without_tests_is_refused() {
        assert_eq!(complaint(Evidence::Tests, &["running 0 tests"]), "no test ran");
        assert_eq!(complaint(MODELS, &[&line(2, 7, 9)]), "no test ran");
    }

    #[test]
    fn ignored_and_filtered_tests_are_refused() {
        let ignored = PASSED.replace("0 ignored", "1 ignored");
        let filtered = PASSED.replace("0 filtered", "3 filtered");
        for evidence in [Evidence::Tests, MODELS] {
            assert!(complaint(evidence, &[&ignored, &line(2, 7, 9)]).contains("ignored"));
            assert!(complaint(evidence, &[&filtered, &line(2, 7, 9)]).contains("filtered"));
        }
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
        assert!(judge(Evidence::Properties, &[PASSED, "cases: ring 256", "cases: ring/growth 0"]).is_ok());
    }

    #[test]
    fn models_must_explore_more_than_one_execution() {
        assert!(complaint(MODELS, &[PASSED]).contains("no scenario"));
        assert!(complaint(MODELS, &[PASSED, &line(2, 1, 9)]).contains("`last_item`"));
        assert!(complaint(MODELS, &[PASSED, &line(1, 0, 9)]).contains("explored 0 executions"));
        assert!(judge(MODELS, &[PASSED, &line(2, 7, 0)]).is_ok());
    }

    #[test]
    fn families_must_explore_more_executions_than_they_have_programs() {
        let (idle, busy) = (family_line("ring1", 31, 31), family_line("ring2", 31, 32));
        assert!(complaint(MODELS, &[PASSED, &idle]).contains("31 programs"));
        assert!(judge(MODELS, &[PASSED, &idle, &busy]).is_ok());
        // A scenario with a name does not make up for them.
        assert!(judge(MODELS, &[PASSED, &idle, &line(2, 7, 0)]).is_err());
        assert!(judge(MODELS, &[PASSED, &idle, &left_line("ring2", 31)]).is_ok());
    }

    #[test]
    fn rings_are_freed_where_that_is_asked_for_unless_there_was_no_time() {
        assert!(complaint(RINGS, &[PASSED, &line(2, 7, 0)]).contains("no ring"));
        assert!(judge(RINGS, &[PASSED, &line(2, 7, 9)]).is_ok());
        assert!(judge(RINGS, &[PASSED, &left_line("ring1", 3)]).is_ok());
    }

    #[test]
    fn weaker_orderings_are_tried_and_noticed_where_that_is_asked_for() {
        let (killed, survivor) = (mutant_line(Some("growth")), mutant_line(None));
        assert_eq!(complaint(MUTANTS, &[PASSED, &line(2, 7, 9)]), "no ordering was made weaker");
        let complaint = complaint(MUTANTS, &[PASSED, &line(2, 7, 9), &killed, &survivor]);
        assert_eq!(complaint, "nothing needs NEXT_READ to be more than Relaxed");
        assert!(judge(MUTANTS, &[PASSED, &line(2, 7, 9), &killed]).is_ok());
    }

    #[test]
    fn the_ordinary_tier_leaves_nothing() {
        let lines = [PASSED, &line(2, 7, 9), &left_line("ring1", 3), &left_line("ring2", 4)];
        assert!(complaint(EVERYTHING, &lines).contains("7 programs are left"));
        assert!(judge(EVERYTHING, &lines[..2]).is_ok());
        assert!(judge(MODELS, &lines).is_ok());
    }

    #[test]
    fn a_filter_may_leave_tests_out_but_not_explore_nothing() {
        let filtered = PASSED.replace("0 filtered", "3 filtered");
        assert!(judge(Evidence::Picked, &[&filtered, &line(2, 1, 0)]).is_ok());
        assert!(judge(Evidence::Picked, &[&filtered.replace("2 passed", "0 passed")]).is_ok());
        assert!(complaint(Evidence::Picked, &[&filtered, &line(2, 0, 0)]).contains("explored nothing"));
        let ignored = PASSED.replace("0 ignored", "1 ignored");
        assert!(complaint(Evidence::Picked, &[&ignored]).contains("ignored"));
    }

    #[test]
    fn breaks_must_be_made_and_noticed() {
        assert_eq!(complaint(Evidence::Breaks, &[]), "nothing was broken");
        let (caught, missed) = (break_line(Some("growth")), break_line(None));
        assert!(complaint(Evidence::Breaks, &[&caught, &missed]).contains("no flag check"));
        assert!(judge(Evidence::Breaks, &[&caught]).is_ok());
    }

    #[test]
    fn mutants_of_the_code_must_be_caught_or_listed() {
        let counts = |caught, missed| {
            format!(
                r#"code_mutants: {{"caught":{caught},"unviable":9,"timeouts":1,"listed":2,"missed":{missed}}}"#
            )
        };
        assert!(complaint(Evidence::CodeMutants, &[]).contains("no mutant"));
        assert!(complaint(Evidence::CodeMutants, &[&counts(0, 0)]).contains("no mutant"));
        assert!(complaint(Evidence::CodeMutants, &[&counts(40, 2)]).starts_with("2 mutants"));
        assert!(judge(Evidence::CodeMutants, &[&counts(40, 0)]).is_ok());
    }

    #[test]
    fn a_sanitizer_runs_or_says_why_not() {
        assert!(complaint(Evidence::Sanitizers, &[PASSED]).contains("none said why not"));
        assert!(judge(Evidence::Sanitizers, &["not run: thread: no nightly toolchain"]).is_ok());
        let ran = r#"sanitized: {"sanitizer":"thread","what":"stress","seconds":2.5}"#;
        assert!(judge(Evidence::Sanitizers, &[ran]).is_ok());
    }
}
