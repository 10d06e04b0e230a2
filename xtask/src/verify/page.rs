//! The report as a page of Markdown: what `report.md.j2` makes of it.

use anyhow::{Context, Result};
use indicatif::HumanCount;
use minijinja::value::Rest;
use minijinja::{Environment, UndefinedBehavior, Value, context};
use serde_json::{Value as Json, json};

use super::counts::Counts;
use super::report::Report;
use crate::results::Record;
use crate::time::time;

/// The whole page.
pub(super) fn of(report: &Report) -> Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    environment.add_filter("number", |number: u64| HumanCount(number).to_string());
    environment.add_filter("time", time);
    environment.add_filter("cell", cell);
    environment.add_template("report.md", include_str!("report.md.j2"))?;
    let steps = report.steps.iter().map(|step| {
        let mut json = serde_json::to_value(step)?;
        json["word"] = step.in_a_word().into();
        json["what_ran"] = step.what_ran().into();
        json["scenarios"] = step.records.iter().filter_map(scenario).collect();
        Ok(json)
    });
    let context = context! {
        steps => steps.collect::<Result<Vec<_>>>()?,
        all => json!({ "what_ran": Counts::of(report.records()).in_words(), "seconds": report.seconds() }),
        left => report.left(),
        records => serde_json::to_value(report.records().collect::<Vec<_>>())?,
        ..Value::from_serialize(serde_json::to_value(report)?)
    };
    let page = environment.get_template("report.md")?.render(context).context("the report's template")?;
    Ok(page.trim_end().to_owned() + "\n")
}

/// A scenario, with what it shares a row with others by: its samples have a row, and so have all families of programs for
/// one structure with the same thieves and search, wherever they start.
fn scenario(record: &Record) -> Option<Json> {
    let Record::Scenario(it) = record else { return None };
    let mut json = json!(it);
    let searched = it.search_and_bound();
    let family = it.family().map(|(structure, start, thieves)| (format!("{structure}, {thieves}"), start));
    let shared = if it.is_sample() { "" } else { searched.as_str() };
    json["is_family"] = family.is_some().into();
    (json["what"], json["start"]) =
        family.map_or((json!(it.name), json!("")), |(what, start)| (what.into(), start.into()));
    let program = if json["is_family"] == true { "" } else { it.program.as_str() };
    json["row"] = format!("{} {program} {shared}", json["what"]).into();
    json["is_sample"] = it.is_sample().into();
    json["searched"] = searched.into();
    Some(json)
}

/// Text that cannot break out of its cell, nor begin a tag: the beginning of it, if it is longer than it may be.
fn cell(text: Option<String>, longest: Rest<usize>) -> String {
    let mut text = text.unwrap_or_default();
    if let Some((end, _)) = longest.first().and_then(|longest| text.char_indices().nth(*longest)) {
        text.replace_range(end.., "…");
    }
    text.replace('\n', " ").replace('|', "\\|").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::super::report::Ending;
    use super::super::report::tests::{outcome, report};
    use super::*;
    use crate::results::tests::{family, scenario};

    fn has(page: &str, parts: &[&str]) {
        for part in parts {
            assert!(page.contains(part), "{part} is not in\n{page}");
        }
    }

    #[test]
    fn everything_is_told_and_what_did_not_run() {
        let page = of(&report()).unwrap();
        let because = format!("{}… |", "é".repeat(90));
        let parts = [
            "# What was verified: the deep tier\n\n`cargo xtask verify --deep`, begun",
            "\n| std | passed | 40 tests, 4,096 cases | 1.5 s |\n",
            "| all |  | 43 tests, 4,096 cases,",
            "| last_item | ring2/+/s | 3 preemptions | 1 | 2 | 5 | 2,257 | to its bound | 12 | 0.1 s |",
            "| ring, s,s | from 1 starts | 3 preemptions | 31 | 2 | 5 | 90 | to its bound | 0 | 2.5 s |",
            "| loom | no bound | 2 | 35 |",
            "35 programs, 2 lines of the report, 1 whole steps. The same command again goes on.",
            "| NEXT_READ | Acquire | Relaxed | growth | 3 |",
            &because,
            "| NoGuard | loom | nothing | 95 |  |",
            "| no flag check | loom | explored | growth | 1,200 | a\\|b &lt;c&gt; | 12.5 s |",
            "| no flag check | shuttle | all_states | last_item | – | gone |  |",
            "| no flag | – | – | nothing | – | | 3.5 s |",
            "| 40 | 1 | 9 | 2 |",
            "- **package**: it holds.\n  - not run: not requested\n  - `cargo`",
            "- **sanitizers**: it holds.\n  - not run: the time was up",
            "- not run: thread: no nightly",
            "passed in an earlier run",
            "LOOM_MAX_DURATION",
            "`target/a.jsonl`, which earlier runs had begun",
            "Stale, for it is of other sources, and kept: `target/b`",
            "| ring | 4,096 |",
        ];
        has(&page, &parts);
        assert!(!page.contains("\n\n\n") && page.ends_with("|\n"), "{page}");
    }

    #[test]
    fn samples_and_families_share_a_row_and_everything_else_has_its_own() {
        let search = |search: &str, all| {
            scenario(|it| {
                search.clone_into(&mut it.search);
                (it.executions, it.complete, it.earlier) = (10, all, all);
            })
        };
        let records = [
            search("exhaustive", true),
            search("random", false),
            search("pct2", true),
            scenario(|_| ()),
            scenario(|it| it.unfinished = 1),
            family("ring1", 31, 90),
            family("ring2-wrap-holds1", 31, 100),
            family("chain1", 31, 70),
        ];
        let steps = vec![outcome("loom", Ending::Passed, &records)];
        let page = of(&Report { steps, ..report() }).unwrap();
        let parts = [
            "| ring2/+/s | every schedule | 1 | 2 | 5 | 10 | yes | 12 | 0.1 s, earlier |",
            "| ring2/+/s | pct2, random | 2 | 2 | 5 | 20 | sample | 24 | 0.1 s |",
            "| ring2/+/s | 3 preemptions | 2 | 2 | 5 | 4,514 | 1 of 2 cut off | 24 | 0.1 s |",
            "| chain, s,s | from 1 starts | 3 preemptions | 31 | 2 | 5 | 70 | to its bound | 0 | 2.5 s |",
            "| ring, s,s | from 2 starts | 3 preemptions | 62 | 2 | 5 | 190 | to its bound | 0 | 5.0 s |",
        ];
        has(&page, &parts);
    }
}
