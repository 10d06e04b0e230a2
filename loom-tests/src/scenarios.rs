//! The scenarios with a name: the races that a reader would think of first, and those that went wrong
//! somewhere before.

#[cfg(not(crossbeam_loom))]
mod catalogue;
#[cfg(crossbeam_loom)]
#[path = "scenarios/over_the_epoch.rs"]
mod catalogue;
#[cfg(not(crossbeam_loom))]
mod over_a_pool;

use std::fmt::Display;
use std::str::FromStr;

use crate::program::Program;
use crate::search::{Preemptions, Search};
use crate::tier::Tier;

pub use catalogue::CATALOGUE;
#[cfg(not(crossbeam_loom))]
pub use over_a_pool::OVER_A_POOL;

/// A program with a name.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// What it is about.
    pub name: &'static str,
    /// The program, by its own name.
    pub program: &'static str,
    /// How many preemptions loom explores.
    pub preemptions: Preemptions,
    /// What loom must come to.
    pub in_loom: Floor,
    /// The tier from which on shuttle goes through every schedule, if not by its states; none if there are too many.
    pub every_schedule: Option<Tier>,
}

/// The least that an exploration must come to. Without it one that sees nothing would pass.
#[derive(Clone, Copy, Debug)]
pub struct Floor {
    /// Executions.
    pub executions: u64,
    /// Rings freed while the deque was in use.
    pub rings_freed: u64,
}

impl Scenario {
    const fn new(
        name: &'static str,
        program: &'static str,
        preemptions: Preemptions,
        in_loom: Floor,
    ) -> Self {
        Self { name, program, preemptions, in_loom, every_schedule: None }
    }

    #[cfg(not(crossbeam_loom))]
    const fn every_schedule_from(mut self, tier: Tier) -> Self {
        self.every_schedule = Some(tier);
        self
    }

    /// Its program, which is one over a deque.
    ///
    /// # Panics
    ///
    /// If the catalogue has a mistake.
    #[must_use]
    pub fn program(&self) -> Program {
        self.case()
    }

    /// Its program.
    ///
    /// # Panics
    ///
    /// If the catalogue has a mistake.
    #[must_use]
    pub fn case<C: FromStr<Err: Display>>(&self) -> C {
        self.program.parse().unwrap_or_else(|why| panic!("{}: {why}", self.program))
    }

    /// What `search` must come to.
    #[must_use]
    pub fn floor(&self, search: &Search) -> Floor {
        match search {
            Search::Preemptions(_) => self.in_loom,
            // A search by states has fewer executions than loom, and more than one.
            Search::Exhaustive | Search::EveryState { .. } => {
                Floor::of((self.in_loom.executions / 10).max(2), self.in_loom.rings_freed.min(1))
            }
            _ => Floor::of(search.fixed_executions().unwrap_or(1), 0),
        }
    }
}

/// The scenarios, those of few executions first; but those in which a thief sleeps last. What they find is
/// a deadlock, and with that loom may end the process.
#[must_use]
pub fn in_order_of_effort() -> Vec<&'static Scenario> {
    let mut scenarios: Vec<_> = CATALOGUE.iter().collect();
    scenarios.sort_by_key(|scenario| (scenario.program().has_sleeper(), scenario.in_loom.executions));
    scenarios
}

impl Floor {
    /// So many executions and freed rings.
    #[must_use]
    pub const fn of(executions: u64, rings_freed: u64) -> Self {
        Self { executions, rings_freed }
    }

    /// Whether an exploration came to that.
    ///
    /// # Errors
    ///
    /// What it came short of.
    pub fn check(self, executions: u64, rings_freed: u64) -> Result<(), String> {
        if executions < self.executions {
            return Err(format!("{executions} executions, the floor is {}", self.executions));
        }
        if rings_freed < self.rings_freed {
            return Err(format!("{rings_freed} rings freed, the floor is {}", self.rings_freed));
        }
        Ok(())
    }
}

#[cfg(all(test, not(crossbeam_loom)))]
mod tests {
    use super::CATALOGUE;
    use crate::program::{OwnerStep, Program, Structure, ThiefStep};

    /// Every method of the four handles is in a scenario, by the step that calls it.
    #[test]
    fn every_method_of_the_handles_has_a_scenario() {
        for structure in [Structure::Bounded, Structure::Unbounded] {
            let programs: Vec<Program> = CATALOGUE.iter().map(|scenario| scenario.program()).collect();
            let programs = || programs.iter().filter(|program| program.structure == structure);
            let owner = |method: &str, is_it: fn(&OwnerStep) -> bool| {
                let is_there = programs().any(|program| program.owner.iter().any(is_it));
                assert!(is_there, "no scenario of {structure:?} calls Worker::{method}");
            };
            let thief = |method: &str, is_it: fn(&ThiefStep) -> bool| {
                let is_there = programs().any(|program| program.thieves.iter().flatten().any(is_it));
                assert!(is_there, "no scenario of {structure:?} calls Stealer::{method}");
            };
            owner("push", |step| matches!(step, OwnerStep::Push));
            owner("push_was_empty", |step| matches!(step, OwnerStep::PushWasEmpty));
            owner("pop", |step| matches!(step, OwnerStep::Pop));
            owner("push_batch", |step| matches!(step, OwnerStep::PushBatch(_)));
            owner("pop_batch", |step| matches!(step, OwnerStep::PopBatch(_)));
            // The owner steals by a new handle.
            owner("stealer", |step| matches!(step, OwnerStep::Steal));
            // With the length a bounded deque is requested its capacity.
            owner("len", |step| matches!(step, OwnerStep::Len));
            owner("is_empty", |step| matches!(step, OwnerStep::IsEmpty));
            if structure == Structure::Bounded {
                owner("spare_capacity", |step| matches!(step, OwnerStep::PushIfRoom));
            }
            if structure == Structure::Unbounded {
                owner("shrink_to", |step| matches!(step, OwnerStep::Shrink));
            }
            thief("steal", |step| matches!(step, ThiefStep::Steal));
            thief("steal_batch", |step| matches!(step, ThiefStep::StealBatch(_)));
            thief("steal_into", |step| matches!(step, ThiefStep::StealInto(_)));
            thief("steal_half_into", |step| matches!(step, ThiefStep::StealHalf(_)));
            thief("len", |step| matches!(step, ThiefStep::Len));
            thief("is_empty", |step| matches!(step, ThiefStep::IsEmpty));
            // Woken by `push_was_empty`.
            thief("steal, asleep", |step| matches!(step, ThiefStep::Sleep));
        }
    }
}
