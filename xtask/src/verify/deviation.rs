//! Breaks made on purpose, and what saw them.

use serde::{Deserialize, Serialize};

/// A memory ordering made weaker than declared.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Mutant {
    pub(super) site: String,
    pub(super) ordering: String,
    pub(super) weakened: String,
    /// The scenario that failed; none if it survived them all.
    pub(super) killed_by: Option<String>,
    pub(super) because: Option<String>,
    /// In which of the scenario's executions.
    pub(super) executions: u64,
}

/// A deque with a defect, or with none as a control.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Defect {
    pub(super) defect: String,
    pub(super) runtime: String,
    /// The scenario that failed; none if all passed.
    pub(super) caught_by: Option<String>,
    pub(super) because: Option<String>,
    pub(super) executions: u64,
}

/// The crate itself with a break in its source.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Break {
    pub(super) name: String,
    /// What turned red; none if all stayed green.
    pub(super) caught_by: Option<String>,
    pub(super) because: Option<String>,
    #[serde(default)]
    pub(super) seconds: f64,
}

/// How many mutants of the crate's code met which end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(super) struct CodeMutants {
    /// A test failed.
    pub(super) caught: u64,
    /// The tests did not come to an end.
    pub(super) timeouts: u64,
    /// They did not compile.
    pub(super) unviable: u64,
    /// They survived, and it is written down why that is right.
    pub(super) listed: u64,
    /// They survived.
    pub(super) missed: u64,
}

/// A program that ran clean under a sanitizer.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Sanitized {
    pub(super) sanitizer: String,
    /// The program.
    pub(super) what: String,
    pub(super) seconds: f64,
}

impl CodeMutants {
    /// Both together.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            caught: self.caught + other.caught,
            timeouts: self.timeouts + other.timeouts,
            unviable: self.unviable + other.unviable,
            listed: self.listed + other.listed,
            missed: self.missed + other.missed,
        }
    }

    /// How many tests noticed.
    pub(super) fn noticed(self) -> u64 {
        self.caught + self.timeouts
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    #[test]
    fn code_mutants_add_up_end_by_end() {
        let counts = |caught, timeouts, unviable, listed, missed| CodeMutants {
            caught,
            timeouts,
            unviable,
            listed,
            missed,
        };
        let both = counts(1, 2, 3, 4, 5).and(counts(10, 20, 30, 40, 50));
        assert_eq!(both, counts(11, 22, 33, 44, 55));
        assert_eq!(both.noticed(), 33);
    }

    fn json(text: Option<&str>) -> String {
        text.map_or("null".to_owned(), |text| format!("{text:?}"))
    }

    /// A line such as the model tests print, about a mutant that `killer` kills.
    pub(in super::super) fn mutant_line(killer: Option<&str>) -> String {
        let killer = json(killer);
        format!(
            r#"mutant: {{"site":"NEXT_READ","ordering":"Acquire","weakened":"Relaxed","killed_by":{killer},"because":null,"executions":3,"executions_before":2930,"seconds":0.57}}"#
        )
    }

    /// A line about a defect that `catcher` catches.
    pub(in super::super) fn defect_line(catcher: Option<&str>) -> String {
        let catcher = json(catcher);
        format!(
            r#"defect: {{"defect":"NoGuard in a Chain","runtime":"loom","caught_by":{catcher},"search":"2 preemptions","because":"a ring was touched","executions":95}}"#
        )
    }

    /// A line about a break that `catcher` catches.
    pub(in super::super) fn break_line(catcher: Option<&str>) -> String {
        let catcher = json(catcher);
        format!(
            r#"break: {{"name":"no flag check in push_head","caught_by":{catcher},"because":"a slot was written twice","seconds":12.5}}"#
        )
    }
}
