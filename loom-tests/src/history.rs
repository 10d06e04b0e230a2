//! What the threads of one execution did and saw.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::{fmt, mem};

use crate::oracle::Follower;
use crate::runtime;

/// The most threads of a program, its owner's included.
const MOST_THREADS: usize = 8;

/// One call and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Call {
    /// 0 is the owner's.
    pub thread: u8,
    /// When it ran with respect to the threads' side by side.
    pub phase: Phase,
    /// The call, and its result.
    pub action: Action,
    /// The clock before the call.
    pub called: u32,
    /// The clock after it.
    pub returned: u32,
}

/// The stages of an execution: all of one happens before all of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Phase {
    /// Before the threads begin.
    Before,
    /// While they run side by side.
    During,
    /// When all are done.
    After,
}

/// What a call requests.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Request {
    /// The owner offers values.
    Push(Vec<u8>),
    /// The owner takes the newest, so many at most.
    Pop(u8),
    /// A thief takes the oldest, so many at most.
    Steal(u8),
    /// A thief takes half, so many at most.
    StealHalf(u8),
    /// The owner adds a value and learns whether the deque was empty.
    PushWasEmpty(u8),
    /// Somebody counts the values.
    Len,
    /// Somebody looks whether there are any.
    IsEmpty,
    /// A thief claims the oldest, so many at most, and crashes.
    Crash(u8),
}

/// An operation and its answer. Values are named by their identity.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// The owner offered values; the first `accepted` of them were taken.
    Push {
        /// In the order they were offered.
        offered: Vec<u8>,
        /// How many went in.
        accepted: u8,
    },
    /// The owner took the newest, `max` at most.
    Pop {
        /// How many were requested.
        max: u8,
        /// What it got, newest first.
        got: Vec<u8>,
    },
    /// A thief took the oldest, `max` at most.
    Steal {
        /// How many were requested.
        max: u8,
        /// What it got, oldest first.
        got: Vec<u8>,
    },
    /// A thief took half, rounded up, of the oldest, `limit` at most.
    StealHalf {
        /// How many it wanted at most.
        limit: u8,
        /// What it got, oldest first.
        got: Vec<u8>,
    },
    /// The owner added a value and learnt whether the deque was empty.
    PushWasEmpty {
        /// The value.
        value: u8,
        /// The answer.
        was_empty: bool,
    },
    /// Somebody counted the values.
    Len(u8),
    /// Somebody looked whether there were any.
    IsEmpty(bool),
    /// A thief claimed the oldest, `max` at most, and crashed.
    Crash {
        /// How many were requested.
        max: u8,
        /// How many it claimed.
        held: u8,
    },
}

/// Counts calls and returns, unseen by a model checker.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<AtomicU32>);

impl Clock {
    /// The next moment.
    #[must_use]
    pub fn tick(&self) -> u32 {
        self.0.fetch_add(1, SeqCst)
    }
}

/// Writes down the calls of one thread.
#[derive(Debug)]
pub struct Recorder {
    thread: u8,
    phase: Phase,
    watch: Watch,
    calls: Vec<Call>,
}

/// What all threads of an execution write down together.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// The time.
    pub clock: Clock,
    /// What the history allows so far, if anybody wants to know.
    pub follower: Option<Follower>,
}

impl Recorder {
    /// Nothing yet.
    #[must_use]
    pub fn new(thread: u8, phase: Phase, watch: Watch) -> Self {
        Self { thread, phase, watch, calls: Vec::with_capacity(8) }
    }

    /// From here on it is `phase`.
    pub fn enter(&mut self, phase: Phase) {
        self.phase = phase;
    }

    /// Makes a call and writes it down.
    pub fn call(&mut self, request: &Request, call: impl FnOnce() -> Action) -> &Action {
        let called = self.begin(request);
        let action = call();
        self.write(called, action);
        &self.calls[self.calls.len() - 1].action
    }

    /// The clock before a call that is written down by [`write`](Self::write).
    #[must_use]
    pub fn begin(&self, request: &Request) -> u32 {
        let Watch { clock, follower } = &self.watch;
        runtime::note_call(self.thread, request, || {
            follower.as_ref().map(|it| it.call(self.thread, request))
        });
        clock.tick()
    }

    /// Writes down a call that began at `called` and has its answer now.
    pub fn write(&mut self, called: u32, action: Action) {
        let Self { thread, phase, .. } = *self;
        let Watch { clock, follower } = &self.watch;
        let returned = clock.tick();
        runtime::note_return(thread, &action, || follower.as_ref().map(|it| it.answer(thread, &action)));
        self.calls.push(Call { thread, phase, action, called, returned });
    }

    /// All the calls so far, in order.
    #[must_use]
    pub fn take_calls(&mut self) -> Vec<Call> {
        mem::take(&mut self.calls)
    }
}

/// What orders the calls of an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallOrder {
    /// A call that returned before another began comes first. Sequential consistency and the real
    /// machine (whose clock orders memory as well) deserve this.
    RealTime,
    /// Only what a thread did before, and starting and joining a thread. A weak memory model shows
    /// a thread no more than that of what others did: the order in which the model checker happens
    /// to run the threads means nothing.
    HappensBefore,
}

/// The calls of one execution, thread by thread.
#[derive(Clone, Debug)]
pub struct History {
    /// Each thread's calls in its own order.
    pub calls: Vec<Call>,
    /// What orders them.
    pub order: CallOrder,
}

impl History {
    /// Whether all of `first` is known to come before `second`.
    #[must_use]
    pub fn is_before(&self, first: &Call, second: &Call) -> bool {
        match (first.phase.cmp(&second.phase), self.order) {
            (std::cmp::Ordering::Less, _) => true,
            (std::cmp::Ordering::Greater, _) => false,
            (_, CallOrder::RealTime) => first.returned < second.called,
            (_, CallOrder::HappensBefore) => first.thread == second.thread && first.called < second.called,
        }
    }

    /// A short form. Two executions share it if the oracle cannot distinguish them.
    ///
    /// # Panics
    ///
    /// If a call has more than 255 values, which no program has.
    #[must_use]
    pub fn fingerprint(&self) -> Box<[u8]> {
        let mut bytes = Vec::with_capacity(self.calls.len() * 6);
        for call in &self.calls {
            bytes.extend([call.thread, call.phase as u8]);
            if self.order == CallOrder::RealTime {
                // How many calls of each other thread are known to come before it.
                let mut before = [0; MOST_THREADS];
                for other in self.calls.iter().filter(|other| other.thread != call.thread) {
                    before[usize::from(other.thread)] += u8::from(self.is_before(other, call));
                }
                bytes.extend(before);
            }
            call.action.write_to(&mut bytes);
        }
        bytes.into()
    }
}

impl Request {
    /// A short form.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let (kind, values): (u8, &[u8]) = match self {
            Self::Push(values) => (0, values),
            Self::Pop(max) => (1, &[*max]),
            Self::Steal(max) => (2, &[*max]),
            Self::Crash(max) => (3, &[*max]),
            Self::PushWasEmpty(value) => (4, &[*value]),
            Self::Len => (5, &[]),
            Self::IsEmpty => (6, &[]),
            Self::StealHalf(limit) => (7, &[*limit]),
        };
        [&[kind], values].concat()
    }
}

impl Action {
    /// Whether it has no more than was requested.
    pub(crate) fn is_within_request(&self) -> bool {
        match self {
            Self::Push { offered, accepted } => usize::from(*accepted) <= offered.len(),
            Self::Pop { max, got } | Self::Steal { max, got } | Self::StealHalf { limit: max, got } => {
                got.len() <= usize::from(*max)
            }
            Self::Crash { max, held } => held <= max,
            Self::PushWasEmpty { .. } | Self::Len(_) | Self::IsEmpty(_) => true,
        }
    }

    /// Appends a short form.
    pub(crate) fn write_to(&self, bytes: &mut Vec<u8>) {
        let (kind, count, values): (u8, u8, &[u8]) = match self {
            Self::Push { offered, accepted } => (0, *accepted, offered),
            Self::Pop { max, got } => (1, *max, got),
            Self::Steal { max, got } => (2, *max, got),
            Self::Crash { max, held } => (3, *max, &[*held]),
            Self::PushWasEmpty { value, was_empty } => (4, u8::from(*was_empty), &[*value]),
            Self::Len(len) => (5, *len, &[]),
            Self::IsEmpty(is_empty) => (6, u8::from(*is_empty), &[]),
            Self::StealHalf { limit, got } => (7, *limit, got),
        };
        bytes.extend([kind, count, u8::try_from(values.len()).expect("programs are small")]);
        bytes.extend(values);
    }
}

impl fmt::Display for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Push(values) => write!(formatter, "push {values:?}"),
            Self::Pop(max) => write!(formatter, "pop {max}"),
            Self::Steal(max) => write!(formatter, "steal {max}"),
            Self::StealHalf(limit) => write!(formatter, "steal half, {limit} at most"),
            Self::PushWasEmpty(value) => write!(formatter, "push [{value}] and learn whether it was empty"),
            Self::Len => write!(formatter, "len"),
            Self::IsEmpty => write!(formatter, "is_empty"),
            Self::Crash(max) => write!(formatter, "claim {max} and crash"),
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Push { offered, accepted } => write!(formatter, "push {offered:?} -> {accepted} accepted"),
            Self::Pop { max, got } => write!(formatter, "pop {max} -> {got:?}"),
            Self::Steal { max, got } => write!(formatter, "steal {max} -> {got:?}"),
            Self::StealHalf { limit, got } => write!(formatter, "steal half, {limit} at most -> {got:?}"),
            Self::PushWasEmpty { value, was_empty } => {
                let was = if *was_empty { "was empty" } else { "was not empty" };
                write!(formatter, "push [{value}] -> {was}")
            }
            Self::Len(len) => write!(formatter, "len -> {len}"),
            Self::IsEmpty(is_empty) => write!(formatter, "is_empty -> {is_empty}"),
            Self::Crash { max, held } => write!(formatter, "claim {max} and crash -> {held} held"),
        }
    }
}

impl fmt::Display for History {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for call in &self.calls {
            let who = if call.thread == 0 { "owner".into() } else { format!("thief {}", call.thread) };
            write!(formatter, "  {who:8} {:6} {}", format!("{:?}", call.phase).to_lowercase(), call.action)?;
            if self.order == CallOrder::RealTime {
                write!(formatter, "  [{}, {}]", call.called, call.returned)?;
            }
            writeln!(formatter)?;
        }
        Ok(())
    }
}
