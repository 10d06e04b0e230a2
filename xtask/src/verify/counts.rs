//! What was done, added up.

use std::collections::{BTreeMap, BTreeSet};

use indicatif::HumanCount;

use crate::results::{Record, Scenario};

/// How many of each thing, by its name in words.
pub(super) struct Counts(BTreeMap<&'static str, u64>);

/// What is counted, in the order of the output.
const IN_WORDS: &str = "tests, cases, scenarios, programs, executions, \
    repetitions on real threads, programs cut off, mutants killed, mutants surviving, defects caught, \
    breaks caught, breaks missed, mutants of the code caught, mutants of the code missed, \
    programs clean under a sanitizer, not run here, programs left";

impl Counts {
    /// Counts the records. What went through several searches and runtimes is one scenario, or so many programs; an
    /// ordering or a defect that several notice is one.
    pub(super) fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let mut counts = BTreeMap::new();
        let mut add = |what, count: u64| *counts.entry(what).or_default() += count;
        let mut programs: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        let mut met = (0, 0);
        let mut noticed = BTreeSet::new();
        for record in records {
            let caught = |by: &Option<String>, yes, no| (if by.is_some() { yes } else { no }, 1);
            let (what, count) = match record {
                Record::Tests { passed, failed, ignored, filtered } => {
                    add("tests failed", *failed);
                    add("tests ignored", *ignored);
                    add("tests filtered out", *filtered);
                    ("tests", *passed)
                }
                Record::Cases { name, .. } if name.contains('/') => continue,
                Record::Cases { count, .. } => {
                    add("properties without a case", u64::from(*count == 0));
                    ("cases", *count)
                }
                Record::Scenario(scenario) => {
                    let Scenario { name, program, executions, .. } = scenario;
                    // A tier may have fewer programs of a family than another.
                    let most =
                        programs.entry((name, if scenario.is_family() { "" } else { program })).or_default();
                    *most = scenario.programs.max(*most);
                    if scenario.is_family() {
                        met = (met.0 + scenario.programs, met.1 + scenario.executions);
                    } else if scenario.threads > 1 {
                        add("scenarios of one execution", u64::from(*executions <= scenario.programs));
                    }
                    add(
                        "scenarios that leave programs out",
                        u64::from(*executions < scenario.programs.max(1)),
                    );
                    add("programs cut off", scenario.unfinished);
                    add("rings freed", scenario.rings_freed);
                    (
                        if scenario.runtime == "std" { "repetitions on real threads" } else { "executions" },
                        *executions,
                    )
                }
                Record::Left { programs, .. } => {
                    add("lines left", 1);
                    ("programs left", *programs)
                }
                // Several runs and tiers notice the same ones.
                Record::Mutant { site, weakened, killed_by: Some(_), .. }
                    if !noticed.insert((site.as_str(), weakened.as_str())) =>
                {
                    continue;
                }
                Record::Defect { defect, runtime, caught_by: Some(_), .. }
                    if !noticed.insert((defect.as_str(), runtime.as_str())) =>
                {
                    continue;
                }
                Record::Mutant { killed_by, .. } => caught(killed_by, "mutants killed", "mutants surviving"),
                Record::Defect { caught_by, .. } => caught(caught_by, "defects caught", "defects missed"),
                Record::Break { caught, .. } if caught.is_empty() => ("breaks missed", 1),
                Record::Break { .. } => ("breaks caught", 1),
                Record::CodeMutants { caught, timeouts, missed, .. } => {
                    add("mutants of the code missed", *missed);
                    ("mutants of the code caught", caught + timeouts)
                }
                Record::Sanitized { .. } => ("programs clean under a sanitizer", 1),
                Record::NotRun { .. } => ("not run here", 1),
            };
            add(what, count);
        }
        add("scenarios", programs.keys().filter(|(_, program)| !program.is_empty()).count() as u64);
        add("programs", programs.values().sum());
        // In some programs of a family the threads never meet; but not in all of all families.
        let never_met = met.0 > 0 && met.1 <= met.0 && !counts.contains_key("programs left");
        counts.insert("families that never meet", u64::from(never_met));
        Self(counts)
    }

    /// How many there are of what has this name.
    pub(super) fn get(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or_default()
    }

    /// What there is of any of it.
    pub(super) fn in_words(&self) -> String {
        in_words(IN_WORDS.split(", ").map(|what| (self.get(what), what)))
    }
}

/// The counts that are not zero, each with what was counted.
pub(super) fn in_words<'a>(counts: impl IntoIterator<Item = (u64, &'a str)>) -> String {
    let counted = counts.into_iter().filter(|(count, _)| *count > 0);
    let words: Vec<_> = counted.map(|(count, of_what)| format!("{} {of_what}", HumanCount(count))).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::tests::{family, scenario};

    #[test]
    fn an_ordering_that_two_steps_weaken_counts_once_and_one_that_survives_always() {
        let mutant = |site: &str, killed_by: Option<&str>| Record::Mutant {
            site: site.to_owned(),
            ordering: "Release".to_owned(),
            weakened: "Relaxed".to_owned(),
            killed_by: killed_by.map(str::to_owned),
            because: None,
            executions: 1,
        };
        let records =
            [mutant("A", Some("x")), mutant("A", Some("y")), mutant("B", Some("x")), mutant("B", None)];
        let counts = Counts::of(&records);
        assert_eq!((counts.get("mutants killed"), counts.get("mutants surviving")), (2, 1));
    }

    #[test]
    fn what_several_runtimes_explore_counts_once_and_real_threads_apart() {
        let on = |runtime: &str| scenario(|it| it.runtime = runtime.to_owned());
        let typed = |program: &str| scenario(|it| (it.name, it.program) = ("typed".into(), program.into()));
        let (whole, smaller) = (family("ring1", 31, 90), family("ring1", 7, 9));
        let counts =
            Counts::of(&[on("loom"), on("shuttle"), on("std"), whole, smaller, typed("a"), typed("b")]);
        assert_eq!((counts.get("scenarios"), counts.get("programs")), (3, 3 + 31));
        assert_eq!(counts.get("executions"), 4 * 2257 + 99);
        assert_eq!(counts.get("repetitions on real threads"), 2257);
    }

    #[test]
    fn cases_are_counted_apart_from_what_happened_in_them() {
        let cases = |name: &str, count| Record::Cases { name: name.into(), count };
        let tests = Record::Tests { passed: 7, failed: 0, ignored: 0, filtered: 0 };
        let counts = Counts::of(&[cases("wrap", 4096), cases("wrap/refusals", 0), tests.clone(), tests]);
        assert_eq!(counts.in_words(), "14 tests, 4,096 cases");
        assert_eq!(counts.get("properties without a case"), 0);
        assert_eq!(Counts::of(&[cases("ring", 0)]).get("properties without a case"), 1);
    }

    #[test]
    fn threads_that_never_meet_are_the_mark_of_a_model_that_sees_nothing() {
        let of = |threads, executions| {
            let counts = Counts::of(&[scenario(|it| (it.threads, it.executions) = (threads, executions))]);
            [counts.get("scenarios of one execution"), counts.get("scenarios that leave programs out")]
        };
        assert_eq!([of(2, 7), of(1, 1), of(2, 1), of(1, 0)], [[0, 0], [0, 0], [1, 0], [0, 1]]);
        let never_meet = |records: &[Record]| Counts::of(records).get("families that never meet");
        let (idle, busy) = (family("ring1", 31, 31), family("ring2", 31, 32));
        assert_eq!(never_meet(&[idle.clone(), busy]), 0);
        // A scenario with a name does not make up for them; one that is not explored yet may.
        assert_eq!(never_meet(&[idle.clone(), scenario(|_| ())]), 1);
        let text = r#"{"kind":"left","name":"a","program":"","runtime":"loom","search":"","programs":3}"#;
        assert_eq!(never_meet(&[idle, serde_json::from_str(text).unwrap()]), 0);
        assert_eq!(Counts::of(&[family("ring1", 40, 39)]).get("scenarios that leave programs out"), 1);
    }
}
