//! The steps, one after the other.

use std::path::PathBuf;

use anyhow::{Result, ensure};

use super::deep::Deep;
use super::execute::{Failure, execute, log_of};
use super::filter::Chosen;
use super::report::{Ending, Outcome};
use super::steps::Step;
use crate::progress::Progress;
use crate::project::Project;
use crate::results::Record;

/// What to say when no step has a name that was requested.
pub(super) const NOTHING: &str = "no step is called that; `cargo xtask verify --list` lists them";

/// A run of the command.
pub(super) struct Run {
    pub(super) project: Project,
    /// The folder of the steps' output and results.
    pub(super) folder: PathBuf,
    pub(super) chosen: Chosen,
    pub(super) deep: Option<Deep>,
    pub(super) keep_going: bool,
}

impl Run {
    /// Runs those of the steps that are to run, and says what came of each.
    pub(super) fn all(&mut self, steps: &[Step]) -> Result<Vec<Outcome>> {
        let count = steps.iter().filter(|step| self.chosen.why_not(step).is_none()).count();
        ensure!(count > 0, NOTHING);
        let mut outcomes: Vec<Outcome> = Vec::new();
        let mut stopped_at = None;
        let mut number = 0;
        for (index, step) in steps.iter().enumerate() {
            let stopped = stopped_at.map(|failed| Ending::NotRun(format!("{failed} failed before")));
            if let Some(why) = self.chosen.why_not(step).or(stopped) {
                outcomes.push(outcome_of(step, why));
                continue;
            }
            number += 1;
            let place = format!("{number:width$}/{count}", width = count.to_string().len());
            let others = steps[index + 1..].iter().filter(|other| self.shares_the_time(other)).count();
            let outcome = self.next(step, &place, others)?;
            if matches!(outcome.result, Ending::Failed(_)) && !self.keep_going {
                stopped_at = Some(&step.name);
            }
            outcomes.push(outcome);
        }
        Ok(outcomes)
    }

    /// Runs a step, unless it need not or cannot run.
    fn next(&mut self, step: &Step, place: &str, others: usize) -> Result<Outcome> {
        if let Some(earlier) = self.earlier(step) {
            println!("[{place}] {}: passed earlier, on the same code: {}", step.name, earlier.what_ran());
            return Ok(earlier);
        }
        if waits_for_time(step) && self.deep.as_ref().is_some_and(Deep::is_over) {
            println!("[{place}] {}: left, the time is up", step.name);
            return Ok(outcome_of(step, Ending::OutOfTime));
        }
        let outcome = self.execute(step, place, others)?;
        if let Some(deep) = &mut self.deep {
            deep.remember(step, &outcome)?;
        }
        Ok(outcome)
    }

    /// Executes a step, which shares the rest of the time with so many others.
    fn execute(&self, step: &Step, place: &str, others: usize) -> Result<Outcome> {
        let deadline = self.deep.as_ref().and_then(|deep| deep.share_with(others));
        let mut progress = Progress::begin(place, &step.name);
        let (project, folder, deep) = (&self.project, &self.folder, self.deep.as_ref());
        let (records, failure) = execute(step, project, folder, deep, deadline, &mut progress)?;
        let result = ending(step, failure.as_ref(), &records);
        let seconds = Some(progress.seconds());
        let outcome = Outcome { records, seconds, ..outcome_of(step, result) };
        let failed = matches!(outcome.result, Ending::Failed(_));
        progress.end(&if failed { "FAILED".to_owned() } else { outcome.what_ran() });
        if let Some(failure) = &failure {
            complain(step, failure, &project.relative(&log_of(step, folder)).to_string_lossy());
        }
        Ok(outcome)
    }

    /// What came of the step when it passed on the same code, unless it is to run all the same.
    fn earlier(&self, step: &Step) -> Option<Outcome> {
        self.deep.as_ref().filter(|_| !self.chosen.insists_on(step))?.earlier(step)
    }

    /// Whether the step takes of the time for exploring.
    fn shares_the_time(&self, step: &Step) -> bool {
        let takes_time = step.explores.is_some() || (waits_for_time(step) && self.earlier(step).is_none());
        takes_time && self.chosen.why_not(step).is_none()
    }
}

/// Whether a step is not to begin when the time is up. One of the ordinary tier always runs; one that explores says
/// itself what is left.
fn waits_for_time(step: &Step) -> bool {
    step.deep && step.explores.is_none()
}

/// How a step ended that began.
fn ending(step: &Step, failure: Option<&Failure>, records: &[Record]) -> Ending {
    let ran = |record: &Record| matches!(record, Record::Tests { passed, failed, .. } if passed + failed > 0);
    match failure {
        Some(failure) => Ending::Failed(failure.reason.clone()),
        None if step.is_picked && !records.iter().any(ran) => {
            Ending::NotRun(format!("nothing is called that in {}", step.name))
        }
        None => match records {
            [Record::NotRun { what }] if step.some.is_empty() => Ending::NotRun(what.clone()),
            _ => Ending::Passed,
        },
    }
}

/// What is to be said of any step, whether or not it ran.
fn outcome_of(step: &Step, result: Ending) -> Outcome {
    let (name, about) = (step.name.clone(), step.about.clone());
    Outcome { name, about, result, commands: step.commands(), ..Outcome::default() }
}

/// Says what failed, with the end of what it said and how to see it again.
fn complain(step: &Step, failure: &Failure, log: &str) {
    println!();
    for line in &failure.last_lines {
        println!("    {line}");
    }
    println!("\n{} failed: {}\n    should be: {}", step.name, failure.reason, step.about);
    println!("    all of it: {log}\n    again:     {}\n", failure.repeat);
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::super::steps::{Runtime, Tier};
    use super::*;

    /// A run in `folder`, of a tier, limited to so many seconds if it is deep.
    fn run(folder: &Path, patterns: &[&str], tier: Tier, seconds: Option<u64>) -> Run {
        let project = Project { root: folder.to_owned(), target: folder.join("target") };
        let time = seconds.map(Duration::from_secs);
        let deep = (tier == Tier::Deep).then(|| Deep::begin(&project, time).unwrap());
        let chosen = Chosen::new(patterns, tier).unwrap();
        Run { project, folder: folder.join("target"), chosen, deep, keep_going: false }
    }

    /// A step whose only command succeeds, or is one that cargo does not have.
    fn step(name: &str, passes: bool, deep: bool) -> Step {
        let command = if passes { "cargo --version" } else { "cargo no-such-command" };
        toml::from_str(&format!(
            "name = '{name}'\nabout = 'it holds'\ndeep = {deep}\nrun = [{{ command = '{command}' }}]"
        ))
        .unwrap()
    }

    fn project() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for path in ["src", "target"] {
            std::fs::create_dir(folder.path().join(path)).unwrap();
        }
        std::fs::write(folder.path().join("src/lib.rs"), "//! Nothing.").unwrap();
        // What is built is no source.
        std::fs::write(folder.path().join(".gitignore"), "/target\n").unwrap();
        folder
    }

    /// How the steps end: each in a word.
    fn endings(run: &mut Run, steps: &[Step]) -> Vec<&'static str> {
        let outcomes = run.all(steps).unwrap();
        let word = |outcome: &Outcome| match &outcome.result {
            Ending::Passed if outcome.earlier => "earlier",
            Ending::Passed => "passed",
            Ending::Failed(why) if why.starts_with("the command failed") => "failed",
            Ending::NotRun(why) if why.ends_with("failed before") => "stopped",
            Ending::NotInTier(_) => "too deep",
            Ending::OutOfTime => "left",
            Ending::Failed(_) | Ending::NotRun(_) => "unexpected",
        };
        outcomes.iter().map(word).collect()
    }

    #[test]
    fn a_step_that_fails_ends_the_run_unless_it_is_to_go_on() {
        let folder = project();
        let steps = [step("a", true, false), step("b", false, false), step("c", true, false)];
        let mut run = run(folder.path(), &[], Tier::Ordinary, None);
        assert_eq!(endings(&mut run, &steps), ["passed", "failed", "stopped"]);
        run.keep_going = true;
        assert_eq!(endings(&mut run, &steps), ["passed", "failed", "passed"]);
        let log = std::fs::read_to_string(folder.path().join("target/b.log")).unwrap();
        assert!(log.starts_with("$ cargo no-such-command\n") && log.contains("no such command"), "{log}");
        run.chosen = Chosen::new(&["z"], Tier::Ordinary).unwrap();
        assert_eq!(run.all(&steps).err().unwrap().to_string(), NOTHING);
    }

    #[test]
    fn a_long_step_that_passed_on_this_code_runs_again_only_when_asked_for() {
        let folder = project();
        let of = |patterns: &[&str], tier, passes| {
            endings(
                &mut run(folder.path(), patterns, tier, None),
                &[step("mutants", passes, true), step("a", true, false)],
            )
        };
        assert_eq!(of(&[], Tier::Ordinary, true), ["too deep", "passed"]);
        assert_eq!(of(&[], Tier::Deep, true), ["passed", "passed"]);
        // It would fail now.
        assert_eq!(of(&[], Tier::Deep, false), ["earlier", "passed"]);
        assert_eq!(of(&["mutants"], Tier::Deep, false)[0], "failed");
        std::fs::write(folder.path().join("src/lib.rs"), "//! Something.").unwrap();
        assert_eq!(of(&[], Tier::Deep, false)[0], "failed");
    }

    #[test]
    fn when_the_time_is_up_the_ordinary_steps_run_and_the_long_ones_are_left() {
        let folder = project();
        let steps = [step("a", true, false), step("mutants", true, true)];
        assert_eq!(endings(&mut run(folder.path(), &[], Tier::Deep, Some(0)), &steps), ["passed", "left"]);
    }

    #[test]
    fn what_explores_and_the_long_steps_share_the_time() {
        let folder = project();
        let picked = Step::picked(Runtime::Loom, None);
        let (short, long) = (step("a", true, false), step("mutants", true, true));
        let in_deep = run(folder.path(), &[], Tier::Deep, Some(60));
        assert!(in_deep.shares_the_time(&picked) && in_deep.shares_the_time(&long));
        assert!(!in_deep.shares_the_time(&short));
        let loom = run(folder.path(), &["loom"], Tier::Deep, Some(60));
        assert!(loom.shares_the_time(&picked) && !loom.shares_the_time(&long));
    }

    #[test]
    fn a_filter_that_picks_nothing_and_a_tool_that_is_not_there_ran_nothing() {
        let picked = Step::picked(Runtime::Shuttle, Some("a"));
        let tests = |passed| [Record::Tests { passed, failed: 0, ignored: 0, filtered: 9 }];
        let nothing = Ending::NotRun("nothing is called that in shuttle".to_owned());
        assert_eq!(ending(&picked, None, &tests(0)), nothing);
        assert_eq!(ending(&picked, None, &tests(1)), Ending::Passed);
        let step = step("a", true, false);
        assert_eq!(ending(&step, None, &[]), Ending::Passed);
        let not_run = [Record::NotRun { what: "typos: it is not there".to_owned() }];
        assert_eq!(ending(&step, None, &not_run), Ending::NotRun("typos: it is not there".to_owned()));
    }
}
