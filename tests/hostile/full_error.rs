//! `Full`: an error for values that are no more than values.

use std::error::Error;

use pooldeque::Full;

/// Has no trait at all.
struct Plain(u32);

fn refused() -> Full<Plain> {
    let (worker, _stealer) = pooldeque::bounded(1);
    assert!(worker.push(Plain(1)).is_ok());
    worker.push(Plain(2)).unwrap_err()
}

#[test]
fn carries_the_value_back() {
    assert_eq!(refused().into_inner().0, 2);
}

#[test]
fn prints_without_printing_the_value() {
    assert_eq!(refused().to_string(), "the deque is full");
    assert_eq!(format!("{:?}", refused()), "Full(..)");
}

#[test]
fn is_an_error_to_pass_on() {
    fn push_two() -> Result<(), Box<dyn Error>> {
        let (worker, _stealer) = pooldeque::bounded(1);
        worker.push(Plain(1))?;
        worker.push(Plain(2))?;
        Ok(())
    }
    let error = push_two().unwrap_err();
    assert!(error.is::<Full<Plain>>());
    assert!(error.source().is_none());
}

#[test]
fn compares_and_copies_as_its_value_does() {
    let (worker, _stealer) = pooldeque::bounded(1);
    worker.push(1).unwrap();
    let two = worker.push(2).unwrap_err();
    let copy = two;
    assert_eq!(two, copy);
    assert_ne!(worker.push(3).unwrap_err(), two);
}
