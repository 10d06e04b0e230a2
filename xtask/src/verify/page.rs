//! The report as a page of Markdown: what `report.md.j2` makes of it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use indicatif::HumanCount;
use minijinja::value::Rest;
use minijinja::{Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

use super::report::{Outcome, Report};
use super::time::time;
use crate::results::{Record, Scenario};

/// Explorations that share a row: those of a scenario with a name that differ in their samples alone, and those of all
/// families of programs for one structure with the same thieves, wherever they start.
#[derive(Default, Serialize)]
struct Row {
    what: String,
    program: String,
    search: String,
    programs: u64,
    threads: u64,
    operations: u64,
    executions: u64,
    complete: String,
    rings_freed: u64,
    seconds: f64,
    earlier: bool,
}

/// What a step explored.
#[derive(Serialize)]
struct Explored<'a> {
    name: &'a str,
    named: Vec<Row>,
    families: Vec<Row>,
}

/// The whole page.
pub(super) fn of(report: &Report) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.add_filter("number", |number: u64| HumanCount(number).to_string());
    environment.add_filter("time", time);
    environment.add_filter("cell", cell);
    environment.add_template("report.md", include_str!("report.md.j2"))?;
    let explored: Vec<_> = report.steps.iter().filter_map(explored).collect();
    let records: Vec<_> = report.records().filter(|record| !matches!(record, Record::Scenario(_))).collect();
    let more = context! {
        table => report.table(), left => left(report), left_in_words => report.left(), explored, records,
    };
    let context = context! { ..more, ..Value::from_serialize(serde_json::to_value(report)?) };
    environment
        .get_template("report.md")?
        .render(context)
        .map(|page| page.trim_end().to_owned() + "\n")
        .context("the report's template")
}

/// Text that cannot break out of its cell, nor begin a tag: the beginning of it, if it is longer than it may be.
fn cell(text: Option<String>, longest: Rest<usize>) -> String {
    let mut text = text.unwrap_or_default();
    if let Some((end, _)) = longest.first().and_then(|longest| text.char_indices().nth(*longest)) {
        text.replace_range(end.., "…");
    }
    text.replace('\n', " ").replace('|', "\\|").replace('<', "&lt;").replace('>', "&gt;")
}

fn explored(step: &Outcome) -> Option<Explored<'_>> {
    let mut groups = BTreeMap::<_, Vec<_>>::new();
    for record in &step.records {
        let Record::Scenario(it) = record else { continue };
        let search = if it.is_sample() { String::new() } else { it.search_and_bound() };
        let (structure, _, thieves) = it.family().unwrap_or((&it.name, "", &it.program));
        groups.entry((it.family().is_some(), structure, thieves, search)).or_default().push(it);
    }
    let rows = |families| {
        groups.iter().filter(move |(key, _)| key.0 == families).map(|(_, group)| row(group)).collect()
    };
    let explored = Explored { name: &step.name, named: rows(false), families: rows(true) };
    (!explored.named.is_empty() || !explored.families.is_empty()).then_some(explored)
}

fn row(group: &[&Scenario]) -> Row {
    let mut row = Row { earlier: group.iter().all(|it| it.earlier), ..Row::default() };
    let (mut searches, mut starts, mut unfinished) = (BTreeSet::new(), BTreeSet::new(), 0);
    for it in group {
        (row.what, row.program) = match it.family() {
            Some((structure, start, thieves)) => {
                starts.insert(start);
                (format!("{structure}, {thieves}"), format!("from {} starts", starts.len()))
            }
            None => (it.name.clone(), it.program.clone()),
        };
        searches.insert(it.search_and_bound());
        row.programs += it.programs;
        row.threads = it.threads.max(row.threads);
        row.operations = it.operations.max(row.operations);
        row.executions += it.executions;
        row.rings_freed += it.rings_freed;
        row.seconds += it.seconds;
        unfinished += it.unfinished;
    }
    row.search = searches.into_iter().collect::<Vec<_>>().join(", ");
    row.complete = if group.iter().all(|it| it.complete) {
        "yes".to_owned()
    } else if unfinished > 0 {
        format!("{unfinished} of {} cut off", row.programs)
    } else if group.iter().any(|it| it.is_sample()) {
        "sample".to_owned()
    } else {
        "to its bound".to_owned()
    };
    row
}

/// What is left of each search.
fn left(report: &Report) -> Vec<Value> {
    let mut rows: BTreeMap<_, (u64, u64)> = BTreeMap::new();
    for step in &report.steps {
        for record in &step.records {
            if let Record::Left { runtime, search, programs, .. } = record {
                let (lines, all) = rows.entry((&step.name, runtime, search)).or_default();
                (*lines, *all) = (*lines + 1, *all + programs);
            }
        }
    }
    let row =
        |((step, runtime, search), (lines, programs))| context! { step, runtime, search, lines, programs };
    rows.into_iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::super::report::Ending;
    use super::super::report::tests::{outcome, report};
    use super::*;
    use crate::results::tests::{family, scenario};

    #[test]
    fn everything_is_told_and_what_did_not_run() {
        let page = of(&report()).unwrap();
        let because = format!("{}… |", "é".repeat(90));
        let parts = [
            "# What was verified: the deep tier\n\n`cargo xtask verify --deep`, begun",
            "\n| std | passed | 40 tests, 4,096 cases | 1.5 s |\n",
            "| last_item | ring2/+/s | 3 preemptions | 1 | 2 | 5 | 2,257 | to its bound | 12 | 0.1 s |",
            "| ring, s,s | from 1 starts | 3 preemptions | 31 | 2 | 5 | 90 | to its bound | 0 | 2.5 s |",
            "| loom | loom | no bound | 2 | 35 |",
            "35 programs, 2 lines of the report, 1 whole steps. The same command again goes on.",
            "| NEXT_READ | Acquire | Relaxed | growth | 3 |",
            &because,
            "| NoGuard | loom | nothing | 95 |  |",
            "| no flag check | nothing | a\\|b &lt;c&gt; | 12.5 s |",
            "| 40 | 1 | 9 | 2 |",
            "- **package**: it holds.\n  - not run: not asked for\n  - `cargo`",
            "- **sanitizers**: it holds.\n  - not run: the time was up",
            "- not run: thread: no nightly",
            "passed in an earlier run",
            "LOOM_MAX_DURATION",
            "`target/a.jsonl`, which earlier runs had begun",
            "Stale, for it is of other sources, and kept: `target/b`",
            "| ring | 4,096 |",
        ];
        for part in parts {
            assert!(page.contains(part), "{part} is not in\n{page}");
        }
        assert!(!page.contains("\n\n\n") && page.ends_with("|\n"), "{page}");
    }

    #[test]
    fn samples_and_families_share_a_row_and_everything_else_has_its_own() {
        let search = |search: &str, complete| {
            scenario(|it| (it.search, it.executions, it.complete) = (search.into(), 10, complete))
        };
        let records = [
            search("exhaustive", true),
            search("random", false),
            search("pct2", false),
            scenario(|_| ()),
            family("ring1", 31, 90),
            family("ring2-wrap-holds1", 31, 100),
            family("chain1", 31, 70),
        ];
        let step = outcome("loom", Ending::Passed, &records);
        let Explored { named, families, .. } = explored(&step).unwrap();
        let rows = |rows: &[Row]| {
            let row =
                |row: &Row| format!("{} {} {}: {}", row.program, row.search, row.executions, row.complete);
            rows.iter().map(row).collect::<Vec<_>>()
        };
        let expected =
            ["pct2, random 20: sample", "3 preemptions 2257: to its bound", "every schedule 10: yes"];
        assert_eq!(rows(&named), expected.map(|row| format!("ring2/+/s {row}")));
        let expected = ["from 1 starts 3 preemptions 70", "from 2 starts 3 preemptions 190"];
        assert_eq!(rows(&families), expected.map(|row| format!("{row}: to its bound")));
    }

    #[test]
    fn a_row_is_complete_or_from_earlier_only_if_all_of_it_is() {
        let of = |change: fn(&mut Scenario)| {
            let records = [scenario(change), scenario(|it| (it.complete, it.earlier) = (true, true))];
            let step = outcome("loom", Ending::Passed, &records);
            let row = explored(&step).unwrap().named.remove(0);
            (row.complete, row.earlier)
        };
        assert_eq!(of(|it| (it.complete, it.earlier) = (true, true)), ("yes".into(), true));
        assert_eq!(of(|it| it.complete = true), ("yes".into(), false));
        assert_eq!(of(|it| it.earlier = true), ("to its bound".into(), true));
        assert_eq!(of(|it| it.unfinished = 1), ("1 of 2 cut off".into(), false));
    }
}
