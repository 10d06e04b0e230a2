//! Explores programs in every way the runtime knows, and reports.

use std::sync::Arc;
use std::time::Instant;

use crate::case::{Case, Execute, Subject};
use crate::first_failure;
use crate::journal::{Entry, Journal};
use crate::limits::{Ending, Limits};
use crate::report::{Left, Line};
use crate::runtime::{self, Explored, Failure};
use crate::search::Search;
use crate::shrink::shrink;
use crate::tier::Tier;

/// A run: its limits, and what is known from earlier ones.
#[derive(Debug)]
pub struct Session {
    limits: Limits,
    journal: Journal,
}

/// What came of an exploration.
#[derive(Debug)]
pub struct Outcome {
    /// What was explored.
    pub line: Line,
    /// What was not, for want of time.
    pub left: Option<Left>,
}

impl Session {
    /// With the limits of `tier` and of the environment, and the journal that the environment names.
    #[must_use]
    pub fn of_this_run(tier: Tier) -> Self {
        let limits = Limits::of_this_run(tier, runtime::MOST_EXECUTIONS);
        Self { limits, journal: Journal::of_this_run() }
    }

    /// Explores the programs one after the other, except those that an earlier run has explored.
    ///
    /// # Errors
    ///
    /// The first program that fails, and how.
    pub fn explore<'a, C: Case>(
        &self,
        subject: &Subject<'a, C>,
        search: &Search,
    ) -> Result<Outcome, (&'a C, Failure)> {
        let mut line = Line::of(subject, search);
        let mut left = Left::of(subject, search);
        for program in subject.programs {
            let (name, words) = (program.to_string(), search.to_string());
            if let Some(entry) = self.journal.find(runtime::NAME, &name, &words) {
                line.add(entry);
            } else if self.limits.is_over() {
                left.programs += 1;
            } else {
                match self.explore_program(program, search).map_err(|failure| (program, failure))? {
                    Some(entry) => {
                        self.journal.add(&entry);
                        line.add(&entry);
                        line.earlier = false;
                    }
                    None => left.programs += 1,
                }
            }
        }
        Ok(Outcome { line, left: (left.programs > 0).then_some(left) })
    }

    /// What came of a program's exploration, unless the time was up before its end.
    fn explore_program(&self, program: &impl Case, search: &Search) -> Result<Option<Entry>, Failure> {
        let begin = Instant::now();
        let model = Arc::new(program.model());
        let Explored { executions, complete, ending } = explore_model(search, self.limits, &model)?;
        Ok((ending != Ending::OutOfTime).then(|| Entry {
            runtime: runtime::NAME.into(),
            program: program.to_string(),
            search: search.to_string(),
            executions,
            histories: model.histories(),
            rings_freed: model.rings_freed(),
            complete,
            cut_off: ending == Ending::CutOff,
            seconds: begin.elapsed().as_secs_f64(),
        }))
    }
}

/// Explores `program` as `search` says, to the end. Returns how many executions there were.
///
/// # Errors
///
/// The first failure.
pub fn explore(program: &impl Case, search: &Search) -> Result<u64, Failure> {
    let model = Arc::new(program.model());
    explore_model(search, Limits::default(), &model).map(|explored| explored.executions)
}

fn explore_model(search: &Search, limits: Limits, model: &Arc<impl Execute>) -> Result<Explored, Failure> {
    let running = Arc::clone(model);
    runtime::explore(search, limits, move || running.execute())
}

/// Explains a failure of `program`: how to repeat it, and the smallest program that fails too. If this run asks only
/// whether anything fails, says no more than how it did.
#[must_use]
pub fn explain<C: Case>(name: &str, program: &C, search: &Search, failure: &Failure) -> String {
    let fails = |smaller: &C| {
        let (program, search) = (smaller.clone(), search.clone());
        // A thread in which a model has failed is not fit for another.
        std::thread::spawn(move || explore(&program, &search).err()).join().unwrap_or(None)
    };
    let mut text = format!(
        "{name} ({program}, {search}) failed in execution {}:\n{}\n",
        failure.execution, failure.message
    );
    if first_failure::is_all_that_is_asked() {
        return text;
    }
    if let Some(schedule) = &failure.schedule {
        let command = format!(
            "POOLDEQUE_REPLAY={} RUSTFLAGS=\"--cfg shuttle\" cargo test --release -p pooldeque-loom-tests --test scenarios -- {program}",
            schedule
        );
        text += &format!("the same schedule again:\n  {command}\n");
    }
    if matches!(search, Search::Exhaustive | Search::EveryState { .. } | Search::Preemptions(_)) {
        let (smallest, why) = shrink(program, fails);
        if let Some(why) = why {
            text += &format!("the smallest program that fails: {smallest}\n{}\n", why.message);
        }
        text += &steps_of(&smallest, search);
    } else if let Some(command) = again(program, search, failure) {
        text += &format!("step by step: {command}\n");
    }
    text
}

/// The failing execution of `program`, step by step.
#[cfg(any(loom, shuttle))]
fn steps_of<C: Case>(program: &C, search: &Search) -> String {
    let (program, search) = (program.clone(), search.clone());
    let explained = std::thread::spawn(move || {
        let explanation = crate::explanation::explain_execution(&program, &search);
        explanation.fails.then(|| explanation.to_table())
    });
    explained.join().ok().flatten().map(|table| format!("its steps:\n{table}")).unwrap_or_default()
}

/// The command that shows the failing execution of `program` step by step.
#[cfg(any(loom, shuttle))]
fn again(program: &impl Case, search: &Search, failure: &Failure) -> Option<String> {
    crate::explanation::again(program, search, failure.schedule.as_deref())
}

/// On the real machine there is none.
#[cfg(not(any(loom, shuttle)))]
fn again(_program: &impl Case, _search: &Search, _failure: &Failure) -> Option<String> {
    None
}

/// On the real machine an execution leaves no trace.
#[cfg(not(any(loom, shuttle)))]
fn steps_of<C>(_program: &C, _search: &Search) -> String {
    String::new()
}
