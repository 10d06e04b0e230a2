//! What pools, guards and what belongs to them print as.

use std::sync::Arc;
use std::time::Duration;

use pooldeque::pool::IdleBudget;
use pooldeque::{BufferPool, Janitor, Pool};

#[test]
fn a_guard_prints_as_its_value() {
    let pool = Arc::new(Pool::new(|| String::from("a\n")));
    let (guard, owned) = (pool.get(), pool.get_owned());
    assert_eq!((guard.to_string(), owned.to_string()), ("a\n".to_owned(), "a\n".to_owned()));
    assert_eq!(format!("{guard:?} {owned:?} {guard:>3}|"), "\"a\\n\" \"a\\n\"  a\n|");
}

#[test]
fn the_others_print_what_they_are_set_to() {
    assert_eq!(format!("{:?}", Pool::new(|| ())), "Pool { .. }");
    assert_eq!(format!("{:?}", IdleBudget::new(3)), "IdleBudget { limit: 3, .. }");
    let buffers = format!("{:?}", BufferPool::new().with_max_capacity(64));
    assert_eq!(buffers, "BufferPool { max_capacity: 64, .. }");
    let builder = Janitor::every(Duration::from_secs(60));
    assert_eq!(format!("{builder:?}"), "JanitorBuilder { interval: 60s, .. }");
    let janitor = builder.spawn().expect("a thread for the janitor");
    assert_eq!(format!("{janitor:?}"), "Janitor { ticks: 0, clears: 0, futile_clears: 0, .. }");
}
