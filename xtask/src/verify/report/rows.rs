//! What a table shows of the scenarios: those that differ in little share a row.

use std::collections::{BTreeMap, BTreeSet};

use crate::verify::scenario::{Left, Scenario};
use crate::verify::tally::Tally;

/// Explorations that share a row.
pub(super) struct Row<'a>(Vec<&'a Scenario>);

/// The scenarios with a name. The samples of one share a row.
pub(super) fn named(tally: &Tally) -> Vec<Row<'_>> {
    let named = tally.scenarios.iter().filter(|scenario| !scenario.is_family());
    grouped(named, |scenario| {
        let search = if scenario.is_sample() { String::new() } else { scenario.search_and_bound() };
        (scenario.name.as_str(), scenario.program.as_str(), search)
    })
}

/// The families of programs. Those of one structure and the same thieves share a row, wherever they start.
pub(super) fn families(tally: &Tally) -> Vec<Row<'_>> {
    let families = tally.scenarios.iter().filter(|scenario| scenario.is_family());
    grouped(families, |family| {
        let (structure, thieves) = place(&family.name, family.family());
        (structure, thieves, family.search_and_bound())
    })
}

/// What is left: lines and programs, by structure or name, thieves, runtime and search.
pub(super) fn left(tally: &Tally) -> BTreeMap<[&str; 4], (u64, u64)> {
    let mut rows = BTreeMap::new();
    for left @ Left { name, runtime, search, .. } in &tally.left {
        let (structure, thieves) = place(name, left.family());
        let (lines, programs) = rows.entry([structure, thieves, runtime, search]).or_default();
        *lines += 1;
        *programs += left.programs;
    }
    rows
}

fn place<'a>(name: &'a str, family: Option<crate::verify::scenario::Family<'a>>) -> (&'a str, &'a str) {
    family.map_or((name, ""), |family| (family.structure, family.thieves))
}

fn grouped<'a, K: Ord>(
    scenarios: impl Iterator<Item = &'a Scenario>,
    key: impl Fn(&'a Scenario) -> K,
) -> Vec<Row<'a>> {
    let mut rows: BTreeMap<K, Vec<_>> = BTreeMap::new();
    for scenario in scenarios {
        rows.entry(key(scenario)).or_default().push(scenario);
    }
    rows.into_values().map(Row).collect()
}

impl Row<'_> {
    /// What is the same for all.
    pub(super) fn first(&self) -> &Scenario {
        self.0[0]
    }

    /// The structure and the thieves of a family, or its name.
    pub(super) fn place(&self) -> (&str, &str) {
        place(&self.first().name, self.first().family())
    }

    /// How many families.
    pub(super) fn starts(&self) -> u64 {
        let names: BTreeSet<_> = self.0.iter().map(|scenario| &scenario.name).collect();
        names.len() as u64
    }

    pub(super) fn searches(&self) -> String {
        let searches: BTreeSet<_> = self.0.iter().map(|scenario| scenario.search_and_bound()).collect();
        searches.into_iter().collect::<Vec<_>>().join(", ")
    }

    pub(super) fn sum(&self, count: impl Fn(&Scenario) -> u64) -> u64 {
        self.0.iter().map(|scenario| count(scenario)).sum()
    }

    pub(super) fn most(&self, count: impl Fn(&Scenario) -> u64) -> u64 {
        self.0.iter().map(|scenario| count(scenario)).max().unwrap_or_default()
    }

    pub(super) fn seconds(&self) -> f64 {
        self.0.iter().map(|scenario| scenario.seconds).sum()
    }

    /// Whether an earlier run explored all of it.
    pub(super) fn is_earlier(&self) -> bool {
        self.0.iter().all(|scenario| scenario.earlier)
    }

    /// Whether there is anything that was not explored.
    pub(super) fn completeness(&self) -> String {
        let (unfinished, programs) = (self.sum(|it| it.unfinished), self.sum(|it| it.programs));
        if self.0.iter().all(|scenario| scenario.complete) {
            "yes".to_owned()
        } else if unfinished > 0 {
            format!("{unfinished} of {programs} cut off")
        } else if self.0.iter().any(|scenario| scenario.is_sample()) {
            "sample".to_owned()
        } else {
            "to its bound".to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scenario::tests::{family_line, left_line, line};
    use super::super::super::tally::tests::tally_of;
    use super::*;

    /// `line` with another search, or whatever else.
    fn with(line: &str, changes: &[(&str, &str)]) -> String {
        changes.iter().fold(line.to_owned(), |line, (from, to)| {
            assert!(line.contains(from), "{from} is not in {line}");
            line.replace(from, to)
        })
    }

    const SEARCH: &str = r#""search":"explored""#;

    #[test]
    fn samples_share_a_row_and_everything_else_has_its_own() {
        let all = [
            with(
                &line(2, 9, 0),
                &[(SEARCH, r#""search":"exhaustive""#), (r#""complete":false"#, r#""complete":true"#)],
            ),
            with(&line(2, 20, 1), &[(SEARCH, r#""search":"random""#)]),
            with(&line(2, 30, 2), &[(SEARCH, r#""search":"pct2""#)]),
            line(2, 7, 0),
            family_line("ring1", 31, 90),
        ];
        let tally = tally_of(&all.each_ref().map(String::as_str));
        let rows = named(&tally);
        let rows: Vec<_> = rows
            .iter()
            .map(|row| (row.searches(), row.sum(|it| it.executions), row.completeness()))
            .collect();
        let expected = [
            ("pct2, random", 50, "sample"),
            ("3 preemptions", 7, "to its bound"),
            ("every schedule", 9, "yes"),
        ];
        assert_eq!(
            rows,
            expected.map(|(search, executions, complete)| (
                search.to_owned(),
                executions,
                complete.to_owned()
            ))
        );
    }

    #[test]
    fn families_share_a_row_wherever_they_start() {
        let all = [
            family_line("ring1", 31, 90),
            family_line("ring2-wrap-holds1", 31, 100),
            family_line("chain1", 31, 70),
            with(
                &family_line("ring1", 31, 500),
                &[(r#""bound":3"#, r#""bound":null"#), (r#""unfinished":0"#, r#""unfinished":2"#)],
            ),
            line(2, 7, 0),
        ];
        let tally = tally_of(&all.each_ref().map(String::as_str));
        let rows = families(&tally);
        let rows: Vec<_> = rows
            .iter()
            .map(|row| {
                (row.place(), row.starts(), row.searches(), row.sum(|it| it.programs), row.completeness())
            })
            .collect();
        let bound = || "3 preemptions".to_owned();
        let expected = [
            (("chain", "s,s"), 1, bound(), 31, "to its bound".to_owned()),
            (("ring", "s,s"), 2, bound(), 62, "to its bound".to_owned()),
            (("ring", "s,s"), 1, "no bound".to_owned(), 31, "2 of 31 cut off".to_owned()),
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn a_row_is_complete_only_if_all_of_it_is() {
        let complete = with(&family_line("ring1", 31, 90), &[(r#""complete":false"#, r#""complete":true"#)]);
        assert_eq!(families(&tally_of(&[&complete]))[0].completeness(), "yes");
        let both = tally_of(&[&complete, &family_line("ring2", 31, 90)]);
        assert_eq!(families(&both)[0].completeness(), "to its bound");
    }

    #[test]
    fn a_row_is_from_earlier_if_all_of_it_is() {
        let earlier = with(&family_line("ring1", 31, 90), &[(r#""earlier":false"#, r#""earlier":true"#)]);
        let now = family_line("ring2", 31, 90);
        assert!(families(&tally_of(&[&earlier]))[0].is_earlier());
        assert!(!families(&tally_of(&[&earlier, &now]))[0].is_earlier());
    }

    #[test]
    fn what_is_left_adds_up_over_the_starts() {
        let typed = with(&left_line("ring1", 1), &[("every_program/ring1/s,s", "typed")]);
        let tally = tally_of(&[&left_line("ring1", 31), &left_line("ring2", 4), &typed]);
        let rows: Vec<_> = left(&tally).into_iter().collect();
        let expected =
            [(["ring", "s,s", "loom", "no bound"], (2, 35)), (["typed", "", "loom", "no bound"], (1, 1))];
        assert_eq!(rows, expected);
    }
}
