//! Those over a pool.

use super::{Floor, Scenario};
use crate::search::Preemptions::AtMost;
use crate::tier::Tier::{Deep, Ordinary, Quick};

/// All of them. The floors are about half of what was measured.
#[rustfmt::skip]
pub const OVER_A_POOL: &[Scenario] = &[
    Scenario::new("first_values_of_two_threads", "pool/-/p/p", AtMost(2, Some(3)), Floor::of(180, 400)).every_schedule_from(Ordinary),
    Scenario::new("steal_against_the_holders_take", "pool/pp/tt/t", AtMost(3, Some(4)), Floor::of(40, 80)).every_schedule_from(Quick),
    Scenario::new("steal_against_the_holders_put", "pool/p/pp/tt", AtMost(3, Some(4)), Floor::of(1_500, 4_500)).every_schedule_from(Quick),
    Scenario::new("two_thieves_of_one_holder", "pool/ppp/t/t/t", AtMost(2, Some(3)), Floor::of(2_000, 11_000)),
    Scenario::new("a_tick_against_the_private_place", "pool/pk/trt/k", AtMost(3, Some(4)), Floor::of(1_100, 0)).every_schedule_from(Quick),
    Scenario::new("a_tick_against_a_put", "pool/pk/tp/kk", AtMost(3, Some(4)), Floor::of(1_500, 0)).every_schedule_from(Quick),
    Scenario::new("a_tick_against_a_steal", "pool/pppk/k/t", AtMost(3, Some(4)), Floor::of(13_000, 39_000)).every_schedule_from(Quick),
    Scenario::new("two_threads_tick", "pool/ppk/tk/k", AtMost(2, Some(3)), Floor::of(65, 0)).every_schedule_from(Quick),
    Scenario::new("a_clear_against_put_and_take", "pool/pp/tp/x", AtMost(3, Some(4)), Floor::of(900, 300)).every_schedule_from(Quick),
    Scenario::new("no_value_is_left_under_a_clear_bit", "pool/pp/p/tt", AtMost(3, Some(4)), Floor::of(180, 500)).every_schedule_from(Quick),
    Scenario::new("a_look_at_its_own_slot_hides_nothing_of_others", "pool/vk/l/p", AtMost(2, Some(3)), Floor::of(15, 50)).every_schedule_from(Quick),
    Scenario::new("a_visitors_slot_is_adopted_while_another_steals", "pool/-/vp/t", AtMost(2, Some(3)), Floor::of(3_700, 11_000)),
    Scenario::new("a_visitors_slot_ages_while_another_adopts_it", "pool/-/v/k/p", AtMost(1, Some(2)), Floor::of(800, 1_000)),
    Scenario::new("a_tick_in_a_sandbox_against_the_private_cell", "sandboxed-pool/pk/trt/kk", AtMost(2, Some(3)), Floor::of(7_000, 0)).every_schedule_from(Quick),
    Scenario::new("a_clear_in_a_sandbox_against_put_and_take", "sandboxed-pool/p/tptp/xx", AtMost(1, Some(2)), Floor::of(5_500, 0)).every_schedule_from(Quick),
    Scenario::new("a_thread_ends_beside_a_tick_in_a_sandbox", "sandboxed-pool/p/k/p", AtMost(3, Some(4)), Floor::of(800, 2_400)).every_schedule_from(Quick),
    Scenario::new("two_puts_against_one_budget", "budgeted-pool/p/pt/p", AtMost(3, Some(4)), Floor::of(10, 35)).every_schedule_from(Quick),
    Scenario::new("a_steal_and_a_put_against_one_budget", "budgeted-pool/pp/pt/tp", AtMost(3, Some(4)), Floor::of(1_300, 6_200)).every_schedule_from(Quick),
    Scenario::new("a_tick_against_a_budget", "budgeted-pool/ppk/pp/k", AtMost(2, Some(3)), Floor::of(34, 35)).every_schedule_from(Quick),
    Scenario::new("a_pool_ages_alone_beside_a_thread_that_ends", "scoped-pool/p/k/p", AtMost(3, Some(4)), Floor::of(800, 2_400)).every_schedule_from(Quick),
    Scenario::new("a_thread_ends_beside_a_tick", "pool/p/k/p", AtMost(3, Some(4)), Floor::of(800, 2_400)).every_schedule_from(Quick),
    Scenario::new("a_thread_ends_beside_a_thief", "pool/-/t/p", AtMost(3, Some(4)), Floor::of(3_200, 8_000)).every_schedule_from(Ordinary),
    Scenario::new("a_vacant_entry_that_holds_values_stays", "pool/-/vk/t", AtMost(2, Some(3)), Floor::of(12_000, 50_000)),
    Scenario::new("first_entries_against_a_thief", "pool/-/tt/pp", AtMost(2, Some(3)), Floor::of(8_000, 30_000)).every_schedule_from(Deep),
    Scenario::new("an_entry_is_given_up_beside_a_thief", "pool/-/vkk/t", AtMost(1, Some(2)), Floor::of(100, 390)),
    Scenario::new("an_entry_is_given_up_beside_its_slots_next_holder", "pool/-/vkk/p", AtMost(2, Some(3)), Floor::of(9_800, 41_000)),
    Scenario::new("a_value_goes_home_on_another_thread", "pool/p/s/t", AtMost(2, Some(3)), Floor::of(600, 2_900)).every_schedule_from(Ordinary),
];
