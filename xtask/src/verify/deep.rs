//! A deep run: hours, in as many sittings as one likes.
//!
//! The scenarios write what they have explored into a journal that their test programs write, a file for each
//! state of the sources. Of the other steps those of the ordinary tier run every time; those that only
//! the deep tier has are not repeated once they have passed on the same code.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use super::report::{self, Ending, Outcome};
use super::steps::Step;
use crate::fingerprint::{BUILD, fingerprint};
use crate::project::{Project, files};

/// A deep run.
pub(super) struct Deep {
    root: PathBuf,
    folder: PathBuf,
    /// The fingerprints of what is explored, and of what the other steps run.
    models: String,
    code: String,
    /// When to stop.
    ends: Option<SystemTime>,
    passed: Passed,
}

/// The steps that have passed, on which code.
#[derive(Default, Deserialize, Serialize)]
struct Passed {
    code: String,
    steps: Vec<Outcome>,
}

impl Deep {
    /// Begins, or goes on where another run stopped, for so long if that is limited.
    pub(super) fn begin(project: &Project, time: Option<Duration>) -> Result<Self> {
        let folder = project.target.join("verify/deep");
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let models = fingerprint(&project.root, is_of_the_models, &[])?;
        let code = fingerprint(&project.root, is_code, &[])?;
        // Another version of this command may have written something else: then nothing has passed.
        let passed =
            fs::read(folder.join("passed.json")).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let passed = passed.filter(|passed: &Passed| passed.code == code).unwrap_or_default();
        let ends = time.map(|time| SystemTime::now() + time);
        Ok(Self { root: project.root.clone(), folder, models, code, ends, passed })
    }

    /// Where what is explored is remembered.
    pub(super) fn journal(&self) -> String {
        format!("{{target}}/verify/deep/{}.jsonl", self.models)
    }

    /// What the report is to say of it.
    pub(super) fn about(&self) -> Result<report::Deep> {
        let journal = |name: &str| format!("target/verify/deep/{name}");
        let this = format!("{}.jsonl", self.models);
        let names = files(&self.folder)?;
        let stale = names.iter().filter(|name| name.ends_with(".jsonl") && **name != this);
        let stale = stale.map(|name| journal(name)).collect();
        Ok(report::Deep { journal: journal(&this), goes_on: names.contains(&this), stale })
    }

    /// Refuses to explore other sources than those of the journal.
    pub(super) fn unchanged(&self) -> Result<()> {
        let (was, is) = (&self.models, fingerprint(&self.root, is_of_the_models, &[])?);
        ensure!(*was == is, "the sources changed, from {was} to {is}: the same command begins again");
        Ok(())
    }

    /// What came of the step when it passed on the same code, if it need not run again.
    pub(super) fn earlier(&self, step: &Step) -> Option<Outcome> {
        let outcome = self.passed.steps.iter().find(|outcome| outcome.name == step.name)?;
        Some(Outcome { earlier: true, ..outcome.clone() })
    }

    /// Remembers a step that passed, for [`Self::earlier`] of another run.
    pub(super) fn remember(&mut self, step: &Step, outcome: &Outcome) -> Result<()> {
        let is_to_stay = step.deep && step.explores.is_none() && outcome.result == Ending::Passed;
        // It may have run for an hour, next to somebody's editor.
        if is_to_stay && fingerprint(&self.root, is_code, &[])? == self.code {
            self.passed.code.clone_from(&self.code);
            self.passed.steps.retain(|earlier| earlier.name != outcome.name);
            self.passed.steps.push(outcome.clone());
            let text = serde_json::to_string_pretty(&self.passed)?;
            fs::write(self.folder.join("passed.json"), text).context("cannot remember what passed")?;
        }
        Ok(())
    }

    /// Whether the time is up.
    pub(super) fn is_over(&self) -> bool {
        self.ends.is_some_and(|ends| ends <= SystemTime::now())
    }

    /// When a step is to stop that shares the rest of the time with so many others.
    pub(super) fn share_with(&self, others: usize) -> Option<SystemTime> {
        self.ends.map(|ends| share(SystemTime::now(), ends, others))
    }
}

fn share(now: SystemTime, ends: SystemTime, others: usize) -> SystemTime {
    let left = ends.duration_since(now).unwrap_or_default();
    now + left / u32::try_from(others + 1).unwrap_or(u32::MAX)
}

fn is_of_the_models(path: &str) -> bool {
    path.starts_with("src/") || path.starts_with("loom-tests/") || BUILD.contains(&path)
}

/// Pages explain; what they say of the code is the business of the ordinary steps.
fn is_code(path: &str) -> bool {
    !path.starts_with("docs/") && !path.ends_with(".md")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::steps::{self, Tier};

    /// A project with one source, and a deep run of it.
    fn project() -> (tempfile::TempDir, Project) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/lib.rs"), "//! Nothing.").unwrap();
        fs::write(folder.path().join(".gitignore"), "/target\n").unwrap();
        let project = Project { root: folder.path().to_owned(), target: folder.path().join("target") };
        (folder, project)
    }

    fn step(name: &str) -> Step {
        steps::all(Tier::Deep, Some("")).unwrap().into_iter().find(|step| step.name == name).unwrap()
    }

    fn outcome(step: &Step, result: Ending) -> Outcome {
        Outcome { name: step.name.clone(), result, ..Outcome::default() }
    }

    #[test]
    fn the_rest_of_the_time_is_shared_out() {
        let (now, hour) = (SystemTime::now(), Duration::from_secs(3600));
        assert_eq!(share(now, now + hour, 0), now + hour);
        assert_eq!(share(now, now + hour, 3), now + hour / 4);
        assert_eq!(share(now, now - hour, 3), now);
        let (_folder, project) = project();
        let unlimited = Deep::begin(&project, None).unwrap();
        assert!(!unlimited.is_over() && unlimited.share_with(2).is_none());
        assert!(Deep::begin(&project, Some(Duration::ZERO)).unwrap().is_over());
    }

    #[test]
    fn journals_of_other_sources_are_stale_and_stay() {
        let (folder, project) = project();
        let deep = Deep::begin(&project, None).unwrap();
        assert!(!deep.about().unwrap().goes_on && deep.unchanged().is_ok());
        fs::write(deep.journal().replace("{target}", &project.target.to_string_lossy()), "").unwrap();
        assert!(Deep::begin(&project, None).unwrap().about().unwrap().goes_on);
        fs::write(folder.path().join("src/lib.rs"), "//! Something.").unwrap();
        assert!(deep.unchanged().is_err());
        let report::Deep { goes_on, stale, .. } = Deep::begin(&project, None).unwrap().about().unwrap();
        assert_eq!((goes_on, stale), (false, vec![deep.journal().replace("{target}", "target")]));
    }

    #[test]
    fn only_what_passed_and_is_long_and_ran_on_this_code_is_told_again() {
        let (folder, project) = project();
        let (long, short) = (step("mutants"), step("std"));
        let mut deep = Deep::begin(&project, None).unwrap();
        deep.remember(&long, &outcome(&long, Ending::Failed("no".into()))).unwrap();
        deep.remember(&short, &outcome(&short, Ending::Passed)).unwrap();
        let earlier = |step: &Step| Deep::begin(&project, None).unwrap().earlier(step);
        assert!(earlier(&long).is_none() && earlier(&short).is_none());
        deep.remember(&long, &outcome(&long, Ending::Passed)).unwrap();
        assert!(earlier(&long).unwrap().earlier);
        fs::write(folder.path().join("README.md"), "A page is no code.").unwrap();
        assert!(earlier(&long).is_some());
        fs::write(folder.path().join("build.rs"), "fn main() {}").unwrap();
        assert!(earlier(&long).is_none());
        deep.remember(&step("breaks"), &outcome(&step("breaks"), Ending::Passed)).unwrap();
        assert!(deep.earlier(&step("breaks")).is_none(), "the code changed while it ran");
    }

    #[test]
    fn pages_are_no_code_and_the_models_are_built_of_less() {
        assert!(is_of_the_models("loom-tests/src/a.rs") && !is_of_the_models("xtask/Cargo.toml"));
        assert!(is_code("xtask/Cargo.toml") && !is_code("docs/reports/deep.json") && !is_code("README.md"));
    }
}
