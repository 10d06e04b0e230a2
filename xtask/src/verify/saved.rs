//! The files that a report is written to: in the target folder; to be kept, in docs/reports, with the figures that the
//! README takes from them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use indicatif::HumanCount;
use regex::Regex;

use super::counts::Counts;
use super::page;
use super::report::{Ending, Report};
use super::steps::Tier;
use crate::marked::Marks;
use crate::time::time;

/// Where they are kept, from the project's root.
const FOLDER: &str = "docs/reports";

/// The README's part.
const VERIFIED: Marks<'_> = Marks {
    begin: "<!-- verified: written by `cargo xtask verify --save` -->",
    end: "<!-- end of what was verified -->",
};

/// Writes `NAME.md` and `NAME.json` into `folder`, and says where they are.
pub(super) fn write(report: &Report, folder: &Path, name: &str) -> Result<[PathBuf; 2]> {
    let paths = ["md", "json"].map(|extension| folder.join(name).with_extension(extension));
    let json = serde_json::to_string_pretty(report)? + "\n";
    for (path, text) in paths.iter().zip([page::of(report)?, json]) {
        fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(paths)
}

/// The report whose JSON is in the file.
fn read(path: &Path) -> Result<Report> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no report", path.display()))
}

/// Keeps the report, and refreshes the README. Refuses what is not the whole of its tier.
pub(super) fn save(report: &Report, root: &Path) -> Result<[PathBuf; 2]> {
    check(report)?;
    let folder = root.join(FOLDER);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let paths = write(report, &folder, report.tier.name())?;
    VERIFIED.save(&root.join("README.md"), &figures(root)?)?;
    Ok(paths)
}

/// Whether the report is of all that its tier has, and of nothing that failed. In the deep tier something
/// may be left, which the report then says.
fn check(report: &Report) -> Result<()> {
    ensure!(!report.picked, "only a part ran: a report to keep is of a whole tier");
    for step in &report.steps {
        match &step.result {
            Ending::Failed(_) => bail!("{} failed: a report to keep is of a tier that passed", step.name),
            Ending::NotRun(why) => bail!("{} was not run ({why}): a report to keep is whole", step.name),
            Ending::Passed | Ending::NotInTier(_) | Ending::OutOfTime => {}
        }
    }
    let of_a_machine = Regex::new(r#"[ "'`(=:]/(?:root|home|Users|work|tmp)/"#)?;
    let json = serde_json::to_string(report)?;
    ensure!(!of_a_machine.is_match(&json), "the report names a folder of this machine");
    Ok(())
}

/// The README's table: what the reports in the folder say.
fn figures(root: &Path) -> Result<String> {
    let mut rows = String::new();
    for tier in [Tier::Ordinary, Tier::Deep] {
        let path = root.join(FOLDER).join(tier.name()).with_extension("json");
        if path.exists() {
            rows += &format!("| {} |\n", row(&read(&path)?).join(" | "));
        }
    }
    if rows.is_empty() {
        return Ok("No report has been kept yet.\n".to_owned());
    }
    let header = "| tier | scenarios | programs | executions | weaker orderings caught | defects and breaks caught | \
                  mutants of the code caught | left | time | run |";
    Ok(format!("{header}\n|{}\n{rows}", "---|".repeat(10)))
}

fn row(report: &Report) -> [String; 10] {
    let counts = Counts::of(report.records());
    let count = |what| HumanCount(counts.get(what)).to_string();
    let of = |caught, missed| match counts.get(caught) + counts.get(missed) {
        0 => "–".to_owned(),
        all => format!("{} of {}", count(caught), HumanCount(all)),
    };
    let day = report.began.split('T').next().unwrap_or_default();
    let commit = report.machine.commit.as_ref().map(|commit| format!(", {commit}"));
    let name = report.tier.name();
    [
        format!("[{name}]({FOLDER}/{name}.md)"),
        count("scenarios"),
        count("programs"),
        count("executions"),
        of("mutants killed", "mutants surviving"),
        HumanCount(counts.get("defects caught") + counts.get("breaks caught")).to_string(),
        of("mutants of the code caught", "mutants of the code missed"),
        report.left().unwrap_or_else(|| "nothing".to_owned()),
        time(Some(report.seconds())),
        format!("{day}{}", commit.unwrap_or_default()),
    ]
}

#[cfg(test)]
mod tests {
    use std::env;

    use super::super::report::Deep;
    use super::super::report::tests::{left, outcome, report};
    use super::*;
    use crate::results::tests::scenario;

    /// A whole run of a tier, in which nothing failed.
    fn whole(tier: Tier) -> Report {
        let steps = vec![
            outcome("loom", Ending::Passed, &[scenario(|_| ())]),
            outcome("mutants", Ending::NotInTier("deep tier only".to_owned()), &[]),
        ];
        Report { tier, steps, deep: None, ..report() }
    }

    fn project() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let readme = format!("before\n\n{}\n{}\n\nafter\n", VERIFIED.begin, VERIFIED.end);
        fs::write(root.path().join("README.md"), readme).unwrap();
        root
    }

    /// The figures cannot drift: a change of one of the three fails here.
    #[test]
    fn the_readme_and_the_pages_say_what_the_reports_say() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let readme = root.join("README.md");
        let page = VERIFIED.replaced(&fs::read_to_string(&readme).unwrap(), &figures(root).unwrap());
        let mut pages = vec![(readme, page.expect("README.md has the marks"))];
        for tier in [Tier::Ordinary, Tier::Deep] {
            let path = root.join(FOLDER).join(tier.name());
            if path.with_extension("json").exists() {
                let report = read(&path.with_extension("json")).unwrap();
                assert_eq!(report.tier, tier);
                check(&report).unwrap();
                pages.push((path.with_extension("md"), page::of(&report).unwrap()));
            } else {
                assert!(!path.with_extension("md").exists(), "a page without its report in {FOLDER}");
            }
        }
        for (path, expected) in pages {
            if env::var_os("UPDATE_DOCS").is_some() {
                fs::write(&path, &expected).unwrap();
            }
            let again = "`UPDATE_DOCS=1 cargo test --package xtask` regenerates it";
            assert!(
                fs::read_to_string(&path).unwrap() == expected,
                "{} is not what the reports say: {again}",
                path.display()
            );
        }
    }

    #[test]
    fn a_kept_report_is_in_the_folder_and_in_the_readme_and_read_again() {
        let project = project();
        assert!(figures(project.path()).unwrap().starts_with("No report"));
        let readme = || fs::read_to_string(project.path().join("README.md")).unwrap();
        save(&whole(Tier::Ordinary), project.path()).unwrap();
        assert!(readme().starts_with("before\n") && readme().ends_with("\nafter\n"));
        assert!(readme().contains("[ordinary](docs/reports/ordinary.md)") && readme().contains("2,257"));
        assert!(!readme().contains("[deep]"));
        // A deep run may leave something, and says so.
        let mut deep = whole(Tier::Deep);
        deep.steps.push(outcome("shuttle", Ending::Passed, &[left("ring1", 31)]));
        deep.steps.push(outcome("breaks", Ending::OutOfTime, &[]));
        let [page, json] = save(&deep, project.path()).unwrap();
        assert!(readme().contains("[ordinary]") && readme().contains("[deep]"));
        assert!(readme().contains("31 programs, 1 lines of the report, 1 whole steps"), "{}", readme());
        let text = fs::read_to_string(&json).unwrap();
        assert!(
            text.lines().any(|line| line.contains("last_item") && line.trim().starts_with('{')),
            "{text}"
        );
        let again = read(&json).unwrap();
        assert_eq!(page::of(&again).unwrap(), fs::read_to_string(page).unwrap());
        assert_eq!(serde_json::to_string_pretty(&again).unwrap() + "\n", text);
    }

    #[test]
    fn what_failed_or_was_left_out_is_not_kept() {
        let refusal = |change: fn(&mut Report)| {
            let project = project();
            let mut report = whole(Tier::Ordinary);
            change(&mut report);
            let refusal = save(&report, project.path()).unwrap_err().to_string();
            assert!(!project.path().join(FOLDER).exists());
            refusal
        };
        assert!(refusal(|report| report.picked = true).contains("only a part ran"));
        assert!(
            refusal(|report| report.steps[0].result = Ending::Failed("no".into())).contains("loom failed")
        );
        let not_run = refusal(|report| report.steps[0].result = Ending::NotRun("std failed before".into()));
        assert!(not_run.contains("loom was not run (std failed before)"), "{not_run}");
        let of_here = refusal(|report| {
            let journal = ["", "tmp", "me", "a.jsonl"].join("/");
            report.deep = Some(Deep { journal, goes_on: false, stale: Vec::new() });
        });
        assert!(of_here.contains("folder of this machine"), "{of_here}");
    }

    #[test]
    fn what_a_tier_does_not_have_is_a_dash() {
        let row = row(&whole(Tier::Ordinary));
        assert_eq!(row[4..], ["–", "0", "–", "nothing", "3.0 s", "2026-01-02"]);
        assert_eq!(super::row(&report())[4..7], ["1 of 2", "2", "41 of 43"]);
    }
}
