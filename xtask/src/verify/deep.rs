//! A deep run: hours, in as many sittings as one likes.
//!
//! What the scenarios have explored stands in a journal that their test programs write, a file for each
//! state of the sources. Of the other steps those of the ordinary tier run every time; those that only
//! the deep tier has are not repeated once they have passed on the same code.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::extent::{Extent, Tier, journal_of};
use super::report::{Ending, Outcome};
use super::step::Step;
use super::workplace::Workplace;
use super::{fingerprint, report};

/// A deep run.
pub(super) struct Deep {
    folder: PathBuf,
    /// What is explored, and what the other steps run.
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

/// A second look at what was left is not worth its beginning when less time is left.
const WORTH_IT: Duration = Duration::from_secs(300);

impl Deep {
    /// Begins, or goes on where another run stopped, for so long if that is limited.
    pub(super) fn begin(workplace: &Workplace, time: Option<Duration>) -> Result<Self> {
        let folder = workplace.results().join("deep");
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let models = fingerprint::of_the_models(&workplace.root)?;
        let code = fingerprint::of_the_code(&workplace.root)?;
        let ends = time.map(|time| SystemTime::now() + time);
        let passed = Passed::read(&folder, &code)?;
        Ok(Self { folder, models, code, ends, passed })
    }

    /// How much to explore.
    pub(super) fn extent(&self) -> Extent {
        Extent::deep(self.models.clone())
    }

    /// What the report is to say of it.
    pub(super) fn about(&self) -> Result<report::Deep> {
        let journal = journal_of(&self.models).replace(Workplace::TARGET, "target");
        let goes_on = self.folder.join(format!("{}.jsonl", self.models)).exists();
        let mut stale = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            if let Some(other) = name.strip_suffix(".jsonl")
                && other != self.models
            {
                stale.push(journal_of(other).replace(Workplace::TARGET, "target"));
            }
        }
        stale.sort();
        Ok(report::Deep { journal, goes_on, stale })
    }

    /// What came of the step when it passed on the same code, if it need not run again.
    pub(super) fn earlier(&self, step: &Step) -> Option<Outcome> {
        let outcome = self.passed.steps.iter().find(|outcome| outcome.name == step.name)?;
        Some(Outcome { earlier: true, ..outcome.clone() })
    }

    /// Remembers a step that passed, for [`Self::earlier`] of another run.
    pub(super) fn remember(&mut self, step: &Step, outcome: &Outcome, root: &Path) -> Result<()> {
        let is_to_stay = step.tier == Tier::Deep && !step.explores();
        // It may have run for an hour, next to somebody's editor.
        if is_to_stay && outcome.result == Ending::Passed && fingerprint::of_the_code(root)? == self.code {
            self.passed.add(outcome);
            self.passed.write(&self.folder)?;
        }
        Ok(())
    }

    /// Whether the time is up.
    pub(super) fn is_over(&self) -> bool {
        self.ends.is_some_and(|ends| ends <= SystemTime::now())
    }

    /// Whether there is time enough for a second look at what was left.
    pub(super) fn is_worth_another_look(&self) -> bool {
        self.ends.is_some_and(|ends| ends > SystemTime::now() + WORTH_IT)
    }

    /// When a step is to stop that shares the rest of the time with so many others.
    pub(super) fn share_with(&self, others: usize) -> Option<SystemTime> {
        self.ends.map(|ends| share(SystemTime::now(), ends, others))
    }
}

fn share(now: SystemTime, ends: SystemTime, others: usize) -> SystemTime {
    let left = ends.duration_since(now).unwrap_or_default();
    let sharers = u32::try_from(others + 1).unwrap_or(u32::MAX);
    now + left / sharers
}

impl Passed {
    const FILE: &str = "passed.json";

    /// Those in `folder`, as far as they passed on `code`.
    fn read(folder: &Path, code: &str) -> Result<Self> {
        let path = folder.join(Self::FILE);
        let nothing = Self { code: code.to_owned(), steps: Vec::new() };
        if !path.exists() {
            return Ok(nothing);
        }
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        // Another version of this command may have written something else: then nothing has passed.
        let passed = serde_json::from_str::<Self>(&text).ok().filter(|passed| passed.code == code);
        Ok(passed.unwrap_or(nothing))
    }

    fn add(&mut self, outcome: &Outcome) {
        self.steps.retain(|earlier| earlier.name != outcome.name);
        self.steps.push(outcome.clone());
    }

    fn write(&self, folder: &Path) -> Result<()> {
        let path = folder.join(Self::FILE);
        let text = serde_json::to_string_pretty(self)?;
        fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::evidence::Evidence;
    use super::super::report::tests::outcome;
    use super::*;

    fn deep(folder: &Path) -> Deep {
        let passed = Passed::read(folder, "code").unwrap();
        let (models, code) = ("models".to_owned(), "code".to_owned());
        Deep { folder: folder.to_owned(), models, code, ends: None, passed }
    }

    fn step(name: &'static str) -> Step {
        Step::new(name, "it holds", Vec::new(), Evidence::None).deep()
    }

    #[test]
    fn the_rest_of_the_time_is_shared_out() {
        let (now, hour) = (SystemTime::now(), Duration::from_secs(3600));
        assert_eq!(share(now, now + hour, 0), now + hour);
        assert_eq!(share(now, now + hour, 3), now + hour / 4);
        assert_eq!(share(now, now - hour, 3), now);
    }

    #[test]
    fn without_an_end_no_step_is_told_to_stop() {
        let folder = tempfile::tempdir().unwrap();
        let deep = deep(folder.path());
        assert_eq!((deep.is_over(), deep.is_worth_another_look(), deep.share_with(2)), (false, false, None));
    }

    #[test]
    fn a_step_alone_may_take_all_the_time_there_is() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/lib.rs"), "").unwrap();
        let workplace = Workplace { root: folder.path().to_owned(), target: folder.path().join("target") };
        let before = SystemTime::now();
        let hour = Duration::from_secs(3600);
        let deep = Deep::begin(&workplace, Some(hour)).unwrap();
        assert!(deep.share_with(0).is_some_and(|ends| ends >= before + hour));
        assert!(deep.share_with(3).is_some_and(|ends| ends < before + hour / 2));
        assert!(!deep.is_over() && !deep.about().unwrap().goes_on);
        assert!(Deep::begin(&workplace, None).unwrap().share_with(0).is_none());
    }

    #[test]
    fn the_time_is_up_when_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let ending_in = |seconds| {
            let ends = SystemTime::now() + Duration::from_secs(seconds);
            Deep { ends: Some(ends), ..deep(folder.path()) }
        };
        assert!(ending_in(0).is_over() && !ending_in(0).is_worth_another_look());
        assert!(!ending_in(60).is_over() && !ending_in(60).is_worth_another_look());
        assert!(ending_in(3600).is_worth_another_look());
    }

    #[test]
    fn journals_of_other_sources_are_stale_and_stay() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["models.jsonl", "others.jsonl", "passed.json"] {
            fs::write(folder.path().join(name), "").unwrap();
        }
        let about = deep(folder.path()).about().unwrap();
        assert_eq!(about.journal, "target/verify/deep/models.jsonl");
        assert!(about.goes_on);
        assert_eq!(about.stale, ["target/verify/deep/others.jsonl"]);
        assert!(folder.path().join("others.jsonl").exists());
    }

    #[test]
    fn what_passed_on_the_same_code_is_told_again() {
        let folder = tempfile::tempdir().unwrap();
        let line = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        let mut first = deep(folder.path());
        for _ in 0..2 {
            first.passed.add(&outcome("mutants", Ending::Passed, &[line]));
        }
        first.passed.write(folder.path()).unwrap();
        let earlier = deep(folder.path()).earlier(&step("mutants")).unwrap();
        assert!(earlier.earlier);
        assert_eq!((earlier.result, earlier.tally.passed), (Ending::Passed, 3));
        assert!(deep(folder.path()).earlier(&step("breaks")).is_none());
        assert_eq!(Passed::read(folder.path(), "code").unwrap().steps.len(), 1);
        assert!(Passed::read(folder.path(), "other code").unwrap().steps.is_empty());
    }

    #[test]
    fn only_what_passed_and_is_long_and_ran_on_this_code_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut deep = Deep { code: fingerprint::of_the_code(root).unwrap(), ..deep(folder.path()) };
        let (passed, failed) = (Ending::Passed, Ending::Failed("no".to_owned()));
        deep.remember(&step("mutants"), &outcome("mutants", failed, &[]), root).unwrap();
        let short = Step::new("std", "it holds", Vec::new(), Evidence::Tests);
        deep.remember(&short, &outcome("std", passed.clone(), &[]), root).unwrap();
        assert!(deep.passed.steps.is_empty());
        deep.remember(&step("mutants"), &outcome("mutants", passed.clone(), &[]), root).unwrap();
        assert_eq!(deep.passed.steps.len(), 1);
        let mut another = Deep { code: "of other files".to_owned(), ..deep };
        another.remember(&step("breaks"), &outcome("breaks", passed, &[]), root).unwrap();
        assert_eq!(another.passed.steps.len(), 1);
    }
}
