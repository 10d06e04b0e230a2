//! The catalogue.

use super::{Floor, Scenario};
use crate::search::Preemptions::{Any, AtMost};

/// All scenarios with a name. The floors are about half of what was measured, so that they hold when
/// an operation changes a little, and break when the model checker sees nothing.
#[rustfmt::skip]
pub const CATALOGUE: &[Scenario] = &[
    // The ring.
    Scenario::new("racy_take_of_the_last_item", "ring2-holds1/-/s", Any, Floor::of(3, 0)),
    Scenario::new("racy_take_of_the_last_item_by_three", "ring2-holds1/-/s,s", Any, Floor::of(200, 0)),
    Scenario::new("racy_take_of_a_new_item", "ring2/+-/s", Any, Floor::of(10, 0)),
    Scenario::new("push_again_under_a_stalled_thief", "ring1-holds1/++/s", Any, Floor::of(8, 0)),
    Scenario::new("the_word_comes_back_to_the_same_bits", "ring1-holds1/-+/s", Any, Floor::of(10, 0)),
    Scenario::new("two_thieves_hand_slots_back_out_of_turn", "ring2-holds2/++/s,s", AtMost(3, None), Floor::of(300, 0)),
    Scenario::new("owner_against_one_thief_on_a_ring", "ring2/+++--/ss", Any, Floor::of(1_000, 0)),
    Scenario::new("owner_against_two_thieves_on_a_ring", "ring2/+++-/s,s", AtMost(3, None), Floor::of(3_000, 0)),
    Scenario::new("a_lap_across_the_index_wrap", "ring2-wrap/++-+/ss", Any, Floor::of(300, 0)),
    Scenario::new("the_last_item_at_the_index_wrap", "ring1-wrap-holds1/-++/ss", Any, Floor::of(100, 0)),
    Scenario::new("dropped_ring_drops_what_is_left", "ring2/+++/s/drop", Any, Floor::of(40, 0)),
    // The chain.
    Scenario::new("first_push_against_a_steal", "chain1/+/s", Any, Floor::of(10, 0)),
    Scenario::new("growth_during_a_steal", "chain1-holds1/++/s", Any, Floor::of(7, 0)),
    Scenario::new("false_empty_of_gos_chain", "chain1-holds1/+s/s", Any, Floor::of(400, 400)),
    Scenario::new("tail_moved_to_a_ring_made_meanwhile", "chain1-holds1/+ss/s", AtMost(3, None), Floor::of(600, 600)),
    Scenario::new("growth_against_two_thieves", "chain1-holds1/+/s,s", AtMost(3, None), Floor::of(3_000, 2_000)),
    Scenario::new("drained_ring_is_unlinked_and_freed", "chain1-holds2/-/ss", Any, Floor::of(9, 9)),
    Scenario::new("owner_looks_back_while_a_ring_is_freed", "chain1-holds3/--/ss", Any, Floor::of(40, 40)),
    Scenario::new("owner_walks_back_over_two_rings_being_freed", "chain1-holds3/---/s,s", AtMost(2, None), Floor::of(2_000, 2_000)),
    Scenario::new("two_thieves_unlink_one_ring", "chain1-holds2//s,s", Any, Floor::of(100, 100)),
    Scenario::new("a_thief_stalls_in_a_ring_that_others_free", "chain1-holds2/+/s,ss", AtMost(2, None), Floor::of(400, 400)),
    Scenario::new("owner_against_one_thief_on_a_chain", "chain1/+++-/ss", Any, Floor::of(5_000, 4_000)),
    Scenario::new("owner_against_two_thieves_on_a_chain", "chain1/++-/s,s", AtMost(2, None), Floor::of(4_000, 2_000)),
    Scenario::new("dropped_chain_drops_what_is_left", "chain1-holds1/++/s/drop", Any, Floor::of(7, 0)),
    Scenario::new("shrink_during_steals", "unbounded1-holds3/v+-/ss", AtMost(3, None), Floor::of(100, 100)),
    // Batches.
    Scenario::new("batch_steal_against_owner", "bounded2-holds2/-/s2", Any, Floor::of(3, 0)),
    Scenario::new("batch_push_into_slots_being_handed_back", "bounded2-holds2/+2/s2", Any, Floor::of(7, 0)),
    Scenario::new("batch_pop_against_batch_steal", "bounded4-holds3/-2/s2", Any, Floor::of(3, 0)),
    Scenario::new("batches_against_owner", "bounded2/+2-2+/s2s", Any, Floor::of(90, 0)),
    Scenario::new("batch_steal_by_two_thieves", "bounded4-holds3/+/s2,s2", AtMost(3, None), Floor::of(200, 0)),
    Scenario::new("steal_into_against_owner", "bounded2-holds2/+-/i2", Any, Floor::of(10, 0)),
    Scenario::new("steal_half_into_against_owner", "bounded4-holds3/-+/k9", Any, Floor::of(25, 0)),
    Scenario::new("steal_half_into_by_two_thieves", "bounded4-holds3/+/k9,k1", AtMost(3, None), Floor::of(350, 0)),
    Scenario::new("steal_half_into_over_several_rings", "unbounded1-holds3/+-/k9", AtMost(3, None), Floor::of(60, 120)),
    Scenario::new("spare_capacity_against_steals", "bounded2-holds2/rr/sk2", Any, Floor::of(180, 0)),
    Scenario::new("batch_push_grows_the_chain_during_a_batch_steal", "unbounded1/+3/s3", Any, Floor::of(100, 60)),
    Scenario::new("batch_pop_over_rings_being_freed", "unbounded1-holds3/-3/s2", AtMost(3, None), Floor::of(100, 100)),
    Scenario::new("steal_into_over_several_rings", "unbounded1-holds2/+-/i3", AtMost(3, None), Floor::of(30, 100)),
    // Stalled and crashed thieves.
    Scenario::new("a_stalled_thief_blocks_nobody", "bounded2-holds2/+-+/h1", Any, Floor::of(20, 0)),
    Scenario::new("a_stalled_thief_does_not_block_another", "bounded2-holds2/+/h1,s", AtMost(3, None), Floor::of(60, 0)),
    Scenario::new("a_stalled_thief_keeps_its_ring", "unbounded1-holds2/+-/h1,s", AtMost(2, None), Floor::of(100, 100)),
    Scenario::new("a_crashed_thief_takes_only_what_it_held", "bounded2-holds2/++-/f1", Any, Floor::of(3, 0)),
    Scenario::new("a_crashed_thief_does_not_block_another", "bounded2-holds2/+-/f1,s", AtMost(3, None), Floor::of(400, 0)),
    Scenario::new("a_crashed_thief_does_not_stop_a_growing_chain", "unbounded1-holds1/++-/f1", Any, Floor::of(3, 0)),
    Scenario::new("a_crashed_thief_keeps_no_value_but_its_own", "unbounded1-holds3/+-/f1,s", AtMost(2, None), Floor::of(100, 0)),
    Scenario::new("a_thief_crashed_with_a_batch_keeps_no_other_ring_from_being_drained", "unbounded1-holds3/+/f2,s2", AtMost(2, None), Floor::of(100, 0)),
    // What `push_was_empty` returns, and whom the owner wakes for it.
    Scenario::new("push_was_empty_against_the_last_steal", "unbounded1-holds1/w/ss", AtMost(3, None), Floor::of(1_200, 1_000)),
    Scenario::new("push_was_empty_by_an_owner_in_an_epoch", "unbounded1-holds1/pw/ss", AtMost(3, None), Floor::of(1_700, 3_000)),
    Scenario::new("push_was_empty_over_rings_being_freed", "unbounded1-holds3/-w/ss", AtMost(3, None), Floor::of(24, 24)),
    // As in docs/differences.md. Under loom only the owner's answer shows that the first value was
    // still there when the second was pushed.
    Scenario::new("false_empty_of_gos_chain_by_two_thieves", "unbounded1-holds1/w/s,s", AtMost(2, None), Floor::of(3_500, 3_300)),
    Scenario::new("push_was_empty_after_a_shrink", "unbounded1-holds3/vw/s3", AtMost(3, None), Floor::of(400, 400)),
    Scenario::new("push_was_empty_on_a_ring", "bounded2-holds1/w-w/ss", Any, Floor::of(130, 0)),
    Scenario::new("push_was_empty_is_refused", "bounded1/ww/s", Any, Floor::of(10, 0)),
    Scenario::new("a_sleeping_thief_is_woken", "bounded2/ww/zz", Any, Floor::of(20, 0)),
    Scenario::new("two_sleeping_thieves_are_woken", "bounded2/ww/z,z", AtMost(3, None), Floor::of(1_900, 0)),
    Scenario::new("a_sleeping_thief_is_woken_while_the_chain_grows", "unbounded1/ww/zz", AtMost(3, None), Floor::of(8_000, 8_000)),
    Scenario::new("two_sleeping_thieves_are_woken_while_the_chain_grows", "unbounded1/ww/z,z", AtMost(2, Some(3)), Floor::of(70_000, 70_000)),
    Scenario::new("a_thief_that_took_the_last_value_is_woken", "unbounded1-holds1/w/z,z", AtMost(2, Some(3)), Floor::of(3_500, 3_500)),
    Scenario::new("a_sleeping_thief_is_woken_by_an_owner_in_an_epoch", "unbounded1/pww/zz", AtMost(3, None), Floor::of(10_000, 20_000)),
    // Lengths.
    Scenario::new("counts_on_a_ring", "bounded2-holds1/l+e-l/sle", Any, Floor::of(80, 0)),
    Scenario::new("counts_while_slots_come_round", "bounded1-holds1/+l-e/els", Any, Floor::of(20, 0)),
    Scenario::new("counts_on_a_chain", "unbounded1-holds2/l-e/sl", Any, Floor::of(1_600, 0)),
    Scenario::new("counts_while_the_chain_grows", "unbounded1/+e+l/lse", AtMost(3, None), Floor::of(4_000, 0)),
    Scenario::new("counts_while_rings_are_freed", "unbounded1-holds3/el/s2,le", AtMost(2, None), Floor::of(450, 450)),
    // Handles.
    Scenario::new("the_owner_makes_another_stealer", "bounded2-holds2/+s/s", Any, Floor::of(11, 0)),
    Scenario::new("the_owner_of_a_chain_makes_another_stealer", "unbounded1-holds1/+s/s", Any, Floor::of(400, 400)),
    Scenario::new("handles_dropped_on_different_threads", "bounded2-holds1/+/s/scatter", AtMost(3, None), Floor::of(10, 0)),
    Scenario::new("chain_handles_dropped_on_different_threads", "unbounded1-holds2/+/s/scatter", AtMost(3, None), Floor::of(4, 8)),
];
