//! Those over a pool.

use super::EverySchedule::{From, Never};
use super::Preemptions::AtMost;
use super::{Floor, Scenario};
use crate::tier::Tier::Deep;

/// All of them. The floors are about half of what was measured.
#[rustfmt::skip]
pub const OVER_A_POOL: &[Scenario] = &[
    Scenario::new("first_values_of_two_threads", "pool/-/p/p", AtMost(2, Some(3)), Floor::of(150, 0), From(Deep, 1)),
    Scenario::new("steal_against_the_holders_take", "pool/pp/tt/t", AtMost(3, Some(4)), Floor::of(8, 0), From(Deep, 1)),
    Scenario::new("steal_against_the_holders_put", "pool/p/pp/tt", AtMost(3, Some(4)), Floor::of(1_600, 3_000), From(Deep, 1)),
    Scenario::new("two_thieves_of_one_holder", "pool/ppp/t/t/t", AtMost(2, Some(3)), Floor::of(1_000, 1_000), Never),
    Scenario::new("a_tick_against_the_private_place", "pool/pk/trt/k", AtMost(3, Some(4)), Floor::of(700, 0), From(Deep, 1)),
    Scenario::new("a_tick_against_a_put", "pool/pk/tp/kk", AtMost(3, Some(4)), Floor::of(1_000, 0), From(Deep, 1)),
    Scenario::new("a_tick_against_a_steal", "pool/pppk/k/t", AtMost(3, Some(4)), Floor::of(2_000, 2_000), From(Deep, 1)),
    Scenario::new("two_threads_tick", "pool/ppk/tk/k", AtMost(2, Some(3)), Floor::of(10, 0), Never),
    Scenario::new("a_clear_against_put_and_take", "pool/pp/tp/x", AtMost(3, Some(4)), Floor::of(600, 190), Never),
    Scenario::new("no_value_is_left_under_a_clear_bit", "pool/pp/p/tt", AtMost(3, Some(4)), Floor::of(180, 300), From(Deep, 1)),
    Scenario::new("a_visitors_slot_is_adopted_while_another_steals", "pool/-/vp/t", AtMost(2, Some(3)), Floor::of(1_700, 4_000), Never),
    Scenario::new("a_visitors_slot_ages_while_another_adopts_it", "pool/-/v/k/p", AtMost(1, Some(2)), Floor::of(200, 200), Never),
    Scenario::new("a_tick_in_a_sandbox_against_the_private_cell", "sandboxed-pool/pk/trt/kk", AtMost(2, Some(3)), Floor::of(10, 0), From(Deep, 1)),
    Scenario::new("a_clear_in_a_sandbox_against_put_and_take", "sandboxed-pool/p/tptp/xx", AtMost(1, Some(2)), Floor::of(100, 0), Never),
    Scenario::new("a_thread_ends_beside_a_tick_in_a_sandbox", "sandboxed-pool/p/k/p", AtMost(3, Some(4)), Floor::of(10, 0), Never),
    Scenario::new("a_thread_ends_beside_a_tick", "pool/p/k/p", AtMost(3, Some(4)), Floor::of(10, 0), Never),
    Scenario::new("a_thread_ends_beside_a_thief", "pool/-/t/p", AtMost(3, Some(4)), Floor::of(400, 0), Never),
    Scenario::new("a_vacant_entry_that_holds_values_stays", "pool/-/vk/t", AtMost(2, Some(3)), Floor::of(400, 0), Never),
    Scenario::new("first_entries_against_a_thief", "pool/-/tt/pp", AtMost(2, Some(3)), Floor::of(10, 0), Never),
    Scenario::new("an_entry_is_given_up_beside_a_thief", "pool/-/vkk/t", AtMost(1, Some(2)), Floor::of(100, 300), Never),
    Scenario::new("an_entry_is_given_up_beside_its_slots_next_holder", "pool/-/vkk/p", AtMost(2, Some(3)), Floor::of(400, 400), Never),
    Scenario::new("a_value_goes_home_on_another_thread", "pool/p/s/t", AtMost(2, Some(3)), Floor::of(60, 0), Never),
];
