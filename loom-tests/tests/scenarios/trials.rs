//! All there is to run.

use std::fmt::Display;
use std::str::FromStr;
use std::{env, slice};

use pooldeque_loom_tests::case::{Case, Subject};
use pooldeque_loom_tests::enumeration::{Family, families};
use pooldeque_loom_tests::exploration::{Session, explain};
use pooldeque_loom_tests::program::Program;
use pooldeque_loom_tests::runtime;
use pooldeque_loom_tests::scenarios::{CATALOGUE, Floor, Scenario};
use pooldeque_loom_tests::search::{Preemptions, Search};
use pooldeque_loom_tests::tier::Tier;

use crate::isolated::{Effort, Task};

/// How many preemptions loom explores of a program that was typed.
const PREEMPTIONS: &str = "POOLDEQUE_PREEMPTIONS";

/// What there is to run in `tier`, and the program that `filter` names, if it does.
pub(crate) fn all(tier: Tier, filter: Option<&str>) -> Vec<Task> {
    let mut tasks: Vec<_> = CATALOGUE.iter().flat_map(|scenario| named::<Program>(scenario, tier)).collect();
    #[cfg(all(loom, not(crossbeam_loom)))]
    tasks.extend(pooldeque_loom_tests::mutants::all().map(|mutant| {
        Task::new(format!("every_ordering_is_needed/{}", mutant.name()), move || mutant.run(tier))
    }));
    // What crossbeam-epoch does itself makes too many executions of them.
    if !cfg!(crossbeam_loom) {
        for family in families(runtime::enumerated(tier)) {
            let searches = runtime::searches_of_every_program(&family, tier);
            tasks.extend(every_program(&family, searches, tier));
        }
    }
    if let Some(program) = parsed::<Program>(filter) {
        tasks.extend(typed(&program, tier));
    }
    #[cfg(not(crossbeam_loom))]
    tasks.extend(over_a_pool(tier, filter));
    tasks
}

/// The scenarios and the programs over a pool, and the program over one that `filter` names, if it does.
#[cfg(not(crossbeam_loom))]
fn over_a_pool(tier: Tier, filter: Option<&str>) -> Vec<Task> {
    use pooldeque_loom_tests::pool::{PoolProgram, families};
    use pooldeque_loom_tests::scenarios::OVER_A_POOL;

    let mut tasks: Vec<_> =
        OVER_A_POOL.iter().flat_map(|scenario| named::<PoolProgram>(scenario, tier)).collect();
    for family in families(runtime::enumerated(tier)) {
        tasks.extend(every_program(&family, runtime::searches_of_every_pool_program(&family, tier), tier));
    }
    if let Some(program) = parsed::<PoolProgram>(filter) {
        tasks.extend(typed(&program, tier));
    }
    tasks
}

/// The program that `filter` is the name of, if it is one; a search may follow.
fn parsed<C: FromStr>(filter: Option<&str>) -> Option<C> {
    filter?.split(' ').next()?.parse().ok()
}

/// A scenario of the catalogue, once for each search.
fn named<C: Case + FromStr<Err: Display>>(scenario: &'static Scenario, tier: Tier) -> Vec<Task> {
    let searches = runtime::searches::<C>(scenario.preemptions, scenario.every_schedule, tier);
    let task = |search: Search| {
        let name = format!("{}/{}", scenario.name, search.name());
        let floor = scenario.floor(&search);
        // What loom comes to is a measure of the program, whatever runs it.
        let executions = scenario.in_loom.executions;
        let effort = match search.fixed_executions() {
            Some(_) => Effort::Sample(executions),
            None => Effort::All(executions),
        };
        Task::new(name, move || run_one(scenario.name, &scenario.case::<C>(), &search, tier, floor))
            .with_effort(effort)
    };
    searches.into_iter().map(task).collect()
}

/// A family of programs, once for each search.
fn every_program<C: Case>(family: &Family<C>, searches: Vec<Search>, tier: Tier) -> Vec<Task> {
    let task = |search: Search| {
        let family = family.clone();
        Task::new(format!("{}/{search}", family.name), move || {
            let Family { name, about, programs } = &family;
            // One execution each would be a model that sees nothing; some programs have no more.
            let floor = Floor::of(programs.len() as u64 + 1, 0);
            run(&Subject { name, about, programs }, &search, tier, floor)
        })
    };
    searches.into_iter().map(task).collect()
}

/// A program that was typed.
fn typed<C: Case>(program: &C, tier: Tier) -> Vec<Task> {
    let task = |search: Search| {
        let program = program.clone();
        let floor = Floor::of(search.fixed_executions().unwrap_or(1), 0);
        let name = format!("{program} {}", search.name());
        Task::new(name, move || run_one("typed", &program, &search, tier, floor))
    };
    let every = (program.threads() <= 2).then_some(Tier::Quick);
    let bound = env::var(PREEMPTIONS).map_or(3, |bound| bound.parse().expect("a bound is a number"));
    runtime::searches::<C>(Preemptions::AtMost(bound, None), every, tier).into_iter().map(task).collect()
}

fn run_one<C: Case>(
    name: &str,
    program: &C,
    search: &Search,
    tier: Tier,
    floor: Floor,
) -> Result<(), String> {
    let about = program.to_string();
    run(&Subject { name, about: &about, programs: slice::from_ref(program) }, search, tier, floor)
}

fn run<C: Case>(subject: &Subject<'_, C>, search: &Search, tier: Tier, floor: Floor) -> Result<(), String> {
    let outcome = Session::of_this_run(tier)
        .explore(subject, search)
        .map_err(|(program, failure)| explain(subject.name, program, search, &failure))?;
    let line = &outcome.line;
    if line.programs > 0 {
        line.print();
    }
    match outcome.left {
        // The floor is for the whole.
        Some(left) => {
            left.print();
            Ok(())
        }
        None => floor.check(line.executions, line.rings_freed),
    }
}
