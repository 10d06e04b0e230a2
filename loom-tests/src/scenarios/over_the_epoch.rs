//! The catalogue over the real crossbeam-epoch: scenarios in which rings are reclaimed.
//!
//! What crossbeam-epoch does itself makes so many executions that the programs are smaller than over
//! the model of its contract. A ring is freed three steps of the epoch after it was unlinked: thieves
//! that end with `ccc` make that happen while the others are still at work.

use super::{Floor, Scenario};
use crate::search::Preemptions;
use crate::search::Preemptions::AtMost;

/// All of them. The floors are about half of what was measured.
#[rustfmt::skip]
pub const CATALOGUE: &[Scenario] = &[
    // Two threads.
    scenario("first_push_against_a_steal", "chain1/+/s", AtMost(3, None), Floor::of(20, 0)),
    scenario("drained_ring_is_freed_beside_a_pop", "chain1-holds2/-/ssccc", AtMost(3, Some(4)), Floor::of(12_000, 12_000)),
    scenario("ring_is_freed_on_the_owners_way_back", "chain1-holds3/--/ssccc", AtMost(3, Some(4)), Floor::of(35_000, 35_000)),
    scenario("growth_while_rings_are_freed", "chain1/+++-/ssccc", AtMost(3, Some(4)), Floor::of(12_000, 350)),
    scenario("false_empty_of_gos_chain_while_rings_are_freed", "chain1-holds1/+s/sccc", AtMost(2, Some(3)), Floor::of(1, 1)),
    scenario("batch_pop_over_rings_being_freed", "unbounded1-holds3/-3/s2ccc", AtMost(2, Some(3)), Floor::of(38_000, 20_000)),
    scenario("steal_into_over_rings_being_freed", "unbounded1-holds2/+-/i3ccc", AtMost(3, Some(4)), Floor::of(20_000, 60_000)),
    scenario("shrink_while_rings_are_freed", "unbounded1-holds3/v+-/ssccc", AtMost(1, Some(2)), Floor::of(9_000, 7_000)),
    scenario("push_was_empty_against_the_last_steal", "unbounded1-holds1/w/ss", AtMost(2, Some(3)), Floor::of(18_000, 1_200)),
    scenario("push_was_empty_by_an_owner_in_an_epoch", "unbounded1-holds1/pw/ss", AtMost(2, Some(3)), Floor::of(21_000, 21_000)),
    scenario("a_sleeping_thief_is_woken_by_an_owner_in_an_epoch", "unbounded1/pww/zz", AtMost(2, Some(3)), Floor::of(70_000, 70_000)),
    scenario("chain_handles_dropped_on_different_threads", "unbounded1-holds2/+/s/scatter", AtMost(3, Some(4)), Floor::of(7, 15)),
    // Three threads.
    scenario("two_thieves_unlink_one_ring", "chain1-holds2//ssc,s", AtMost(1, Some(2)), Floor::of(2_500, 1_300)),
    scenario("ring_is_freed_on_the_way_of_two", "chain1-holds3/--/sscc,s", AtMost(1, Some(2)), Floor::of(70_000, 65_000)),
    scenario("growth_against_two_thieves", "chain1-holds1/+/s,s", AtMost(1, Some(2)), Floor::of(28_000, 0)),
];

const fn scenario(
    name: &'static str,
    program: &'static str,
    preemptions: Preemptions,
    in_loom: Floor,
) -> Scenario {
    Scenario::new(name, program, preemptions, in_loom)
}
