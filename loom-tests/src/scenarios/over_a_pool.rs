//! Those over a pool.

use super::EverySchedule::{From, Never};
use super::Preemptions::AtMost;
use super::{Floor, Scenario};
use crate::tier::Tier::Deep;

/// All of them. The floors are about half of what was measured.
#[rustfmt::skip]
pub const OVER_A_POOL: &[Scenario] = &[
    Scenario::new("first_values_of_two_threads", "pool/-/p/p", AtMost(2, Some(3)), Floor::of(300, 0), From(Deep, 1)),
    Scenario::new("steal_against_the_holders_take", "pool/pp/tt/t", AtMost(3, Some(4)), Floor::of(8, 0), From(Deep, 1)),
    Scenario::new("steal_against_the_holders_put", "pool/p/pp/tt", AtMost(3, Some(4)), Floor::of(3_000, 2_800), From(Deep, 1)),
    Scenario::new("two_thieves_of_one_holder", "pool/ppp/t/t/t", AtMost(2, Some(3)), Floor::of(1_000, 1_000), Never),
    Scenario::new("a_tick_against_the_private_place", "pool/pk/trt/k", AtMost(3, Some(4)), Floor::of(700, 0), From(Deep, 1)),
    Scenario::new("a_tick_against_a_put", "pool/pk/tp/kk", AtMost(3, Some(4)), Floor::of(2_600, 0), From(Deep, 1)),
    Scenario::new("a_tick_against_a_steal", "pool/pppk/k/t", AtMost(3, Some(4)), Floor::of(2_000, 2_000), From(Deep, 1)),
    Scenario::new("two_threads_tick", "pool/ppk/tk/k", AtMost(2, Some(3)), Floor::of(10, 0), Never),
    Scenario::new("a_clear_against_put_and_take", "pool/pp/tp/x", AtMost(3, Some(4)), Floor::of(3_000, 1_800), Never),
    Scenario::new("no_value_is_left_under_a_lowered_hint", "pool/pp/p/tt", AtMost(3, Some(4)), Floor::of(240, 200), From(Deep, 1)),
    Scenario::new("a_visitors_slot_is_adopted_while_another_steals", "pool/-/vp/t", AtMost(2, Some(3)), Floor::of(5_000, 3_000), Never),
    Scenario::new("a_visitors_slot_ages_while_another_adopts_it", "pool/-/v/k/p", AtMost(2, Some(3)), Floor::of(7_000, 400), Never),
    Scenario::new("a_value_goes_home_on_another_thread", "pool/p/s/t", AtMost(2, Some(3)), Floor::of(60, 0), Never),
];
