//! Breaks made on purpose, and what saw them.

use serde::{Deserialize, Serialize};

/// A memory ordering made weaker than declared.
#[derive(Debug, Deserialize, Serialize)]
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
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Defect {
    pub(super) defect: String,
    pub(super) runtime: String,
    /// The scenario that failed; none if all passed.
    pub(super) caught_by: Option<String>,
    pub(super) because: Option<String>,
    pub(super) executions: u64,
}

#[cfg(test)]
pub(super) mod tests {
    /// A line such as the model tests print, about a mutant that `killer` kills.
    pub(in super::super) fn mutant_line(killer: Option<&str>) -> String {
        let killer = killer.map_or("null".to_owned(), |name| format!("{name:?}"));
        format!(
            r#"mutant: {{"site":"NEXT_READ","ordering":"Acquire","weakened":"Relaxed","killed_by":{killer},"because":null,"executions":3,"executions_before":2930,"seconds":0.57}}"#
        )
    }

    /// A line about a defect that `catcher` catches.
    pub(in super::super) fn defect_line(catcher: Option<&str>) -> String {
        let catcher = catcher.map_or("null".to_owned(), |name| format!("{name:?}"));
        format!(
            r#"defect: {{"defect":"NoGuard in a Chain","runtime":"loom","caught_by":{catcher},"search":"2 preemptions","because":"a ring was touched","executions":95}}"#
        )
    }
}
