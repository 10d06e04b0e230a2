//! Steps added up.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Ending, Outcome, in_words};
use crate::verify::deviation::CodeMutants;
use crate::verify::runtime::Runtime;
use crate::verify::scenario::Scenario;

/// All steps together.
#[derive(Default, Serialize)]
pub(in super::super) struct Totals {
    pub(in super::super) tests_passed: u64,
    pub(in super::super) tests_failed: u64,
    /// Steps that failed without a failing test to show for it.
    pub(in super::super) other_failures: u64,
    pub(in super::super) cases: u64,
    pub(in super::super) explored: Explored,
    /// Under a model checker.
    pub(in super::super) executions: u64,
    /// Those of them that an earlier run explored.
    pub(in super::super) executions_earlier: u64,
    /// On real threads.
    pub(in super::super) repetitions: u64,
    pub(in super::super) programs_cut_off: u64,
    pub(in super::super) programs_left: u64,
    /// How many lines those are in the report.
    pub(in super::super) lines_left: u64,
    /// How many steps there was no time for.
    pub(in super::super) steps_left: u64,
    pub(in super::super) rings_freed: u64,
    pub(in super::super) mutants_killed: u64,
    pub(in super::super) mutants_surviving: u64,
    pub(in super::super) defects_caught: u64,
    pub(in super::super) breaks_caught: u64,
    pub(in super::super) breaks_missed: u64,
    pub(in super::super) code_mutants: CodeMutants,
    /// How long the run took.
    pub(in super::super) seconds: f64,
    /// How long the explorations took, each on its own, those of earlier runs included.
    pub(in super::super) seconds_explored: f64,
}

/// What was explored, each thing counted once however many searches and runtimes it went through.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(in super::super) struct Explored {
    /// Scenarios with a name.
    pub(in super::super) scenarios: u64,
    /// Programs, theirs and those that were enumerated.
    pub(in super::super) programs: u64,
}

impl Totals {
    /// Adds up.
    pub(super) fn of(steps: &[Outcome]) -> Self {
        let mut totals = Self::default();
        for Outcome { result, earlier, seconds, tally, .. } in steps {
            totals.tests_passed += tally.passed;
            totals.tests_failed += tally.failed;
            totals.other_failures += u64::from(matches!(result, Ending::Failed(_)) && tally.failed == 0);
            totals.cases += tally.total_cases();
            for Scenario { runtime, executions, earlier, seconds, .. } in &tally.scenarios {
                let of_a_model = runtime != Runtime::Std.name();
                *if of_a_model { &mut totals.executions } else { &mut totals.repetitions } += executions;
                totals.executions_earlier += if of_a_model && *earlier { *executions } else { 0 };
                totals.seconds_explored += seconds;
            }
            totals.programs_cut_off += tally.programs_cut_off();
            totals.programs_left += tally.programs_left();
            totals.lines_left += tally.left.len() as u64;
            totals.steps_left += u64::from(*result == Ending::OutOfTime);
            totals.rings_freed += tally.rings_freed();
            totals.mutants_killed += tally.mutants_killed();
            totals.mutants_surviving += tally.mutants.len() as u64 - tally.mutants_killed();
            totals.defects_caught += tally.defects_caught();
            totals.breaks_caught += tally.breaks_caught();
            totals.breaks_missed += tally.breaks.len() as u64 - tally.breaks_caught();
            totals.code_mutants = totals.code_mutants.and(tally.code_mutants());
            totals.seconds += seconds.filter(|_| !earlier).unwrap_or_default();
        }
        totals.explored = Explored::of(steps.iter().flat_map(|step| &step.tally.scenarios));
        totals
    }

    /// How many things failed.
    pub(in super::super) fn failed(&self) -> u64 {
        self.tests_failed + self.other_failures
    }

    /// What is left, and of what; nothing if nothing is.
    pub(in super::super) fn left(&self) -> Option<String> {
        let left = in_words([
            (self.programs_left, "programs"),
            (self.lines_left, "lines of the report"),
            (self.steps_left, "whole steps"),
        ]);
        (!left.is_empty()).then_some(left)
    }

    pub(super) fn in_words(&self) -> String {
        in_words([
            (self.tests_passed, "tests"),
            (self.cases, "cases"),
            (self.explored.scenarios, "scenarios"),
            (self.explored.programs, "programs"),
            (self.executions, "executions"),
            (self.repetitions, "repetitions on real threads"),
            (self.programs_cut_off, "programs cut off"),
            (self.mutants_killed, "mutants killed"),
            (self.mutants_surviving, "mutants surviving"),
            (self.defects_caught, "defects caught"),
            (self.breaks_caught, "breaks caught"),
            (self.breaks_missed, "breaks missed"),
            (self.code_mutants.noticed(), "mutants of the code caught"),
            (self.code_mutants.missed, "mutants of the code missed"),
            (self.programs_left, "programs left"),
        ])
    }
}

impl Explored {
    /// Counts what is different.
    pub(super) fn of<'a>(scenarios: impl IntoIterator<Item = &'a Scenario>) -> Self {
        let mut programs = BTreeMap::new();
        for scenario in scenarios {
            // A tier may have fewer programs of a family than another.
            let most = programs.entry(scenario.identity()).or_default();
            *most = scenario.programs.max(*most);
        }
        let scenarios = programs.keys().filter(|(_, program)| !program.is_empty()).count() as u64;
        Self { scenarios, programs: programs.values().sum() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scenario::tests::{family_line, line};
    use super::super::super::tally::tests::tally_of;
    use super::super::tests::{outcome, report};
    use super::*;

    #[test]
    fn failing_tests_and_steps_that_fail_without_one_add_up() {
        let totals = report().totals();
        assert_eq!((totals.tests_passed, totals.failed()), (43, 3));
        assert_eq!((totals.cases, totals.executions, totals.rings_freed), (4096, 2257 + 90, 12));
        assert_eq!((totals.mutants_killed, totals.mutants_surviving, totals.defects_caught), (1, 1, 0));
        assert_eq!((totals.breaks_caught, totals.breaks_missed, totals.code_mutants.caught), (1, 1, 40));
        // The last step took its time in an earlier run.
        assert!((totals.seconds - 7.5).abs() < 1e-9);
        assert!((totals.seconds_explored - 2.56).abs() < 1e-9);
    }

    #[test]
    fn what_is_left_is_counted_in_programs_lines_and_steps() {
        let totals = report().totals();
        assert_eq!((totals.programs_left, totals.lines_left, totals.steps_left), (35, 2, 1));
        let left = totals.left().unwrap();
        assert_eq!(left, "35 programs, 2 lines of the report, 1 whole steps");
        assert_eq!(Totals::default().left(), None);
    }

    #[test]
    fn what_ran_on_real_threads_is_no_execution_of_a_model() {
        let model = line(2, 7, 0).replace(r#""earlier":false"#, r#""earlier":true"#);
        let threads = line(2, 2000, 0).replace(r#""runtime":"loom""#, r#""runtime":"std""#);
        let totals = Totals::of(&[outcome("all", Ending::Passed, &[&model, &threads, &line(2, 9, 0)])]);
        assert_eq!((totals.executions, totals.executions_earlier, totals.repetitions), (16, 7, 2000));
    }

    #[test]
    fn what_several_runtimes_explore_counts_once() {
        let on_shuttle = |line: &str| line.replace(r#""runtime":"loom""#, r#""runtime":"shuttle""#);
        let (named, family) = (line(2, 7, 0), family_line("ring1", 31, 90));
        let smaller = family.replace("up to 4", "up to 2").replace(r#""programs":31"#, r#""programs":7"#);
        let typed = named.replace("last_item", "typed");
        let another = typed.replace("ring2/+/s", "ring1/+/s");
        let tally =
            tally_of(&[&named, &on_shuttle(&named), &family, &on_shuttle(&smaller), &typed, &another]);
        assert_eq!(Explored::of(&tally.scenarios), Explored { scenarios: 3, programs: 3 + 31 });
    }
}
