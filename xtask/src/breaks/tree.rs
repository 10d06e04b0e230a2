//! A copy of the project to be broken.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::str;

use anyhow::{Context, Result, ensure};

use super::list::Break;
use crate::project::{Project, cargo};
use crate::results::RESULTS;

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
pub(super) struct Trials {
    pub(super) passed: usize,
    /// The trials that failed, in the order of their names, with the first line of what each said.
    pub(super) failed: Vec<(String, String)>,
}

impl Tree {
    /// Copies the project into `folder`, without what git ignores.
    pub(super) fn copy(project: &Project, folder: &Path) -> Result<Self> {
        let root = folder.join("tree");
        project.copy(&root, str::to_owned)?;
        Ok(Self { root, target: folder.join("target") })
    }

    /// Runs the named scenarios of the ordinary tier on the library broken like this, under each checker that could
    /// notice, and mends it again.
    pub(super) fn try_out(&self, broken: &Break) -> Result<Vec<(Checker, Trials)>> {
        let checkers: &[_] = if broken.is_ordering { &[Checker::Loom] } else { &Checker::ALL };
        self.with(broken, || checkers.iter().map(|checker| Ok((*checker, self.run(*checker)?))).collect())
    }

    /// Breaks the library, acts, and mends it again.
    pub(super) fn with<R>(&self, broken: &Break, act: impl FnOnce() -> Result<R>) -> Result<R> {
        let mut whole = BTreeMap::new();
        for edit in &broken.edits {
            let text = fs::read_to_string(self.root.join(&edit.file)).context(edit.file.clone())?;
            fs::write(self.root.join(&edit.file), edit.apply(&text)?)?;
            whole.entry(&edit.file).or_insert(text);
        }
        let result = act();
        for (file, text) in whole {
            fs::write(self.root.join(file), text)?;
        }
        result
    }

    /// Runs the named scenarios of the ordinary tier.
    pub(super) fn run(&self, checker: Checker) -> Result<Trials> {
        let tests = "test --release --package pooldeque-loom-tests --test scenarios -- --skip every_";
        let output = cargo()
            .args(tests.split(' '))
            .current_dir(&self.root)
            .env("RUSTFLAGS", format!("--cfg {}", checker.name()))
            .env("POOLDEQUE_TIER", "ordinary")
            .env("CARGO_TARGET_DIR", self.target.join(checker.name()))
            // Their results are those of a broken library.
            .env_remove(RESULTS)
            .stdin(Stdio::null())
            .output()
            .context("cannot run cargo")?;
        let trials = Trials::read(str::from_utf8(&output.stdout)?);
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(trials.passed + trials.failed.len() > 0, "no scenario ran:\n{said}");
        Ok(trials)
    }
}

impl Trials {
    /// What libtest-mimic printed.
    fn read(output: &str) -> Self {
        let passed = output.lines().filter(|line| line.starts_with("test ") && line.ends_with("... ok"));
        let mut failed = Vec::new();
        let mut lines = output.lines();
        while let Some(line) = lines.next() {
            if let Some(name) = line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" ----")) {
                // The first line names the program that failed, the second how.
                let said = lines.next().and(lines.next()).unwrap_or_default();
                let said = said.split(" (").next().unwrap_or_default();
                failed.push((name.to_owned(), said.to_owned()));
            }
        }
        Self { passed: passed.count(), failed }
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

failures:

---- growth/explored ----
growth (chain1/+/s, no bound) failed in execution 3:
a ring was touched after it was freed (src/life.rs:9)
";
        let Trials { passed, failed } = Trials::read(output);
        let said = "a ring was touched after it was freed".to_owned();
        assert_eq!((passed, failed), (1, vec![("growth/explored".to_owned(), said)]));
    }
}
