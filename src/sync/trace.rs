//! The steps of one execution, for a reader: off by default, and then one test of a flag a step.
//!
//! A model checker runs all threads of an execution on one OS thread, so the trace is a thread-local of the standard
//! library.

use core::fmt;
use core::panic::Location;
use std::boxed::Box;
use std::cell::{Cell, RefCell};
use std::mem;
use std::string::String;
use std::thread::panicking;
use std::vec::Vec;

use super::runtime::thread_name;

/// One step of a thread.
#[derive(Clone, Debug)]
pub struct Step {
    /// The thread: threads are numbered by their first step.
    pub thread: usize,
    /// What it did.
    pub event: Event,
    /// Where in the source.
    pub line: Option<&'static Location<'static>>,
    /// Whether the execution failed in the middle of this step.
    pub is_at_fault: bool,
}

/// What a thread did in a step.
#[derive(Clone, Debug)]
pub enum Event {
    /// It began this call.
    Call(String),
    /// Its call returned.
    Return(String),
    /// It made a location with this value.
    Make {
        /// The location.
        location: u64,
        /// The type of the value.
        type_name: &'static str,
        /// Its first value.
        value: u64,
    },
    /// It accessed an atomic.
    Atomic {
        /// The location.
        location: u64,
        /// The type of the value.
        type_name: &'static str,
        /// The site, and what the site says that it does.
        site: Option<(&'static str, &'static str)>,
        /// The value read; a store reads none.
        read: Option<u64>,
        /// The value written, if one was.
        written: Option<u64>,
    },
    /// It accessed a cell.
    Cell {
        /// The cell.
        location: u64,
        /// The type of its content.
        type_name: &'static str,
    },
    /// It took a guard of the epoch.
    Pin {
        /// The guard.
        guard: u64,
        /// Whose rings the guard keeps: those of deques, or of pools.
        domain: &'static str,
    },
    /// It dropped a guard.
    Unpin {
        /// The guard.
        guard: u64,
    },
    /// It did something to the whole of a node.
    Node {
        /// Where the node is. No other node of the execution is ever there.
        address: u64,
        /// What was done.
        action: NodeAction,
    },
}

/// What a thread did to a node, in the order of the node's life.
#[derive(Clone, Debug)]
pub enum NodeAction {
    /// It made the node; its locations were the last ones that this thread made.
    Make {
        /// The type of what is in it.
        type_name: &'static str,
    },
    /// It retired the node, which these guards keep for now.
    Retire {
        /// The guards.
        kept_by: Vec<u64>,
    },
    /// It freed the node.
    Free,
    /// It accessed the node, which failed: the node had been freed.
    Touch,
}

#[derive(Default)]
struct Trace {
    threads: Vec<String>,
    names: Vec<Option<u8>>,
    steps: Vec<Step>,
    /// The sites named since the last atomic access. The last one or two are the next access's; those before belong to
    /// fences and to counters that are not traced.
    sites: Vec<(&'static str, &'static str)>,
    is_over: bool,
}

std::thread_local! {
    static IS_ON: Cell<bool> = const { Cell::new(false) };
    static LOCATIONS: Cell<u64> = const { Cell::new(0) };
    static TRACE: RefCell<Trace> = RefCell::default();
}

/// Runs `models` with the trace on. Returns the steps of the last execution, and the name of each thread: its number
/// in the history, if it has made a call.
pub fn trace<R>(models: impl FnOnce() -> R) -> (R, Vec<Step>, Vec<Option<u8>>) {
    IS_ON.set(true);
    let result = models();
    IS_ON.set(false);
    let Trace { steps, names, .. } = TRACE.take();
    (result, steps, names)
}

/// Discards the steps of the last execution.
pub(crate) fn begin() {
    if IS_ON.get() {
        LOCATIONS.set(0);
        drop(TRACE.take());
    }
}

/// Notes a call of a program's thread.
pub fn note_call(thread: u8, call: &dyn fmt::Display) {
    if is_tracing() {
        push(thread_id(), Event::Call(std::format!("{call}")), None, false, Some(thread));
    }
}

/// Notes what it returns.
pub fn note_return(thread: u8, result: &dyn fmt::Display) {
    if is_tracing() {
        push(thread_id(), Event::Return(std::format!("{result}")), None, false, Some(thread));
    }
}

/// Whether steps are noted: not while a failed execution unwinds, when no thread of it runs any more.
#[inline]
fn is_tracing() -> bool {
    IS_ON.get() && !panicking()
}

/// The next access is that of a site, whose `operation` is what the catalogue says.
#[inline]
pub(crate) fn note_site(name: &'static str) {
    if IS_ON.get() {
        let entry = crate::orderings::ENTRIES.iter().find(|entry| entry.name == name);
        let operation = entry.map_or("", |entry| entry.operation);
        TRACE.with_borrow_mut(|trace| trace.sites.push((name, operation)));
    }
}

/// A number for a new location, whose first value is `value`.
pub(super) fn new_location(type_name: &'static str, value: u64) -> u64 {
    let location = LOCATIONS.get();
    LOCATIONS.set(location + 1);
    if is_tracing() {
        push(thread_id(), Event::Make { location, type_name, value }, None, false, None);
    }
    location
}

/// Notes that this thread has made a node of `type_name`.
#[track_caller]
pub(crate) fn note_node(address: usize, type_name: &'static str) {
    note_node_action(address, || NodeAction::Make { type_name });
}

/// Notes that this thread retires a node, which these guards keep.
#[cfg(not(crossbeam_loom))]
#[track_caller]
pub(crate) fn note_retirement(address: usize, kept_by: Vec<u64>) {
    note_node_action(address, || NodeAction::Retire { kept_by });
}

#[track_caller]
fn note_node_action(address: usize, action: impl FnOnce() -> NodeAction) {
    if is_tracing() {
        let event = Event::Node { address: address as u64, action: action() };
        push(thread_id(), event, Some(Location::caller()), false, None);
    }
}

/// Notes that this thread takes a guard.
#[cfg(not(crossbeam_loom))]
#[track_caller]
pub(crate) fn note_pin(guard: u64, domain: &'static str) {
    if is_tracing() {
        push(thread_id(), Event::Pin { guard, domain }, Some(Location::caller()), false, None);
    }
}

/// Notes that this thread drops a guard.
#[cfg(not(crossbeam_loom))]
pub(crate) fn note_unpin(guard: u64) {
    if is_tracing() {
        push(thread_id(), Event::Unpin { guard }, None, false, None);
    }
}

/// A step that has begun, if steps are noted. If it is dropped before its end, by a panic, it is at fault.
pub(crate) struct Begun(Option<Box<Open>>);

struct Open {
    event: Event,
    line: &'static Location<'static>,
    /// The thread, while it can be asked for.
    thread: String,
    /// The site of a `compare_exchange` that fails.
    failure: Option<(&'static str, &'static str)>,
}

impl Begun {
    /// An access to an atomic, at the site that was named last.
    #[track_caller]
    #[inline]
    pub(super) fn atomic(location: u64, type_name: &'static str) -> Self {
        Self::with_sites(location, type_name, 1)
    }

    /// A `compare_exchange`, at the two sites that were named last: that of its success, and that of its failure.
    #[track_caller]
    #[inline]
    pub(super) fn compare_exchange(location: u64, type_name: &'static str) -> Self {
        Self::with_sites(location, type_name, 2)
    }

    #[track_caller]
    #[inline]
    fn with_sites(location: u64, type_name: &'static str, count: usize) -> Self {
        if !is_tracing() {
            return Self(None);
        }
        let mut sites = TRACE.with_borrow_mut(|trace| mem::take(&mut trace.sites));
        let sites = sites.split_off(sites.len().saturating_sub(count));
        let site = sites.first().copied();
        let event = Event::Atomic { location, type_name, site, read: None, written: None };
        Self::open(event, sites.get(1).copied())
    }

    /// An access to a cell.
    #[track_caller]
    #[inline]
    pub(super) fn cell(location: u64, type_name: &'static str) -> Self {
        if is_tracing() { Self::open(Event::Cell { location, type_name }, None) } else { Self(None) }
    }

    /// The end of a node's life.
    #[track_caller]
    pub(crate) fn free(address: usize) -> Self {
        Self::node(address, NodeAction::Free)
    }

    /// An access to a node. It is a step only if it fails: what it is for is a step of its own.
    #[track_caller]
    #[inline]
    pub(crate) fn touch(address: usize) -> Self {
        Self::node(address, NodeAction::Touch)
    }

    #[track_caller]
    #[inline]
    fn node(address: usize, action: NodeAction) -> Self {
        if is_tracing() {
            Self::open(Event::Node { address: address as u64, action }, None)
        } else {
            Self(None)
        }
    }

    #[track_caller]
    fn open(event: Event, failure: Option<(&'static str, &'static str)>) -> Self {
        Self(Some(Box::new(Open { event, line: Location::caller(), thread: thread_id(), failure })))
    }

    /// What came of an access to an atomic.
    #[inline]
    pub(super) fn saw(&mut self, value_read: Option<u64>, value_written: Option<u64>) {
        let Some(open) = &mut self.0 else { return };
        if let Event::Atomic { site, read, written, .. } = &mut open.event {
            (*read, *written) = (value_read, value_written);
            if value_written.is_none() && open.failure.is_some() {
                *site = open.failure;
            }
        }
    }

    /// It has done no harm, and is no step.
    #[inline]
    pub(crate) fn forget(mut self) {
        self.0 = None;
    }

    /// The access is over.
    #[inline]
    pub(crate) fn end(mut self) {
        if let Some(open) = self.0.take() {
            push(open.thread, open.event, Some(open.line), false, None);
        }
    }
}

impl Drop for Begun {
    #[inline]
    fn drop(&mut self) {
        if let Some(open) = self.0.take() {
            push(open.thread, open.event, Some(open.line), panicking(), None);
        }
    }
}

/// The running thread. One whose thread-locals are being dropped can no longer be told from others like it.
fn thread_id() -> String {
    thread_name().unwrap_or_else(|| "at its end".into())
}

/// Adds a step, unless an earlier one has failed. `name` is the thread's number in the history.
fn push(
    id: String,
    event: Event,
    line: Option<&'static Location<'static>>,
    is_at_fault: bool,
    name: Option<u8>,
) {
    TRACE.with_borrow_mut(|trace| {
        if trace.is_over {
            return;
        }
        let thread = trace.threads.iter().position(|known| *known == id).unwrap_or_else(|| {
            trace.threads.push(id);
            trace.names.push(None);
            trace.threads.len() - 1
        });
        if name.is_some() {
            trace.names[thread] = name;
        }
        trace.is_over = is_at_fault;
        trace.steps.push(Step { thread, event, line, is_at_fault });
    });
}
