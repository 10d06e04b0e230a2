//! What one scenario says of its exploration.

use serde::{Deserialize, Serialize};

/// A scenario's figures, as the model tests print them.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Scenario {
    pub(super) name: String,
    /// What the threads do; of a family of programs, what they have in common.
    pub(super) program: String,
    /// loom, shuttle or std.
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
    pub(super) seconds: f64,
    pub(super) rings_freed: u64,
}

impl Scenario {
    /// Whether threads ran against each other in one single way a program: the mark of a model whose
    /// atomics are not the checker's.
    pub(super) fn explored_nothing(&self) -> bool {
        self.executions == 0 || (self.threads > 1 && self.executions <= self.programs)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A line such as the model tests print.
    pub(in super::super) fn line(threads: u64, executions: u64, rings_freed: u64) -> String {
        format!(
            r#"scenario: {{"name":"last_item","program":"ring2/+/s","runtime":"loom","search":"bounded","programs":1,"threads":{threads},"operations":5,"bound":3,"executions":{executions},"histories":7,"complete":false,"seconds":0.06,"rings_freed":{rings_freed}}}"#
        )
    }

    fn scenario(line: &str) -> serde_json::Result<Scenario> {
        serde_json::from_str(line.strip_prefix("scenario: ").unwrap())
    }

    #[test]
    fn figures_that_are_missing_are_an_error() {
        assert!(scenario(&line(2, 2257, 12).replace("executions", "runs")).is_err());
    }

    #[test]
    fn no_bound_is_no_number() {
        let unbounded = scenario(&line(2, 2257, 12).replace(r#""bound":3"#, r#""bound":null"#)).unwrap();
        assert_eq!(unbounded.bound, None);
    }

    #[test]
    fn one_execution_a_program_is_enough_for_a_single_thread_alone() {
        let explored_nothing =
            |threads, executions| scenario(&line(threads, executions, 0)).unwrap().explored_nothing();
        assert!(!explored_nothing(1, 1) && explored_nothing(2, 1) && !explored_nothing(2, 2));
        let family = line(2, 40, 0).replace(r#""programs":1"#, r#""programs":40"#);
        assert!(scenario(&family).unwrap().explored_nothing());
    }
}
