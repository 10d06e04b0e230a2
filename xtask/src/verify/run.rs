//! The steps, one after the other.

use std::path::PathBuf;

use anyhow::{Result, ensure};

use super::chosen::{self, Chosen};
use super::conduct::{Failure, conduct};
use super::deep::Deep;
use super::evidence::Evidence;
use super::extent::Tier;
use super::progress::Progress;
use super::report::{Ending, Outcome};
use super::step::Step;
use super::tally::Tally;
use super::workplace::Workplace;

/// A run of the command.
pub(super) struct Run {
    pub(super) workplace: Workplace,
    pub(super) logs: PathBuf,
    pub(super) chosen: Chosen,
    pub(super) deep: Option<Deep>,
    pub(super) keep_going: bool,
}

impl Run {
    /// Runs those of the steps that are to run, and says what came of each.
    pub(super) fn all(&mut self, steps: &[Step]) -> Result<Vec<Outcome>> {
        let count = steps.iter().filter(|step| self.chosen.has(step)).count();
        ensure!(count > 0, chosen::NOTHING);
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
                stopped_at = Some(step.name);
            }
            outcomes.push(outcome);
        }
        if stopped_at.is_none() {
            self.look_again(steps, &mut outcomes)?;
        }
        Ok(outcomes)
    }

    /// Runs a step, unless it need not or cannot run.
    fn next(&mut self, step: &Step, place: &str, others: usize) -> Result<Outcome> {
        if let Some(earlier) = self.earlier(step) {
            println!("[{place}] {}: passed earlier, on the same code: {}", step.name, earlier.what_ran());
            return Ok(earlier);
        }
        if self.waits_for_time(step) && self.deep.as_ref().is_some_and(Deep::is_over) {
            println!("[{place}] {}: left, the time is up", step.name);
            return Ok(outcome_of(step, Ending::OutOfTime));
        }
        let outcome = self.carry_out(step, place, others)?;
        if let Some(deep) = &mut self.deep {
            deep.remember(step, &outcome, &self.workplace.root)?;
        }
        Ok(outcome)
    }

    /// Explores what was left, for as long as the steps that came to their end sooner have left time.
    fn look_again(&mut self, steps: &[Step], outcomes: &mut [Outcome]) -> Result<()> {
        let left: Vec<_> = (0..steps.len()).filter(|index| !outcomes[*index].tally.left.is_empty()).collect();
        for (others, index) in (0..left.len()).rev().zip(left) {
            if !self.deep.as_ref().is_some_and(Deep::is_worth_another_look) {
                break;
            }
            let outcome = self.carry_out(&steps[index], "again", others)?;
            outcomes[index] = outcome.after(&outcomes[index]);
        }
        Ok(())
    }

    /// Carries out a step, which shares the rest of the time with so many others.
    fn carry_out(&self, step: &Step, place: &str, others: usize) -> Result<Outcome> {
        let deadline = self.deep.as_ref().and_then(|deep| deep.share_with(others));
        let log = self.logs.join(format!("{}.log", step.name));
        let mut progress = Progress::begin(place, step.name);
        let conducted = conduct(step, &self.workplace, deadline, &log, &mut progress)?;
        let ending = ending(step, conducted.failure.as_ref(), &conducted.tally);
        let seconds = Some(conducted.took.as_secs_f64());
        let outcome = Outcome { tally: conducted.tally, seconds, ..outcome_of(step, ending) };
        progress.end(&match outcome.result {
            Ending::Failed(_) => "FAILED".to_owned(),
            _ => outcome.what_ran(),
        });
        if let Some(failure) = &conducted.failure {
            complain(step, failure, &self.workplace.relative(&log).to_string_lossy());
        }
        Ok(outcome)
    }

    /// What came of the step when it passed on the same code, unless it is to run all the same.
    fn earlier(&self, step: &Step) -> Option<Outcome> {
        self.deep.as_ref().filter(|_| !self.chosen.insists_on(step))?.earlier(step)
    }

    /// Whether it is not to begin when the time is up. A step of the ordinary tier always runs; one that
    /// explores says itself what is left.
    fn waits_for_time(&self, step: &Step) -> bool {
        step.tier == Tier::Deep && !step.explores()
    }

    /// Whether the step takes of the time for exploring.
    fn shares_the_time(&self, step: &Step) -> bool {
        let takes_time = step.explores() || (self.waits_for_time(step) && self.earlier(step).is_none());
        takes_time && self.chosen.has(step)
    }
}

impl Outcome {
    /// The same with the time of the first try, all of whose explorations this one has told again.
    fn after(self, first: &Self) -> Self {
        let seconds = first.seconds.zip(self.seconds).map(|(first, second)| first + second);
        Self { seconds, ..self }
    }
}

/// How a step ended that began.
fn ending(step: &Step, failure: Option<&Failure>, tally: &Tally) -> Ending {
    match failure {
        Some(failure) => Ending::Failed(failure.reason.clone()),
        None if step.evidence == Evidence::Picked && tally.is_idle() => {
            Ending::NotRun(format!("nothing is called that in {}", step.name))
        }
        None => Ending::Passed,
    }
}

/// What is to be said of any step, whether or not it ran.
fn outcome_of(step: &Step, result: Ending) -> Outcome {
    Outcome {
        name: step.name.to_owned(),
        about: step.about.to_owned(),
        result,
        earlier: false,
        seconds: None,
        tally: Tally::default(),
        commands: step.commands(),
    }
}

/// Says what failed, with the end of what it said and how to see it again.
fn complain(step: &Step, failure: &Failure, log: &str) {
    println!();
    for line in &failure.last_lines {
        println!("    {line}");
    }
    let again = format!("cargo xtask verify '^{}$'", step.name);
    println!("\n{} failed: {}", step.name, failure.reason);
    println!("    should be: {}", step.about);
    println!("    all of it: {log}");
    println!("    again:     {}\n", failure.repeat.as_ref().unwrap_or(&again));
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use anyhow::bail;

    use super::super::report::tests::outcome;
    use super::super::scenario::tests::left_line;
    use super::super::step::Part;
    use super::super::tally::tests::tally_of;
    use super::*;

    /// A run in `folder`, of which `deep` says how deep it is.
    fn run(folder: &Path, patterns: &[&str], deep: Option<Deep>) -> Run {
        let tier = if deep.is_some() { Tier::Deep } else { Tier::Ordinary };
        let patterns: Vec<_> = patterns.iter().map(|&pattern| pattern.to_owned()).collect();
        let workplace = Workplace { root: folder.to_owned(), target: folder.to_owned() };
        let chosen = Chosen::new(&patterns, tier).unwrap();
        Run { workplace, logs: folder.to_owned(), chosen, deep, keep_going: false }
    }

    /// A step that looks at files, and finds something wrong or does not.
    fn step(name: &'static str, passes: bool) -> Step {
        let inspect = move |_: &Path| if passes { Ok(Some("fine".to_owned())) } else { bail!("line 7") };
        let inspection = Part::Inspection { wrong: "something is wrong", inspect: Box::new(inspect) };
        Step::new(name, "it holds", vec![inspection], Evidence::None)
    }

    fn project() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for path in ["src", "verify"] {
            std::fs::create_dir(folder.path().join(path)).unwrap();
        }
        std::fs::write(folder.path().join("src/lib.rs"), "//! Nothing.").unwrap();
        // What is built is no source.
        std::fs::write(folder.path().join(".gitignore"), "/verify\n*.log\n").unwrap();
        folder
    }

    fn deep(folder: &Path, time: Option<u64>) -> Option<Deep> {
        let workplace = Workplace { root: folder.to_owned(), target: folder.to_owned() };
        Some(Deep::begin(&workplace, time.map(Duration::from_secs)).unwrap())
    }

    fn endings(outcomes: &[Outcome]) -> Vec<(&str, &Ending)> {
        outcomes.iter().map(|outcome| (outcome.name.as_str(), &outcome.result)).collect()
    }

    #[test]
    fn a_step_that_fails_ends_the_run_unless_it_is_to_go_on() {
        let folder = project();
        let steps = [step("first", true), step("second", false), step("third", true)];
        let mut run = run(folder.path(), &[], None);
        let failed = Ending::Failed("something is wrong".to_owned());
        let not_run = Ending::NotRun("second failed before".to_owned());
        let outcomes = run.all(&steps).unwrap();
        assert_eq!(
            endings(&outcomes),
            [("first", &Ending::Passed), ("second", &failed), ("third", &not_run)]
        );
        assert_eq!(outcomes[0].what_ran(), "fine");
        run.keep_going = true;
        let outcomes = run.all(&steps).unwrap();
        assert_eq!(endings(&outcomes)[1..], [("second", &failed), ("third", &Ending::Passed)]);
        let log = std::fs::read_to_string(folder.path().join("second.log")).unwrap();
        assert_eq!(log, "line 7\n");
    }

    #[test]
    fn nothing_to_run_is_an_error() {
        let folder = project();
        assert!(run(folder.path(), &["third"], None).all(&[step("first", true)]).is_err());
    }

    #[test]
    fn the_ordinary_tier_does_without_the_long_steps() {
        let folder = project();
        let steps = [step("first", true), step("mutants", false).deep()];
        let outcomes = run(folder.path(), &[], None).all(&steps).unwrap();
        assert!(matches!(&outcomes[1].result, Ending::NotInTier(why) if why.contains("'^mutants$'")));
    }

    #[test]
    fn a_long_step_that_passed_on_this_code_runs_again_only_when_asked_for() {
        let folder = project();
        let passes = [step("mutants", true).deep()];
        let outcomes = run(folder.path(), &[], deep(folder.path(), None)).all(&passes).unwrap();
        assert_eq!((&outcomes[0].result, outcomes[0].earlier), (&Ending::Passed, false));
        // It would fail now.
        let fails = [step("mutants", false).deep()];
        let outcomes = run(folder.path(), &[], deep(folder.path(), None)).all(&fails).unwrap();
        assert_eq!((&outcomes[0].result, outcomes[0].earlier), (&Ending::Passed, true));
        let insisting = run(folder.path(), &["mutants"], deep(folder.path(), None)).all(&fails).unwrap();
        assert!(matches!(insisting[0].result, Ending::Failed(_)));
        std::fs::write(folder.path().join("src/lib.rs"), "//! Something.").unwrap();
        let outcomes = run(folder.path(), &[], deep(folder.path(), None)).all(&fails).unwrap();
        assert!(matches!(outcomes[0].result, Ending::Failed(_)));
    }

    #[test]
    fn when_the_time_is_up_the_ordinary_steps_run_and_the_long_ones_are_left() {
        let folder = project();
        let steps = [step("first", true), step("mutants", true).deep()];
        let outcomes = run(folder.path(), &[], deep(folder.path(), Some(0))).all(&steps).unwrap();
        assert_eq!(endings(&outcomes), [("first", &Ending::Passed), ("mutants", &Ending::OutOfTime)]);
        // It has something to say all the same: what is left of it.
        let explores = Step { evidence: Evidence::Picked, ..step("real-threads", false).deep() };
        let outcomes = run(folder.path(), &[], deep(folder.path(), Some(0))).all(&[explores]).unwrap();
        assert!(matches!(outcomes[0].result, Ending::Failed(_)));
    }

    #[test]
    fn what_explores_and_the_long_steps_share_the_time() {
        let folder = project();
        let picked = Step { evidence: Evidence::Picked, ..step("loom", true) };
        let (short, long) = (step("first", true), step("mutants", true).deep());
        let in_deep = run(folder.path(), &[], deep(folder.path(), Some(60)));
        assert!(in_deep.shares_the_time(&picked) && in_deep.shares_the_time(&long));
        assert!(!in_deep.shares_the_time(&short));
        let loom = run(folder.path(), &["loom"], deep(folder.path(), Some(60)));
        assert!(loom.shares_the_time(&picked) && !loom.shares_the_time(&long));
    }

    #[test]
    fn a_filter_that_picks_nothing_ran_nothing() {
        let picked = Step { evidence: Evidence::Picked, ..step("shuttle", true) };
        let nothing = Ending::NotRun("nothing is called that in shuttle".to_owned());
        assert_eq!(ending(&picked, None, &Tally::default()), nothing);
        let one = tally_of(&["test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 9 filtered out"]);
        assert_eq!(ending(&picked, None, &one), Ending::Passed);
        assert_eq!(ending(&step("first", true), None, &Tally::default()), Ending::Passed);
    }

    #[test]
    fn a_second_look_takes_the_place_of_the_first_and_adds_its_time() {
        let first = outcome("loom", Ending::Passed, &[&left_line("ring1", 31)]);
        let second = outcome("loom", Ending::Passed, &[&left_line("ring1", 4)]).after(&first);
        assert_eq!((second.tally.programs_left(), second.seconds), (4, Some(3.0)));
    }
}
