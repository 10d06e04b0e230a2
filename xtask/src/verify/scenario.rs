//! What one scenario says of its exploration, and what it had no time for.

use serde::{Deserialize, Serialize};

/// The figures of a scenario, or of a family of programs that were enumerated, as the tests print them.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Scenario {
    pub(super) name: String,
    /// What the threads do; of a family of programs, what they have in common.
    pub(super) program: String,
    /// loom, loom-epoch, shuttle or std.
    pub(super) runtime: String,
    /// How the executions were chosen.
    pub(super) search: String,
    pub(super) programs: u64,
    pub(super) threads: u64,
    /// How many operations run side by side.
    pub(super) operations: u64,
    /// The bound on preemptions, if there is one.
    pub(super) bound: Option<u64>,
    pub(super) executions: u64,
    /// Whether those were provably all.
    pub(super) complete: bool,
    /// How many programs had too many executions and were cut off.
    #[serde(default)]
    pub(super) unfinished: u64,
    /// Whether all of it was explored by an earlier run.
    #[serde(default)]
    pub(super) earlier: bool,
    pub(super) seconds: f64,
    pub(super) rings_freed: u64,
}

/// Programs that there was no time for.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Left {
    /// The scenario, or the family of programs.
    pub(super) name: String,
    pub(super) program: String,
    pub(super) runtime: String,
    pub(super) search: String,
    pub(super) programs: u64,
}

/// Where a program of a family is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Family<'name> {
    /// What it is a program for: a ring, a chain, one of the handles.
    pub(super) structure: &'name str,
    pub(super) thieves: &'name str,
}

/// What the names of families begin with.
const FAMILY: &str = "every_program/";

/// What is in `every_program/ring2-holds1/s,s`; nothing in another name.
fn family(name: &str) -> Option<Family<'_>> {
    let (start, thieves) = name.strip_prefix(FAMILY)?.split_once('/')?;
    let structure = start.split(|letter: char| !letter.is_ascii_alphabetic()).next()?;
    Some(Family { structure, thieves })
}

impl Scenario {
    /// Whether threads ran against each other in one single way: the mark of a model whose atomics are
    /// not the checker's. In a family some programs are like that.
    pub(super) fn explored_nothing(&self) -> bool {
        self.executions < self.programs.max(1)
            || (!self.is_family() && self.threads > 1 && self.executions <= self.programs)
    }

    /// Whether it is a family of programs.
    pub(super) fn is_family(&self) -> bool {
        self.programs > 1 || self.name.starts_with(FAMILY)
    }

    /// Which family it is, if its name tells.
    pub(super) fn family(&self) -> Option<Family<'_>> {
        family(&self.name)
    }

    /// What tells it from the others: the name, and of programs without one the program.
    pub(super) fn identity(&self) -> (&str, &str) {
        (&self.name, if self.is_family() { "" } else { &self.program })
    }

    /// Whether its executions are a choice among those there are, and not all of some kind.
    pub(super) fn is_sample(&self) -> bool {
        !matches!(self.search.as_str(), "explored" | "exhaustive")
    }

    /// How the executions were chosen, the bound included.
    pub(super) fn search_and_bound(&self) -> String {
        match (self.search.as_str(), self.bound) {
            ("explored", Some(bound)) => format!("{bound} preemptions"),
            ("explored", None) => "no bound".to_owned(),
            ("exhaustive", _) => "every schedule".to_owned(),
            (search, _) => search.to_owned(),
        }
    }
}

impl Left {
    /// Which family the programs are of, if the name tells.
    pub(super) fn family(&self) -> Option<Family<'_>> {
        family(&self.name)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A line such as the model tests print.
    pub(in super::super) fn line(threads: u64, executions: u64, rings_freed: u64) -> String {
        format!(
            r#"scenario: {{"name":"last_item","program":"ring2/+/s","runtime":"loom","search":"explored","programs":1,"threads":{threads},"operations":5,"bound":3,"executions":{executions},"histories":7,"complete":false,"unfinished":0,"earlier":false,"seconds":0.06,"rings_freed":{rings_freed}}}"#
        )
    }

    /// A line about a family that starts at `start`.
    pub(in super::super) fn family_line(start: &str, programs: u64, executions: u64) -> String {
        format!(
            r#"scenario: {{"name":"every_program/{start}/s,s","program":"{start}/up to 4 of + -/s,s","runtime":"loom","search":"explored","programs":{programs},"threads":3,"operations":6,"bound":3,"executions":{executions},"histories":7,"complete":false,"unfinished":0,"earlier":false,"seconds":2.5,"rings_freed":0}}"#
        )
    }

    /// A line about what there was no time for.
    pub(in super::super) fn left_line(start: &str, programs: u64) -> String {
        format!(
            r#"left: {{"name":"every_program/{start}/s,s","program":"{start}/up to 4 of + -/s,s","runtime":"loom","search":"no bound","programs":{programs}}}"#
        )
    }

    pub(in super::super) fn scenario(line: &str) -> serde_json::Result<Scenario> {
        serde_json::from_str(line.strip_prefix("scenario: ").unwrap())
    }

    #[test]
    fn figures_that_are_missing_are_an_error() {
        assert!(scenario(&line(2, 2257, 12).replace("executions", "runs")).is_err());
    }

    #[test]
    fn what_knows_no_limits_need_not_say_so() {
        let short = line(2, 2257, 12).replace(r#""unfinished":0,"earlier":false,"#, "");
        let scenario = scenario(&short).unwrap();
        assert_eq!((scenario.unfinished, scenario.earlier), (0, false));
    }

    #[test]
    fn no_bound_is_no_number() {
        let unbounded = scenario(&line(2, 2257, 12).replace(r#""bound":3"#, r#""bound":null"#)).unwrap();
        assert_eq!(unbounded.bound, None);
        assert_eq!(unbounded.search_and_bound(), "no bound");
        assert_eq!(scenario(&line(2, 2257, 12)).unwrap().search_and_bound(), "3 preemptions");
    }

    #[test]
    fn one_execution_a_program_is_enough_for_a_single_thread_alone() {
        let explored_nothing =
            |threads, executions| scenario(&line(threads, executions, 0)).unwrap().explored_nothing();
        assert!(!explored_nothing(1, 1) && explored_nothing(2, 1) && !explored_nothing(2, 2));
        assert!(explored_nothing(1, 0) && explored_nothing(2, 0));
    }

    #[test]
    fn in_a_family_threads_need_not_meet_but_every_program_runs() {
        let explored_nothing =
            |executions| scenario(&family_line("ring1", 40, executions)).unwrap().explored_nothing();
        assert!(!explored_nothing(40) && explored_nothing(39) && explored_nothing(0));
        assert!(scenario(&family_line("ring1", 0, 0)).unwrap().explored_nothing());
    }

    #[test]
    fn families_say_what_their_programs_are_for() {
        let family = scenario(&family_line("bounded2-wrap-holds1", 40, 90)).unwrap();
        assert_eq!(family.family(), Some(Family { structure: "bounded", thieves: "s,s" }));
        assert!(family.is_family());
        let named = scenario(&line(2, 7, 0)).unwrap();
        assert_eq!((named.family(), named.is_family()), (None, false));
    }

    #[test]
    fn what_is_neither_explored_nor_exhaustive_is_a_sample() {
        let sample = |search: &str| {
            let line = line(2, 7, 0).replace(r#""search":"explored""#, &format!(r#""search":"{search}""#));
            scenario(&line).unwrap().is_sample()
        };
        assert!(!sample("explored") && !sample("exhaustive"));
        assert!(sample("pct3") && sample("random") && sample("repeated") && sample("of a new kind"));
    }
}
