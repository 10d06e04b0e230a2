//! A million boxed values under four threads: each is dropped once, wherever it ended up.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use crate::handles::on_another_thread;
use crate::support::deques::{Owner, Thief, on_each_deque};
use crate::support::ledger::Ledger;
use crate::support::patience::{RaiseOnDrop, patiently};

const VALUES: usize = 1_000_000;

/// Enough for the values to be spread over many laps of a bounded ring, and over rings of a chain.
const ROOM: usize = 4096;

on_each_deque! {
    fn million_boxed_values_under_four_threads<D>() {
        let dropped = Ledger::new(VALUES);
        let (mut worker, stealer) = D::with_room(ROOM);
        let (mut shelf, from_shelf) = D::with_room(ROOM);
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            for thief in 0..3 {
                let (stealer, done) = (stealer.clone(), &done);
                scope.spawn(move || {
                    let mut random = fastrand::Rng::with_seed(thief);
                    let (mut own, _) = D::with_room(64);
                    while !done.load(Ordering::Acquire) {
                        match random.u8(0..4) {
                            0 => drop(stealer.steal()),
                            // Of which some are taken and the others dropped with the batch.
                            1 => stealer.steal_batch(random.usize(0..40)).take(7).for_each(drop),
                            2 => _ = stealer.steal_into(&own, random.usize(0..40)),
                            _ => drop(own.pop_batch(random.usize(0..40))),
                        }
                        if stealer.is_empty() {
                            thread::yield_now();
                        }
                    }
                    // What is left in `own` goes with it, on this thread.
                });
            }

            let _stop_the_others = RaiseOnDrop(&done);
            let mut random = fastrand::Rng::with_seed(3);
            let mut values = dropped.values().map(Box::new).peekable();
            while values.peek().is_some() {
                let some = random.usize(1..200);
                patiently(|| (worker.push_batch(&mut values.by_ref().take(some)) != 0).then_some(()));
                match random.u8(0..16) {
                    0 => drop(worker.pop_batch(random.usize(0..40))),
                    1 => drop(worker.pop()),
                    2 => _ = shelf.push_batch(&mut worker.pop_batch(2)),
                    _ => {}
                }
            }
        });
        // The rest goes with the deques, their handles dropped on two threads.
        assert!(dropped.total() + worker.len() + shelf.len() <= VALUES);
        let rest = (mem::replace(&mut worker, D::with_room(1).0), from_shelf);
        on_another_thread(move || drop(rest)).unwrap();
        drop((worker, stealer, shelf));
        dropped.assert_each_once();
    }
}
