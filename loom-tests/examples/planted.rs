//! What a sanitizer must report, and what it reports although nothing is wrong.
//!
//! `planted DEFECT` misuses a deque on purpose. `planted ARTEFACT` is correct and has no deque in it: whatever is
//! reported is about the standard library, which comes compiled without the sanitizer.

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::time::Duration;
use std::{env, mem, thread};

use pooldeque::{PoolDequeue, bounded};

/// Often enough for threads to meet.
const TIMES: usize = 2_000;
const WAITS: usize = 20;

fn main() -> ExitCode {
    match env::args().nth(1).as_deref() {
        Some("race") => race(),
        Some("use-after-free") => use_after_free(),
        Some("leak") => leak(),
        Some("channel") => channel(),
        Some("mutex") => mutex(),
        Some("arc") => arc(),
        _ => {
            eprintln!("usage: planted race | use-after-free | leak | channel | mutex | arc");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// A defect: two producers, where a deque has one. They write the same slots.
fn race() {
    static RING: OnceLock<PoolDequeue<usize>> = OnceLock::new();
    let ring = RING.get_or_init(|| PoolDequeue::new(1 << 16));
    let producers = [0, 1].map(|_| {
        thread::spawn(move || {
            for value in 0..TIMES {
                // SAFETY: none; there is another producer. That is the defect.
                let _ = unsafe { ring.push_head(value) };
            }
        })
    });
    for producer in producers {
        producer.join().expect("a push does not panic");
    }
}

/// A defect: a value is looked at after its deque was dropped with it.
fn use_after_free() {
    let (worker, stealer) = bounded(1);
    let value = Box::new(7);
    let address: *const i32 = &raw const *value;
    let refused = worker.push(value);
    drop((worker, stealer, refused));
    // SAFETY: none; the deque has dropped the value. That is the defect.
    println!("{}", unsafe { address.read_volatile() });
}

/// A defect of the caller: a forgotten batch leaks its values.
fn leak() {
    let (mut worker, stealer) = bounded(1 << 7);
    worker.push_batch(&mut (0..1 << 7).map(Box::new));
    mem::forget(stealer.steal_batch(1 << 7));
    drop((worker, stealer));
}

/// Correct: a channel whose receiver waits for each signal, while the sender is on its way with it.
fn channel() {
    let (sender, receiver) = mpsc::channel::<()>();
    let receiving = thread::spawn(move || receiver.iter().count());
    let sending = [sender.clone(), sender].map(|sender| {
        thread::spawn(move || {
            for _ in 0..TIMES {
                sender.send(()).expect("the receiver is there");
                thread::yield_now();
            }
        })
    });
    for thread in sending {
        thread.join().expect("it does not panic");
    }
    assert_eq!(receiving.join().expect("it does not panic"), 2 * TIMES);
}

/// Correct: a mutex for which a thread has to wait.
fn mutex() {
    static SUM: Mutex<usize> = Mutex::new(0);
    let threads = [0, 1].map(|_| {
        thread::spawn(|| {
            for _ in 0..WAITS {
                let mut sum = SUM.lock().expect("nothing panics under the lock");
                *sum += 1;
                // Time for the other to come, and to wait.
                thread::sleep(Duration::from_millis(1));
            }
        })
    });
    for thread in threads {
        thread.join().expect("it does not panic");
    }
}

// docs: arc
/// Correct: an `Arc` that two threads use, and whichever drops it last frees what is in it.
fn arc() {
    for _ in 0..TIMES {
        let mine = Arc::new(Box::new(AtomicUsize::new(0)));
        let theirs = Arc::clone(&mine);
        let thread = thread::spawn(move || theirs.fetch_add(1, Relaxed));
        mine.fetch_add(1, Relaxed);
        drop(mine);
        thread.join().expect("it does not panic");
    }
}
// docs: end
