//! One checker beside the other, each with a copy of the project to itself.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Instant;

use anyhow::{Context, Error, Result, ensure};

use super::list::Break;
use super::tree::{Checker, Trials};

/// What a lane did.
pub(super) enum Done {
    /// Nothing is broken, and so many scenarios pass.
    Control { checker: Checker, passed: usize },
    /// It tried the break of this number, counted from zero.
    Break { number: usize, checker: Checker, trials: Trials, seconds: f64 },
    /// It could not try that break; it may be that the compiler refuses it.
    Failed { number: usize, why: Error },
}

/// The checkers that could notice a break: sequential consistency cannot show that an ordering is too weak.
pub(super) fn checkers(broken: &Break) -> &'static [Checker] {
    if broken.is_ordering { &[Checker::Loom] } else { &Checker::ALL }
}

/// Under each checker runs `run`, first with nothing broken and then with each break, and tells `tell` what came of it.
/// A break that cannot be tried does not keep the others from it. After any other error the lanes end with what they are
/// at.
pub(super) fn side_by_side(
    breaks: &[Break],
    run: impl Fn(Checker, Option<&Break>) -> Result<Trials> + Sync,
    tell: impl FnMut(Done) -> Result<()>,
) -> Result<()> {
    thread::scope(|scope| {
        let (sender, receiver) = channel();
        for checker in Checker::ALL {
            let (sender, run) = (sender.clone(), &run);
            scope.spawn(move || {
                if let Err(why) = lane(checker, breaks, run, &sender) {
                    // Nobody hears it where the other lane has failed before.
                    let _ = sender.send(Err(why));
                }
            });
        }
        drop(sender);
        hear(receiver, tell)
    })
}

/// Takes the receiver, so that the lanes notice that nobody listens any more.
fn hear(receiver: Receiver<Result<Done>>, mut tell: impl FnMut(Done) -> Result<()>) -> Result<()> {
    receiver.into_iter().try_for_each(|done| tell(done?))
}

fn lane(
    checker: Checker,
    breaks: &[Break],
    run: impl Fn(Checker, Option<&Break>) -> Result<Trials>,
    sender: &Sender<Result<Done>>,
) -> Result<()> {
    let name = checker.name();
    // Whether all the scenarios are there that the control has.
    let complete = |trials: Trials, whole: &Trials| {
        let (count, all) = (trials.count(), whole.count());
        ensure!(count == all, "{count} scenarios, and {all} when nothing is broken");
        Ok(trials)
    };
    let whole = run(checker, None).with_context(|| format!("nothing broken, under {name}"))?;
    ensure!(
        whole.failed.is_empty() && whole.skipped == 0,
        "scenarios fail though nothing is broken: {:?}",
        whole.failed
    );
    sender.send(Ok(Done::Control { checker, passed: whole.passed }))?;
    for (number, broken) in breaks.iter().enumerate().filter(|(_, it)| checkers(it).contains(&checker)) {
        let begin = Instant::now();
        let trials = run(checker, Some(broken)).and_then(|trials| complete(trials, &whole));
        let seconds = begin.elapsed().as_secs_f64();
        let done = match trials.with_context(|| format!("{}, under {name}", broken.name)) {
            Ok(trials) => Done::Break { number, checker, trials, seconds },
            Err(why) => Done::Failed { number, why },
        };
        sender.send(Ok(done))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use anyhow::bail;

    use super::super::tree::Failed;
    use super::*;

    fn a_break(name: &str, is_ordering: bool) -> Break {
        Break { name: name.to_owned(), what: String::new(), edits: Vec::new(), is_ordering }
    }

    fn trials(passed: usize, skipped: usize, failed: usize) -> Trials {
        let failed = (0..failed).map(|_| Failed { name: "a/b".into(), execution: None, said: "".into() });
        Trials { passed, skipped, failed: failed.collect() }
    }

    /// What was told, in words, sorted.
    fn told(
        breaks: &[Break],
        run: impl Fn(Checker, Option<&Break>) -> Result<Trials> + Sync,
    ) -> (Vec<String>, Result<()>) {
        let mut told = Vec::new();
        let result = side_by_side(breaks, run, |done| {
            told.push(match done {
                Done::Control { checker, passed } => format!("{}: {passed}", checker.name()),
                Done::Break { number, checker, trials, .. } => {
                    format!("{} {number}: {}", checker.name(), trials.failed.len())
                }
                Done::Failed { number, why } => format!("{number}: {why:#}"),
            });
            Ok(())
        });
        told.sort();
        (told, result)
    }

    #[test]
    fn each_checker_tries_what_it_could_notice_after_a_control() {
        let breaks = [a_break("one", false), a_break("TWO_to_Relaxed", true), a_break("three", false)];
        let (told, result) = told(&breaks, |checker, broken| {
            Ok(match (checker, broken) {
                (_, None) => trials(3, 0, 0),
                (Checker::Loom, _) => trials(1, 1, 1),
                (Checker::Shuttle, _) => trials(3, 0, 0),
            })
        });
        result.unwrap();
        let expected =
            ["loom 0: 1", "loom 1: 1", "loom 2: 1", "loom: 3", "shuttle 0: 0", "shuttle 2: 0", "shuttle: 3"];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_control_that_fails_or_leaves_out_ends_the_run_and_no_break_is_tried() {
        for control in [(2, 0, 1), (2, 1, 0)] {
            let (told, result) = told(&[a_break("one", true)], |checker, _| {
                let (passed, skipped, failed) = control;
                Ok(if checker == Checker::Loom { trials(passed, skipped, failed) } else { trials(3, 0, 0) })
            });
            assert!(result.unwrap_err().to_string().contains("nothing is broken"));
            assert!(!told.iter().any(|line| line.starts_with("loom")), "{told:?}");
        }
    }

    #[test]
    fn a_scenario_that_neither_ran_nor_was_skipped_is_missed() {
        let run = |_, broken: Option<&Break>| Ok(broken.map_or(trials(3, 0, 0), |_| trials(0, 1, 1)));
        let (told, result) = told(&[a_break("ONE_to_Relaxed", true)], run);
        result.unwrap();
        let why = "0: ONE_to_Relaxed, under loom: 2 scenarios, and 3 when nothing is broken";
        assert_eq!(told, [why, "loom: 3", "shuttle: 3"]);
    }

    #[test]
    fn a_break_that_cannot_be_tried_is_told_and_the_next_is_tried() {
        let breaks = [a_break("ONE_to_Relaxed", true), a_break("TWO_to_Relaxed", true)];
        let (told, result) = told(&breaks, |_, broken| match broken {
            Some(broken) if broken.name.starts_with("ONE") => bail!("does not build"),
            Some(_) => Ok(trials(1, 1, 1)),
            None => Ok(trials(3, 0, 0)),
        });
        result.unwrap();
        assert_eq!(
            told,
            ["0: ONE_to_Relaxed, under loom: does not build", "loom 1: 1", "loom: 3", "shuttle: 3"]
        );
    }

    #[test]
    fn when_nobody_listens_any_more_the_lanes_end() {
        let tried = Mutex::new(0);
        let breaks: Vec<_> = (0..1_000).map(|number| a_break(&number.to_string(), false)).collect();
        let run = |_, _: Option<&Break>| {
            thread::sleep(Duration::from_millis(1));
            *tried.lock().unwrap() += 1;
            Ok(trials(3, 0, 0))
        };
        let result = side_by_side(&breaks, run, |done| match done {
            Done::Control { .. } => Ok(()),
            _ => bail!("the results cannot be written"),
        });
        assert_eq!(result.unwrap_err().to_string(), "the results cannot be written");
        assert!(*tried.lock().unwrap() < 1_000);
    }
}
