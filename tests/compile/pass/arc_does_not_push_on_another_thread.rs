//! A lock makes it one at a time again.

use std::sync::{Arc, Mutex};
use std::thread;

pub(crate) fn main() {
    let worker = Arc::new(Mutex::new(pooldeque::bounded(4).0));
    let clone = Arc::clone(&worker);
    thread::spawn(move || clone.lock().unwrap().push(1).unwrap()).join().unwrap();
    assert_eq!(worker.lock().unwrap().pop(), Some(1));

    let worker = Arc::new(Mutex::new(pooldeque::unbounded().0));
    let clone = Arc::clone(&worker);
    thread::spawn(move || clone.lock().unwrap().push(1)).join().unwrap();
    assert_eq!(worker.lock().unwrap().pop(), Some(1));
}
