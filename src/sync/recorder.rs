//! The state of an execution under shuttle, as a hash.
//!
//! Two schedules that lead to the same state have the same continuations: a search that has seen a state need not go
//! on from it again (state caching, as in CHESS). The state is
//!
//! - for each thread, what it has observed since its last call returned, and the operation that it is about to do. Its
//!   code is deterministic, so this and the number of the call determine its stack;
//! - the value of each atomic and each cell, the guards that are held, the nodes that are retired or freed, and the
//!   values that are alive;
//! - the history: what a monitor says that it allows, or without one the results of the calls, and which had returned
//!   before which was called.
//!
//! A location is named by the thread that made it, the number of that thread's call, and a count within the call. An
//! address would not do: the same one can be another's in the next execution. Where the state has an address, it has
//! the name of what is there.
//!
//! A step is what a thread does from one operation to the next. Steps that begin with an operation on some locations
//! are *invisible*: no other thread reaches that location, and the rest of the step touches only cells that no other
//! thread reaches, takes or drops no guard, and is within a call. Such a step commutes with every step of other threads,
//! so a search need not let another thread in before it. Which locations these are is learnt on the way: at first all
//! that were not made by the first thread, which makes what the others share. When one of them turns out to be
//! [visible](take_visible), what was explored so far does not count.
//!
//! Nothing is recorded unless a search asks for it. All threads of an execution run on one thread of the machine, and
//! the record is that thread's.

use std::cell::RefCell;
use std::mem;
use std::vec::Vec;

use rustc_hash::{FxHashMap, FxHashSet};
use xxhash_rust::xxh3::xxh3_128;

/// A hash of 128 bits. Of 10^8 states two differ and have the same hash with a probability of 10^-23.
pub type Hash = u128;

/// What a thread is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Operation {
    /// Loads an atomic.
    Load = 1,
    /// Stores to one.
    Store,
    /// Swaps its value.
    Swap,
    /// Compares and exchanges it.
    CompareExchange,
    /// Adds to it.
    Add,
    /// Subtracts from it.
    Sub,
    /// Clears bits of it.
    And,
    /// Sets bits of it.
    Or,
    /// Locks.
    Lock,
    /// Locks, unless that would have to wait.
    TryLock,
    /// Unlocks.
    Unlock,
    /// Starts a thread.
    Spawn,
    /// Waits for the end of one.
    Join,
    /// Sends a message.
    Send,
    /// Waits for one.
    Receive,
    /// Gives other threads a turn.
    Pause,
}

/// Which part of the state a hash is of.
#[repr(u8)]
enum Part {
    Thread = 1,
    Pending,
    Location,
    Guard,
    Waiting,
    Freed,
    Value,
    Called,
    Returned,
}

#[derive(Default)]
struct Thread {
    /// What it has observed since its last return.
    observed: Hash,
    /// What it is about to do, and may have to wait for.
    pending: Hash,
    /// How many of its calls have returned.
    returned: u64,
    /// How many locations it has made since then.
    made: u64,
    /// The location of the operation that its step begins with, and whether that was made by this thread; 0 for none.
    step: u64,
}

#[derive(Default)]
struct Record {
    is_on: bool,
    /// Whether the next execution is recorded.
    is_wanted: bool,
    /// Whether what is left of this execution is the same whatever the schedule.
    is_over: bool,
    current: usize,
    threads: Vec<Thread>,
    /// The sum of the hashes of all that is shared.
    shared: Hash,
    /// The sum of the hashes of all calls and returns.
    history: Hash,
    /// How many calls of each thread of the history have returned.
    returned: [u8; 8],
    /// Addresses and the names of what is there: a few.
    names: Vec<(usize, u64)>,
    visibility: Visibility,
}

/// What the names of locations begin with that the first thread has made.
const MADE_BY_FIRST: u64 = 1;

/// What is known of the locations of a program, over all executions of a search.
#[derive(Default)]
struct Visibility {
    /// The locations at which a step may be visible to other threads.
    visible: FxHashSet<u64>,
    /// The cells that a thread other than their maker has touched.
    shared_cells: FxHashSet<u64>,
    /// The locations of the steps in which a cell was touched.
    touched_at: FxHashMap<u64, FxHashSet<u64>>,
    /// Whether a location has become visible since the search last looked.
    has_grown: bool,
}

std::thread_local! {
    static RECORD: RefCell<Record> = RefCell::default();
}

/// A hash of two, in their order.
#[must_use]
pub fn mix(first: Hash, second: Hash) -> Hash {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(&first.to_le_bytes());
    bytes[16..].copy_from_slice(&second.to_le_bytes());
    xxh3_128(&bytes)
}

fn of(part: Part, first: u64, second: Hash) -> Hash {
    mix(Hash::from(part as u8) << 64 | Hash::from(first), second)
}

/// Does something to the record, if the execution is recorded.
fn record<R: Default>(action: impl FnOnce(&mut Record) -> R) -> R {
    RECORD.with_borrow_mut(|record| if record.is_on { action(record) } else { R::default() })
}

impl Record {
    fn current(&mut self) -> &mut Thread {
        let current = self.current;
        if self.threads.len() <= current {
            self.threads.resize_with(current + 1, Thread::default);
        }
        &mut self.threads[current]
    }

    fn add(&mut self, hash: Hash) {
        self.shared = self.shared.wrapping_add(hash);
    }

    fn remove(&mut self, hash: Hash) {
        self.shared = self.shared.wrapping_sub(hash);
    }

    /// Whether the current thread has made the location or cell with this name.
    fn is_own(&self, name: u64) -> bool {
        name >> 48 == self.current as u64 + 1
    }

    /// The step at hand has an effect that other threads may see.
    fn note_visible_step(&mut self) {
        let step = self.current().step;
        self.visibility.note_visible(step);
    }

    fn note_cell(&mut self, cell: u64) {
        let (is_own, step) = (self.is_own(cell), self.current().step);
        if cell >> 48 == MADE_BY_FIRST {
            // It is shared, or only steps of the first thread touch it, which are visible in any case.
            return self.visibility.note_visible(step);
        }
        let Visibility { shared_cells, touched_at, .. } = &mut self.visibility;
        if !is_own && shared_cells.insert(cell) {
            for location in touched_at.remove(&cell).unwrap_or_default() {
                self.visibility.note_visible(location);
            }
        }
        if self.visibility.shared_cells.contains(&cell) {
            self.visibility.note_visible(step);
        } else {
            self.visibility.touched_at.entry(cell).or_default().insert(step);
        }
    }

    /// The name of what is at `address`, which gets one if it has none.
    fn name_of(&mut self, address: usize) -> u64 {
        if let Some((_, name)) = self.names.iter().find(|(known, _)| *known == address) {
            return *name;
        }
        let name = self.new_name();
        self.names.push((address, name));
        name
    }

    fn new_name(&mut self) -> u64 {
        let number = self.current as u64 + 1;
        let thread = self.current();
        thread.made += 1;
        number << 48 | thread.returned << 24 | thread.made
    }
}

impl Visibility {
    fn note_visible(&mut self, location: u64) {
        self.has_grown |= location >> 48 > MADE_BY_FIRST && self.visible.insert(location);
    }
}

// --- For a search ---

/// Whether executions are recorded from the next on.
pub fn want(is_wanted: bool) {
    RECORD.with_borrow_mut(|record| *record = Record { is_wanted, ..Record::default() });
}

/// Stops recording this execution: it has come to a known state.
pub fn stop() {
    RECORD.with_borrow_mut(|record| record.is_on = false);
}

/// What is left of this execution depends on its state alone: it is neither recorded nor searched.
pub fn finish() {
    RECORD.with_borrow_mut(|record| {
        record.is_over = record.is_on;
        record.is_on = false;
    });
}

/// Whether this execution has [finished](finish).
#[must_use]
pub fn is_over() -> bool {
    RECORD.with_borrow(|record| record.is_over)
}

/// Whether this execution is recorded, and leads to states that are new.
#[must_use]
pub fn is_on() -> bool {
    RECORD.with_borrow(|record| record.is_on)
}

/// Whether this execution was [stopped](stop).
#[must_use]
pub fn is_stopped() -> bool {
    RECORD.with_borrow(|record| record.is_wanted && !record.is_on && !record.is_over)
}

/// From here on the thread with this number runs.
pub fn run(thread: usize) {
    RECORD.with_borrow_mut(|record| record.current = thread);
}

/// The state at a scheduling point at which the threads of this mask could go on.
#[must_use]
pub fn state(runnable: u64) -> Hash {
    record(|record| {
        let threads = record.threads.iter().zip(0..).map(|(thread, number)| {
            let position = of(Part::Thread, number, Hash::from(thread.returned));
            mix(position, mix(thread.observed, thread.pending))
        });
        let threads = threads.fold(0, Hash::wrapping_add);
        mix(record.shared, mix(record.history, mix(threads, runnable.into())))
    })
}

/// Whether what this thread is about to do is a step that no other thread can see.
#[must_use]
pub fn is_invisible(thread: usize) -> bool {
    record(|record| {
        let step = record.threads.get(thread).map_or(0, |thread| thread.step);
        step >> 48 > MADE_BY_FIRST && !record.visibility.visible.contains(&step)
    })
}

/// Whether a location has become visible since the last call. Then the executions so far have left out some.
#[must_use]
pub fn take_visible() -> bool {
    RECORD.with_borrow_mut(|record| mem::take(&mut record.visibility.has_grown))
}

/// Begins an execution.
pub(crate) fn start() {
    RECORD.with_borrow_mut(|record| {
        let Record { is_wanted, current, .. } = *record;
        let visibility = mem::take(&mut record.visibility);
        *record = Record { is_on: is_wanted, is_wanted, current, visibility, ..Record::default() };
    });
}

// --- For what threads do ---

/// A name for a location that the current thread makes now.
#[must_use]
pub fn new_name() -> u64 {
    record(Record::new_name)
}

/// The current thread is about to do this, and may have to wait.
pub fn begin(operation: Operation, location: u64, operand: Hash) {
    record(|record| {
        let about = Hash::from(operation as u8) << 64 | Hash::from(location);
        record.current().pending = of(Part::Pending, 0, mix(about, operand));
        let is_of_threads = matches!(
            operation,
            Operation::Spawn | Operation::Join | Operation::Send | Operation::Receive | Operation::Pause
        );
        record.current().step = if is_of_threads { 0 } else { location };
        if !record.is_own(location) {
            record.note_visible_step();
        }
    });
}

/// It has done so, and has observed this.
pub fn end(observed: u64) {
    record(|record| {
        let thread = record.current();
        thread.observed = mix(thread.observed.wrapping_add(thread.pending), observed.into());
        thread.pending = 0;
    });
}

/// The current thread has observed this, without a chance for others to run.
pub fn observe(hash: Hash) {
    record(|record| {
        let thread = record.current();
        thread.observed = mix(thread.observed, hash);
    });
}

/// The current thread touches a cell, and observes its content.
pub fn touch(cell: u64, content: Hash) {
    record(|record| record.note_cell(cell));
    observe(mix(cell.into(), content));
}

/// There is a location now, with this value.
pub fn appear(location: u64, value: Hash) {
    record(|record| record.add(of(Part::Location, location, value)));
}

/// It is gone.
pub fn vanish(location: u64, value: Hash) {
    record(|record| record.remove(of(Part::Location, location, value)));
}

/// Its value changes.
pub fn change(location: u64, from: Hash, to: Hash) {
    record(|record| {
        if from != to {
            record.remove(of(Part::Location, location, from));
            record.add(of(Part::Location, location, to));
        }
    });
}

/// The name of what is at `address`, which gets one if it has none.
#[must_use]
pub fn name_of(address: usize) -> u64 {
    record(|record| if address == 0 { 0 } else { record.name_of(address) })
}

/// Whether a word of a cell is the address of a node. Numbers in models are smaller, or have higher bits.
fn is_address(word: usize) -> bool {
    (1 << 40..1 << 47).contains(&word) && word.is_multiple_of(align_of::<usize>())
}

/// The largest value of a recorded cell.
const MOST_BYTES: usize = 64;

/// The bits of a cell, with names in place of addresses.
///
/// # Safety
///
/// `place` is valid for reads. If the execution is recorded, each of its bytes has a value: there is no padding.
pub(crate) unsafe fn content_of<T>(place: *const T) -> Hash {
    const WORD: usize = size_of::<usize>();
    if !is_on() {
        return 0;
    }
    let mut room = [0; MOST_BYTES];
    let bytes = &mut room[..size_of::<T>()];
    // SAFETY: passed on.
    unsafe { place.cast::<u8>().copy_to_nonoverlapping(bytes.as_mut_ptr(), size_of::<T>()) };
    record(|record| {
        for word in bytes.chunks_exact_mut(WORD) {
            let bits = usize::from_le_bytes(word.try_into().expect("it is as long as a word"));
            if is_address(bits) {
                let name = record.name_of(bits);
                word.copy_from_slice(&name.to_le_bytes()[..WORD]);
            }
        }
    });
    xxh3_128(bytes)
}

// --- For the epoch's model ---

/// A guard is taken: its ticket. A count of all guards would depend on the schedule.
pub(crate) fn pin() -> Option<u64> {
    record(|record| {
        let ticket = record.new_name();
        record.note_visible_step();
        record.add(of(Part::Guard, ticket, 0));
        Some(ticket)
    })
}

/// It is dropped.
pub(crate) fn unpin(ticket: u64) {
    record(|record| {
        record.note_visible_step();
        record.remove(of(Part::Guard, ticket, 0));
    });
}

/// The node at this address waits, or no longer waits, for the guard with this ticket.
pub(crate) fn wait_for(address: usize, ticket: u64, is_waiting: bool) {
    let node = name_of(address);
    record(|record| {
        let hash = of(Part::Waiting, node, ticket.into());
        if is_waiting { record.add(hash) } else { record.remove(hash) }
    });
}

/// The node at this address is freed.
pub(crate) fn free(address: usize) {
    let node = name_of(address);
    record(|record| {
        record.note_visible_step();
        record.add(of(Part::Freed, node, 0));
    });
}

// --- For a program's values and calls ---

/// A value is alive from now on, or no longer. The thread that makes it learns its number.
pub fn note_value(id: u8, is_alive: bool) {
    record(|record| {
        let [dead, alive] = [false, true].map(|is_alive| of(Part::Value, id.into(), is_alive.into()));
        if is_alive {
            record.add(alive);
        } else {
            record.remove(alive);
            record.add(dead);
        }
    });
    if is_alive {
        observe(id.into());
    }
}

/// A thread of the history makes a call. If there is a monitor, `allowed` is a hash of what it says that the history
/// allows.
pub fn note_call(thread: u8, allowed: Option<Hash>) {
    record(|record| {
        record.note_visible_step();
        if let Some(allowed) = allowed {
            record.history = allowed;
            return;
        }
        let before = Hash::from(u64::from_le_bytes(record.returned));
        let number = u64::from(record.returned[usize::from(thread)]);
        let call = of(Part::Called, u64::from(thread) << 8 | number, before);
        record.history = record.history.wrapping_add(call);
    });
}

/// A step of this thread ends, whose order among others' steps is not judged. `result` is what it has returned, and
/// `local` what the thread remembers beyond that.
pub fn note_step(thread: u8, result: u8, local: u64) {
    record(|record| {
        let number = record.current().returned;
        record.history =
            record.history.wrapping_add(of(Part::Returned, u64::from(thread) << 8 | number, result.into()));
        let current = record.current();
        current.returned += 1;
        current.made = 0;
        current.observed = local.into();
    });
}

/// Its call returns this. What the thread has observed meanwhile is forgotten: the result is all that is left of it. If
/// there is a monitor, nothing is left but what that says, and what the thread itself remembers.
pub fn note_return(thread: u8, result: &[u8], remembered: u64, allowed: Option<Hash>) {
    record(|record| {
        record.note_visible_step();
        record.history = allowed.unwrap_or_else(|| {
            let number = &mut record.returned[usize::from(thread)];
            let call = of(Part::Returned, u64::from(thread) << 8 | u64::from(*number), xxh3_128(result));
            *number += 1;
            record.history.wrapping_add(call)
        });
        let current = record.current();
        current.returned += 1;
        current.made = 0;
        current.observed = remembered.into();
    });
}
