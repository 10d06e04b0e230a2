//! The scenarios of the pool with a name.

use super::program::PoolProgram;
use crate::scenarios::EverySchedule::{From, Never};
use crate::scenarios::Preemptions::AtMost;
use crate::scenarios::{EverySchedule, Floor, Preemptions};
use crate::tier::Tier::Deep;

/// A program with a name.
#[derive(Clone, Copy, Debug)]
pub struct PoolScenario {
    /// What it is about.
    pub name: &'static str,
    /// The program, by its own name.
    pub program: &'static str,
    /// How many preemptions loom explores.
    pub preemptions: Preemptions,
    /// What loom must come to.
    pub in_loom: Floor,
    /// Whether shuttle goes through every schedule there is.
    pub every_schedule: EverySchedule,
}

/// All of them. The floors are about half of what was measured.
#[rustfmt::skip]
pub const CATALOGUE: &[PoolScenario] = &[
    scenario("first_values_of_two_threads", "pool/-/p/p", AtMost(2, Some(3)), Floor::of(300, 0), From(Deep, 1)),
    scenario("steal_against_the_holders_take", "pool/pp/tt/t", AtMost(3, Some(4)), Floor::of(8, 0), From(Deep, 1)),
    scenario("steal_against_the_holders_put", "pool/p/pp/tt", AtMost(3, Some(4)), Floor::of(3_000, 2_800), From(Deep, 1)),
    scenario("two_thieves_of_one_holder", "pool/ppp/t/t/t", AtMost(2, Some(3)), Floor::of(1_000, 1_000), Never),
    scenario("a_tick_against_the_private_place", "pool/pk/trt/k", AtMost(3, Some(4)), Floor::of(700, 0), From(Deep, 1)),
    scenario("a_tick_against_a_put", "pool/pk/tp/kk", AtMost(3, Some(4)), Floor::of(2_600, 0), From(Deep, 1)),
    scenario("a_tick_against_a_steal", "pool/pppk/k/t", AtMost(3, Some(4)), Floor::of(2_000, 2_000), From(Deep, 1)),
    scenario("two_threads_tick", "pool/ppk/tk/k", AtMost(2, Some(3)), Floor::of(10, 0), Never),
    scenario("a_clear_against_put_and_take", "pool/pp/tp/x", AtMost(3, Some(4)), Floor::of(3_000, 1_800), Never),
    scenario("no_value_is_left_under_a_lowered_hint", "pool/pp/p/tt", AtMost(3, Some(4)), Floor::of(240, 200), From(Deep, 1)),
    scenario("a_visitors_slot_is_adopted_while_another_steals", "pool/-/vp/t", AtMost(2, Some(3)), Floor::of(5_000, 3_000), Never),
    scenario("a_visitors_slot_ages_while_another_adopts_it", "pool/-/v/k/p", AtMost(2, Some(3)), Floor::of(7_000, 400), Never),
    scenario("a_value_goes_home_on_another_thread", "pool/p/s/t", AtMost(2, Some(3)), Floor::of(60, 0), Never),
];

const fn scenario(
    name: &'static str,
    program: &'static str,
    preemptions: Preemptions,
    in_loom: Floor,
    every_schedule: EverySchedule,
) -> PoolScenario {
    PoolScenario { name, program, preemptions, in_loom, every_schedule }
}

impl PoolScenario {
    /// Its program.
    ///
    /// # Panics
    ///
    /// If the catalogue has a mistake.
    #[must_use]
    pub fn program(&self) -> PoolProgram {
        self.program.parse().unwrap_or_else(|why| panic!("{}: {why}", self.program))
    }
}
