//! The twins of the cases in `../fail`: programs that differ from them in nothing that matters but the
//! misuse. Here they are compiled, and run.

/// A module and a test of each program.
macro_rules! twins {
    ($($name:ident)+) => {
        $(
            mod $name;

            #[test]
            fn $name() {
                $name::main();
            }
        )+

        /// The programs there are.
        pub(crate) const NAMES: &[&str] = &[$(stringify!($name)),+];
    };
}

twins! {
    arc_does_not_push_on_another_thread
    batch_goes_before_its_handle
    batch_is_not_dropped_unnoticed
    batch_stays_on_its_thread
    borrowed_values_are_not_outlived
    bounded_stealer_shares_only_values_that_can_be_sent
    bounded_stealer_takes_its_values_along
    bounded_worker_is_not_shared
    bounded_worker_keeps_its_lifetime
    bounded_worker_takes_its_values_along
    chain_shares_only_values_that_can_be_sent
    dropped_values_may_look_at_what_they_borrow
    guard_does_not_outlive_its_pool
    iterator_does_not_reach_the_worker
    pool_shares_only_values_that_can_be_sent
    pooled_values_borrow_nothing
    popped_batch_borrows_the_worker
    producer_half_of_the_port_is_unsafe
    refused_capacity_in_a_constant
    ring_shares_only_values_that_can_be_sent
    rule_captures_two_words
    scoped_pool_goes_before_what_it_borrows
    scoped_pool_is_in_no_group
    shared_reference_takes_no_batch
    unbounded_stealer_shares_only_values_that_can_be_sent
    unbounded_stealer_takes_its_values_along
    unbounded_worker_is_not_shared
    unbounded_worker_keeps_its_lifetime
    unbounded_worker_takes_its_values_along
    worker_is_not_cloned
    workers_are_in_modules
}
