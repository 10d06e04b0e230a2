//! A copy of the project to be broken.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::str;

use anyhow::{Context, Result, ensure};

use super::list::Break;
use crate::project::{Project, cargo};
use crate::results::{Caught, RESULTS};

/// Makes the scenarios end with the first failure, and not explain it.
const FIRST_FAILURE: &str = "POOLDEQUE_FIRST_FAILURE";

/// The copy, and where it is built.
pub(super) struct Tree {
    pub(super) root: PathBuf,
    pub(super) target: PathBuf,
}

/// What the scenarios run under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checker {
    /// Weak memory.
    Loom,
    /// Sequential consistency: every state.
    Shuttle,
}

impl Checker {
    pub(super) const ALL: [Self; 2] = [Self::Loom, Self::Shuttle];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Loom => "loom",
            Self::Shuttle => "shuttle",
        }
    }
}

/// What came of the scenarios.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Trials {
    pub(super) passed: usize,
    /// The trials that were not run, because one before them had failed.
    pub(super) skipped: usize,
    pub(super) failed: Vec<Failed>,
}

/// A trial that failed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Failed {
    /// The scenario, and how it was searched.
    pub(super) name: String,
    /// The number of the execution that failed; none if it took the process with it.
    pub(super) execution: Option<u64>,
    /// The first line of what it said.
    pub(super) said: String,
}

impl Tree {
    /// Copies the project into `folder`, without what git ignores.
    pub(super) fn copy(project: &Project, folder: &Path) -> Result<Self> {
        let root = folder.join("tree");
        project.copy(&root, str::to_owned)?;
        Ok(Self { root, target: folder.join("target") })
    }

    /// Breaks the library, acts, and mends it again.
    pub(super) fn with<R>(&self, broken: &Break, act: impl FnOnce() -> Result<R>) -> Result<R> {
        let mut files = BTreeMap::new();
        for edit in &broken.edits {
            let file = self.root.join(&edit.file);
            let whole = fs::read_to_string(&file).context(edit.file.clone())?;
            let (_, text) = files.entry(file).or_insert_with(|| (whole.clone(), whole));
            *text = edit.apply(text)?;
        }
        // All edits apply: otherwise nothing is written, and there is nothing to mend.
        for (file, (_, text)) in &files {
            fs::write(file, text)?;
        }
        let result = act();
        for (file, (whole, _)) in &files {
            fs::write(file, whole)?;
        }
        result
    }

    /// Runs the named scenarios of the ordinary tier, those of few executions first, until one fails. They run one at a
    /// time, so that it is the same one in each run.
    pub(super) fn run(&self, checker: Checker) -> Result<Trials> {
        let tests = "test --release --package pooldeque-loom-tests --test scenarios -- --skip every_ --test-threads 1";
        let output = cargo()
            .args(tests.split(' '))
            .current_dir(&self.root)
            .env("RUSTFLAGS", format!("--cfg {}", checker.name()))
            .env("POOLDEQUE_TIER", "ordinary")
            .env(FIRST_FAILURE, "1")
            // Of the library only what the break changed is compiled again.
            .env("CARGO_PROFILE_RELEASE_INCREMENTAL", "true")
            .env("CARGO_TARGET_DIR", self.target.join(checker.name()))
            // Their results are those of a broken library.
            .env_remove(RESULTS)
            .stdin(Stdio::null())
            .output()
            .context("cannot run cargo")?;
        let trials = Trials::read(str::from_utf8(&output.stdout)?);
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(trials.passed + trials.failed.len() > 0, "no scenario ran:\n{said}");
        ensure!(!trials.failed.is_empty() || trials.skipped == 0, "none failed, and not all ran:\n{said}");
        Ok(trials)
    }
}

impl Trials {
    /// What libtest-mimic printed.
    fn read(output: &str) -> Self {
        let mut trials = Self::default();
        for line in output.lines().filter(|line| line.starts_with("test ")) {
            trials.passed += usize::from(line.ends_with("... ok"));
            trials.skipped += usize::from(line.contains("... ignored"));
        }
        let lines: Vec<_> = output.lines().collect();
        let name_in = |line: &str| Some(line.strip_prefix("---- ")?.strip_suffix(" ----")?.to_owned());
        for (at, name) in (1..).zip(&lines).filter_map(|(next, line)| Some((next, name_in(line)?))) {
            let said: Vec<_> = lines[at..].iter().take_while(|line| name_in(line).is_none()).collect();
            // A line names the program and the execution that failed, and the next says how. What shuttle prints comes
            // before. Where the process ended instead, the first line is the place, and the second what was wrong there.
            let number =
                |line: &str| line.rsplit_once(" failed in execution ")?.1.strip_suffix(':')?.parse().ok();
            let failure = (0..).zip(&said).find_map(|(at, line)| Some((at, number(line)?)));
            let (how, execution) = failure.map_or((1, None), |(at, number)| (at + 1, Some(number)));
            let said = said.get(how).and_then(|line| line.split(" (").next()).unwrap_or_default().to_owned();
            trials.failed.push(Failed { name, execution, said });
        }
        trials
    }

    /// How many there were, whatever came of them.
    pub(super) fn count(&self) -> usize {
        self.passed + self.skipped + self.failed.len()
    }

    /// The first that failed, as the results have it.
    pub(super) fn caught(&self, checker: Checker) -> Option<Caught> {
        let Failed { name, execution, said } = self.failed.first()?;
        let (scenario, search) = name.split_once('/').unwrap_or((name, ""));
        Some(Caught {
            runtime: checker.name().to_owned(),
            scenario: scenario.to_owned(),
            search: search.to_owned(),
            execution: *execution,
            because: said.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_passed_and_what_failed_is_read() {
        let output = "\
test last_item/explored  ... ok
test growth/explored     ... FAILED
test a_race/explored     ... ignored (another has failed)
test aborts/explored     ... FAILED

failures:

---- growth/explored ----
growth (chain1/+/s, no bound) failed in execution 3:
a ring was touched after it was freed (src/life.rs:9)

---- a_panic/all_states ----
Task failed, serializing schedule
test panicked in task 'main-thread'
a_panic (ring2/+/s, every state) failed in execution 12:
assertion `left == right` failed

---- aborts/explored ----
thread 'main' panicked at src/lib.rs:1:1:
deadlock; threads = 2
";
        let trials = Trials::read(output);
        let failed = |name: &str, execution, said: &str| Failed {
            name: name.to_owned(),
            execution,
            said: said.to_owned(),
        };
        let failed = vec![
            failed("growth/explored", Some(3), "a ring was touched after it was freed"),
            failed("a_panic/all_states", Some(12), "assertion `left == right` failed"),
            failed("aborts/explored", None, "deadlock; threads = 2"),
        ];
        assert_eq!(trials, Trials { passed: 1, skipped: 1, failed });
        assert_eq!(trials.count(), 5);
        let caught = trials.caught(Checker::Loom).unwrap();
        assert_eq!((&*caught.scenario, &*caught.search, caught.execution), ("growth", "explored", Some(3)));
        assert_eq!(Trials::read("test last_item/explored  ... ok\n").caught(Checker::Loom), None);
    }

    #[test]
    fn the_scenarios_know_the_variable_that_ends_them_with_the_first_failure() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../loom-tests/src/first_failure.rs");
        let declared = format!("FIRST_FAILURE: &str = \"{FIRST_FAILURE}\"");
        assert!(fs::read_to_string(file).unwrap().contains(&declared));
    }
}
