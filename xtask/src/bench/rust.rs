//! Runs the criterion benches and reads what they stored.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use indicatif::ProgressBar;
use regex::Regex;
use serde_json::Value;
use walkdir::WalkDir;

use super::results::Results;
use super::suite::{Effort, Suite};
use crate::project::{Project, cargo};

/// Starts each inner loop on a cache line of its own. Otherwise where the linker happens to put a short
/// loop changes its time by a quarter, from one build to the next and from one subject to the next.
const ALIGNED_LOOPS: &str = "-Cllvm-args=-x86-experimental-pref-innermost-loop-alignment=6";

/// The benches, built.
pub(super) struct Benches {
    suite: &'static Suite,
    pub(super) project: Project,
    filter: Option<String>,
    /// How many benchmarks a round has.
    pub(super) count: usize,
}

impl Benches {
    /// Builds the benches and counts those that the filter lets through.
    pub(super) fn build(suite: &'static Suite, filter: Option<&Regex>) -> Result<Self> {
        let project = Project::find()?;
        let filter = filter.map(|filter| filter.as_str().to_owned());
        let mut benches = Self { suite, project, filter, count: 0 };
        for build in &suite.builds {
            let built = benches.cargo_bench(build).arg("--no-run").status()?;
            ensure!(built.success(), "the benches do not build");
            let list = benches.run_command(build).arg("--list").stderr(Stdio::inherit()).output()?;
            ensure!(list.status.success(), "the benches cannot be listed");
            let list = String::from_utf8(list.stdout)?;
            benches.count += list.lines().filter(|line| line.ends_with(": benchmark")).count();
        }
        Ok(benches)
    }

    /// A folder for what is made on the way.
    pub(super) fn target(&self) -> PathBuf {
        self.project.target.join("xtask-bench")
    }

    fn cargo_bench(&self, build: &[String]) -> Command {
        let mut command = cargo();
        command.current_dir(&self.project.root).args(["bench", "--quiet", "--package", "pooldeque-benches"]);
        command.args(["--bench", &self.suite.name]).args(build);
        if cfg!(target_arch = "x86_64") {
            let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
            command.env("RUSTFLAGS", format!("{flags} {ALIGNED_LOOPS}"));
            // The flags are the benches' alone: what else is built here need not be built again.
            command.env("CARGO_TARGET_DIR", self.target().join("build"));
        }
        command
    }

    fn run_command(&self, build: &[String]) -> Command {
        let mut command = self.cargo_bench(build);
        command.arg("--").args(&self.filter);
        command
    }

    /// Measures each benchmark once.
    pub(super) fn measure(
        &self,
        round: u32,
        effort: Effort,
        progress: &ProgressBar,
        results: &mut Results,
    ) -> Result<()> {
        if self.count == 0 {
            return Ok(());
        }
        // Criterion's home of this round's own: what is found there afterwards was measured now.
        let home = self.target().join(format!("round-{round}"));
        if home.exists() {
            fs::remove_dir_all(&home)?;
        }
        for build in &self.suite.builds {
            self.run(build, &home, effort, progress)?;
        }
        let found = read_all(&home, results)?;
        ensure!(found == self.count, "{found} results were stored of {} benchmarks", self.count);
        Ok(())
    }

    /// Measures each benchmark of one build.
    fn run(&self, build: &[String], home: &Path, effort: Effort, progress: &ProgressBar) -> Result<()> {
        let mut command = self.run_command(build);
        command.env("CRITERION_HOME", home);
        command.arg("--measurement-time").arg(effort.seconds.to_string());
        command.arg("--warm-up-time").arg((effort.seconds / 4.0).to_string());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let mut complaints = Vec::new();
        for line in BufReader::new(child.stderr.take().context("no standard error")?).lines() {
            let line = line?;
            match line.strip_prefix("Benchmarking ").map(|line| line.split_once(": ")) {
                Some(Some((_, "Analyzing"))) => progress.inc(1),
                Some(Some((name, _))) => progress.set_message(name.to_owned()),
                Some(None) => {}
                None => complaints.push(line),
            }
        }
        let status = child.wait()?;
        ensure!(status.success(), "the benches failed:\n{}", complaints.join("\n"));
        Ok(())
    }
}

/// Adds all that is in criterion's folder to the results; returns how many.
fn read_all(home: &Path, results: &mut Results) -> Result<usize> {
    let mut found = 0;
    for entry in WalkDir::new(home) {
        let entry = entry?;
        if entry.file_name() != "estimates.json" || !entry.path().with_file_name("benchmark.json").exists() {
            continue;
        }
        // Criterion keeps each result twice, to compare the next one to: the one in `new` is the result.
        if entry.path().parent().and_then(Path::file_name).is_none_or(|folder| folder != "new") {
            continue;
        }
        let estimates = read(entry.path())?;
        let benchmark = read(&entry.path().with_file_name("benchmark.json"))?;
        let text = |key: &str| benchmark[key].as_str();
        let figures =
            estimates["median"]["point_estimate"].as_f64().zip(benchmark["throughput"]["Elements"].as_f64());
        let (Some(row), Some(subject), Some((nanoseconds, elements))) =
            (text("group_id"), text("function_id"), figures)
        else {
            bail!("{} is no result of criterion's", entry.path().display());
        };
        results.add(row, subject, text("value_str").map(str::parse).transpose()?, nanoseconds / elements);
        found += 1;
    }
    Ok(found)
}

fn read(path: &Path) -> Result<Value> {
    let text = fs::read(path).with_context(|| path.display().to_string())?;
    serde_json::from_slice(&text).with_context(|| path.display().to_string())
}
