//! The command line of the example, and the execution it asks for.

use std::str::FromStr;
use std::sync::atomic::Ordering;

use clap::Parser;
#[cfg(not(crossbeam_loom))]
use pooldeque_loom_tests::enumeration::Family;
use pooldeque_loom_tests::explanation::{Explanation, explain_execution};
#[cfg(not(crossbeam_loom))]
use pooldeque_loom_tests::pool::PoolProgram;
use pooldeque_loom_tests::program::Program;
#[cfg(not(crossbeam_loom))]
use pooldeque_loom_tests::runtime::searches_of_every_pool_program;
use pooldeque_loom_tests::search::Search;
#[cfg(not(crossbeam_loom))]
use pooldeque_loom_tests::tier::Tier;

/// What to explain.
#[derive(Parser)]
pub(crate) struct Arguments {
    program: AnyProgram,
    /// A site, to be relaxed.
    #[arg(long)]
    relax: Option<String>,
    /// A schedule that shuttle printed.
    #[arg(long, conflicts_with = "preemptions")]
    schedule: Option<String>,
    /// How many preemptions an execution has at most, or `any`, which is for loom.
    #[arg(long, value_parser = bound)]
    preemptions: Option<Bound>,
    /// The break that has been applied here.
    #[arg(long = "break")]
    broken: Option<String>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A program over a deque or a pool.
#[derive(Clone)]
enum AnyProgram {
    Deque(Program),
    #[cfg(not(crossbeam_loom))]
    Pool(PoolProgram),
}

/// The most preemptions; `None` for any number.
#[derive(Clone, Copy)]
struct Bound(Option<usize>);

fn bound(text: &str) -> Result<Bound, String> {
    match text {
        "any" if cfg!(loom) => Ok(Bound(None)),
        _ => text.parse().map(|most| Bound(Some(most))).map_err(|_| "it is no number".into()),
    }
}

impl FromStr for AnyProgram {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        #[cfg(not(crossbeam_loom))]
        if let Ok(program) = text.parse() {
            return Ok(Self::Pool(program));
        }
        text.parse()
            .map(Self::Deque)
            .map_err(|invalid| format!("{invalid}; one over a pool, like pool/pp/tt/k"))
    }
}

impl Arguments {
    /// An execution of the program: one that fails, if any does.
    ///
    /// # Errors
    ///
    /// What is wrong with the arguments.
    pub(crate) fn explain(&self) -> Result<Explanation, String> {
        let search = self.search()?;
        let mut explanation = match &self.program {
            AnyProgram::Deque(program) => self.relaxed(|| explain_execution(program, &search)),
            #[cfg(not(crossbeam_loom))]
            AnyProgram::Pool(program) => self.relaxed(|| explain_execution(program, &search)),
        }?;
        if let Some(command) = &mut explanation.again {
            for (option, value) in [("--relax", &self.relax), ("--break", &self.broken)] {
                *command += &value.as_ref().map(|value| format!(" {option} {value}")).unwrap_or_default();
            }
        }
        Ok(explanation)
    }

    /// How the execution is found.
    ///
    /// # Errors
    ///
    /// If it is the other model checker's way.
    pub(crate) fn search(&self) -> Result<Search, String> {
        Ok(match (&self.schedule, self.preemptions) {
            (Some(_), _) if cfg!(loom) => return Err("a schedule is shuttle's".into()),
            (Some(schedule), _) => Search::Replay(schedule.clone()),
            (None, Some(Bound(most))) => Search::Preemptions(most),
            (None, None) => self.usual_search(),
        })
    }

    fn usual_search(&self) -> Search {
        match &self.program {
            AnyProgram::Deque(_) if cfg!(loom) => Search::Preemptions(Some(3)),
            AnyProgram::Deque(_) => Search::EveryState { splits_invisible: false },
            #[cfg(not(crossbeam_loom))]
            AnyProgram::Pool(program) => {
                let (name, about) = (String::new(), String::new());
                let alone = Family { name, about, programs: vec![program.clone()] };
                searches_of_every_pool_program(&alone, Tier::Quick).remove(0)
            }
        }
    }

    /// Explains with the site relaxed, if one is to be.
    fn relaxed(&self, explain: impl FnOnce() -> Explanation) -> Result<Explanation, String> {
        let Some(site) = &self.relax else { return Ok(explain()) };
        if !pooldeque::model::catalogue().any(|known| known.name == site) {
            return Err(format!("no ordering site is called {site}"));
        }
        Ok(pooldeque::model::weaken(site, Ordering::Relaxed, explain))
    }
}
