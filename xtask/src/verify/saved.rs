//! The reports that are kept in docs/reports, and the figures that the README takes from them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use comfy_table::{Table, presets};
use indicatif::HumanCount;

use super::extent::Tier;
use super::report::{Ending, Report, in_seconds};
use super::rules;
use crate::marked::Marks;

/// Where they are kept, from the project's root.
const FOLDER: &str = "docs/reports";

/// The README's part.
const VERIFIED: Marks = Marks {
    begin: "<!-- verified: written by `cargo xtask verify --save` -->",
    end: "<!-- end of what was verified -->",
};

/// What the README says before the first report is kept.
const NOTHING_YET: &str = "No report has been kept yet.\n";

/// Keeps the report, and refreshes the README. Refuses what is not the whole of its tier.
pub(super) fn save(report: &Report, root: &Path) -> Result<[PathBuf; 2]> {
    check(report)?;
    let folder = root.join(FOLDER);
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let paths = report.write(&folder, report.tier.name())?;
    VERIFIED.save(&root.join("README.md"), &figures(root)?)?;
    Ok(paths)
}

/// Whether the report is of all that its tier has, and of nothing that failed. In the deep tier something
/// may be left, which the report then says.
fn check(report: &Report) -> Result<()> {
    if let Some(picked) = &report.picked {
        bail!("not everything ran, only {picked}: a report to keep is of a whole tier");
    }
    for step in &report.steps {
        match &step.result {
            Ending::Failed(_) => bail!("{} failed: a report to keep is of a tier that passed", step.name),
            Ending::NotRun(why) => {
                bail!("{} was not run ({why}): a report to keep is of a whole tier", step.name)
            }
            Ending::Passed | Ending::NotInTier(_) | Ending::OutOfTime => {}
        }
    }
    if rules::names_a_machine(&report.json()?) {
        bail!("the report names a folder of this machine");
    }
    Ok(())
}

/// The README's table: what the reports in the folder say.
fn figures(root: &Path) -> Result<String> {
    let mut table = Table::new();
    table.load_preset(presets::ASCII_MARKDOWN).force_no_tty();
    table.set_header([
        "tier",
        "scenarios",
        "programs",
        "executions",
        "weaker orderings caught",
        "defects and breaks caught",
        "mutants of the code caught",
        "left",
        "time",
        "exploring, in all",
        "run",
    ]);
    for tier in [Tier::Ordinary, Tier::Deep] {
        let path = root.join(FOLDER).join(tier.name()).with_extension("json");
        if path.exists() {
            table.add_row(row(&Report::read(&path)?));
        }
    }
    Ok(if table.row_count() == 0 { NOTHING_YET.to_owned() } else { format!("{table}\n") })
}

fn row(report: &Report) -> [String; 11] {
    let totals = report.totals();
    let count = |count: u64| HumanCount(count).to_string();
    let of = |caught: u64, missed: u64| match caught + missed {
        0 => "–".to_owned(),
        all => format!("{} of {}", count(caught), count(all)),
    };
    let code = totals.code_mutants;
    let day = report.began.split('T').next().unwrap_or_default();
    let commit = report.machine.commit.as_ref().map(|commit| format!(", {commit}"));
    let name = report.tier.name();
    [
        format!("[{name}]({FOLDER}/{name}.md)"),
        count(totals.explored.scenarios),
        count(totals.explored.programs),
        count(totals.executions),
        of(totals.mutants_killed, totals.mutants_surviving),
        count(totals.defects_caught + totals.breaks_caught),
        of(code.noticed(), code.listed + code.missed),
        totals.left().unwrap_or_else(|| "nothing".to_owned()),
        in_seconds(totals.seconds),
        in_seconds(totals.seconds_explored),
        format!("{day}{}", commit.unwrap_or_default()),
    ]
}

#[cfg(test)]
mod tests {
    use std::env;

    use super::super::report::Deep;
    use super::super::report::tests::{outcome, report};
    use super::super::scenario::tests::{left_line, line};
    use super::*;

    fn root() -> &'static Path {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
    }

    /// A whole run of a tier, in which nothing failed.
    fn whole(tier: Tier) -> Report {
        let result = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        let why = "deep tier only".to_owned();
        let steps = vec![
            outcome("loom", Ending::Passed, &[result, &line(2, 2257, 12)]),
            outcome("mutants", Ending::NotInTier(why), &[]),
        ];
        Report { tier, steps, deep: None, ..report() }
    }

    fn project() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let readme = format!("before\n\n{}\n{}\n\nafter\n", VERIFIED.begin, VERIFIED.end);
        fs::write(root.path().join("README.md"), readme).unwrap();
        root
    }

    /// The figures cannot drift: whoever changes one of the three hears of the others.
    #[test]
    fn the_readme_and_the_pages_say_what_the_reports_say() {
        let readme = root().join("README.md");
        let figures = figures(root()).unwrap();
        let page = fs::read_to_string(&readme).unwrap();
        let expected = VERIFIED.replaced(&page, &figures);
        let expected =
            expected.unwrap_or_else(|| panic!("README.md lacks {} … {}", VERIFIED.begin, VERIFIED.end));
        let again = "write it anew with `UPDATE_DOCS=1 cargo test --package xtask`";
        let update = env::var_os("UPDATE_DOCS").is_some();
        if update {
            fs::write(&readme, &expected).unwrap();
        }
        assert!(update || page == expected, "README.md is not what {FOLDER} says: {again}");

        for tier in [Tier::Ordinary, Tier::Deep] {
            let path = root().join(FOLDER).join(tier.name());
            if !path.with_extension("json").exists() {
                assert!(!path.with_extension("md").exists(), "a page without its report in {FOLDER}");
                continue;
            }
            let report = Report::read(&path.with_extension("json")).unwrap();
            assert_eq!(report.tier, tier);
            check(&report).unwrap();
            let expected = report.page().unwrap();
            if update {
                fs::write(path.with_extension("md"), &expected).unwrap();
            }
            let page = fs::read_to_string(path.with_extension("md")).unwrap();
            assert!(
                page == expected,
                "the page of the {} tier is not what its report says: {again}",
                tier.name()
            );
        }
    }

    #[test]
    fn a_kept_report_stands_in_the_folder_and_in_the_readme() {
        let project = project();
        save(&whole(Tier::Ordinary), project.path()).unwrap();
        let readme = fs::read_to_string(project.path().join("README.md")).unwrap();
        assert!(readme.starts_with("before\n") && readme.ends_with("\nafter\n"));
        assert!(
            readme.contains("[ordinary](docs/reports/ordinary.md)") && readme.contains("2,257"),
            "{readme}"
        );
        assert!(!readme.contains("[deep]"));
        save(&whole(Tier::Deep), project.path()).unwrap();
        let readme = fs::read_to_string(project.path().join("README.md")).unwrap();
        assert!(readme.contains("[ordinary]") && readme.contains("[deep]"), "{readme}");
        for file in ["ordinary.md", "ordinary.json", "deep.md", "deep.json"] {
            assert!(project.path().join(FOLDER).join(file).exists(), "{file}");
        }
    }

    #[test]
    fn a_deep_run_may_leave_something_and_says_so() {
        let project = project();
        let mut report = whole(Tier::Deep);
        report.steps.push(outcome("shuttle", Ending::Passed, &[&left_line("ring1", 31)]));
        report.steps.push(outcome("breaks", Ending::OutOfTime, &[]));
        save(&report, project.path()).unwrap();
        let readme = fs::read_to_string(project.path().join("README.md")).unwrap();
        assert!(readme.contains("31 programs, 1 lines of the report, 1 whole steps"), "{readme}");
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
        assert!(
            refusal(|report| report.picked = Some("steps ^rules$".to_owned())).contains("only steps ^rules$")
        );
        let failed = refusal(|report| report.steps[0].result = Ending::Failed("no".to_owned()));
        assert!(failed.contains("loom failed"), "{failed}");
        let not_run =
            refusal(|report| report.steps[0].result = Ending::NotRun("std failed before".to_owned()));
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
        assert_eq!(row[4..8], ["–", "0", "–", "nothing"]);
        assert_eq!(row[8..], ["3.0 s", "0.1 s", "2026-01-02"]);
        let row = super::row(&report());
        assert_eq!(row[4..7], ["1 of 2", "1", "41 of 43"]);
    }

    #[test]
    fn without_a_report_the_readme_says_so() {
        let project = project();
        assert_eq!(figures(project.path()).unwrap(), NOTHING_YET);
    }
}
