//! All there is to run.

use pooldeque_loom_tests::exploration::{explain, explore};
use pooldeque_loom_tests::program::Program;
use pooldeque_loom_tests::runtime::{self, Search};
use pooldeque_loom_tests::scenarios::{CATALOGUE, EverySchedule, Floor, Preemptions, Scenario};
use pooldeque_loom_tests::tier::Tier;

use crate::isolated::Task;

/// What there is to run in `tier`, and the program that `filter` spells, if it does.
pub(crate) fn all(tier: Tier, filter: Option<&str>) -> Vec<Task> {
    let mut tasks = catalogue(tier);
    #[cfg(all(loom, not(crossbeam_loom)))]
    tasks.extend(pooldeque_loom_tests::mutants::all().map(|mutant| {
        Task::new(format!("every_ordering_is_needed/{}", mutant.name()), move || mutant.hunt(tier))
    }));
    #[cfg(all(any(loom, shuttle), not(crossbeam_loom)))]
    tasks.extend(defects(tier));
    let spelled = filter.and_then(|filter| filter.split(' ').next()?.parse().ok());
    if let Some(program) = spelled {
        tasks.extend(typed(&program, tier));
    }
    tasks
}

/// The scenarios with a name.
#[cfg(not(crossbeam_loom))]
fn catalogue(tier: Tier) -> Vec<Task> {
    CATALOGUE.iter().flat_map(|scenario| named(scenario, tier)).collect()
}

/// The scenarios in which rings are reclaimed, with two threads: with three, what crossbeam-epoch does
/// itself makes too many executions.
#[cfg(crossbeam_loom)]
fn catalogue(tier: Tier) -> Vec<Task> {
    /// In these the epoch moves on far enough to free rings while the deque is in use.
    const FREE_RINGS: [&str; 4] = [
        "drained_ring_is_unlinked_and_freed",
        "owner_looks_back_while_a_ring_is_freed",
        "shrink_during_steals",
        "steal_into_over_several_rings",
    ];
    let bound = if tier == Tier::Deep { 3 } else { 2 };
    let reclaiming = CATALOGUE.iter().filter(|scenario| {
        let program = scenario.program();
        !program.structure.is_bounded() && program.threads() == 2
    });
    let task = |scenario: &'static Scenario| {
        let name = format!("{}/over_the_real_epoch", scenario.name);
        let search = Search::Preemptions(Some(bound));
        let rings_freed = if FREE_RINGS.contains(&scenario.name) { 50 } else { 0 };
        Task::new(name, move || run(scenario.name, &scenario.program(), &search, Floor::of(10, rings_freed)))
    };
    reclaiming.map(task).collect()
}

/// Every defect of the doubles, which a scenario must catch; and no defect, which none may.
#[cfg(all(any(loom, shuttle), not(crossbeam_loom)))]
fn defects(tier: Tier) -> impl Iterator<Item = Task> {
    use pooldeque_loom_tests::doubles::{Hunt, chain_hunts, ring_hunts};

    let task = move |structure: &str, (defect, hunt): Hunt| {
        Task::new(format!("every_defect_is_caught/{defect:?}_in_a_{structure}"), move || hunt(tier))
    };
    let rings = ring_hunts().into_iter().map(move |hunt| task("ring", hunt));
    rings.chain(chain_hunts().into_iter().map(move |hunt| task("chain", hunt)))
}

/// A scenario of the catalogue, once for each search.
#[cfg(not(crossbeam_loom))]
fn named(scenario: &'static Scenario, tier: Tier) -> Vec<Task> {
    let searches = runtime::searches(scenario.preemptions, scenario.every_schedule, tier);
    let task = |search: Search| {
        let name = format!("{}/{}", scenario.name, search.name());
        let floor = scenario.floor(&search);
        Task::new(name, move || run(scenario.name, &scenario.program(), &search, floor))
    };
    searches.into_iter().map(task).collect()
}

/// A program that somebody typed.
fn typed(program: &Program, tier: Tier) -> Vec<Task> {
    let task = |search: Search| {
        let program = program.clone();
        let floor = Floor::of(search.fixed_executions().unwrap_or(1), 0);
        Task::new(format!("{program} {}", search.name()), move || run("typed", &program, &search, floor))
    };
    let every =
        if program.threads() <= 2 { EverySchedule::From(Tier::Quick, 1) } else { EverySchedule::Never };
    runtime::searches(Preemptions::AtMost(3, None), every, tier).into_iter().map(task).collect()
}

fn run(name: &str, program: &Program, search: &Search, floor: Floor) -> Result<(), String> {
    let line = explore(name, program, search).map_err(|failure| explain(name, program, search, &failure))?;
    line.print();
    floor.check(line.executions, line.rings_freed)
}
