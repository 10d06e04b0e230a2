//! A thief's side of an execution: a thread of its own.

use std::mem;
use std::panic::resume_unwind;

use super::ids;
use super::owner::small;
use crate::deque::{Deque, Owner, Thief};
use crate::history::{Action, Call, Recorder, Request};
use crate::program::{End, Program, ThiefStep};
use crate::runtime::{self, JoinHandle, Receiver, Sender, StartBarrier, channel, spawn};

/// A running thief.
pub(super) struct Running<D: Deque> {
    thread: JoinHandle<Done<D>>,
    /// Lets a thief that stalls or has crashed go on.
    resume: Option<Sender<()>>,
    /// Where one that crashes sends its state.
    crash: Option<Receiver<CrashState>>,
}

/// A crashed thief's calls, and how many values it has claimed and not taken.
type CrashState = (Vec<Call>, u32);

/// The result of a thief. Its handle is part of it, so that it is dropped when all threads are done, unless the
/// program has each thread drop its own.
pub(super) struct Done<D: Deque> {
    calls: Vec<Call>,
    /// How many values it has claimed and not taken.
    pub(super) held: u32,
    /// The thief, if it has crashed. Its thread is joined at the end of the test.
    crashed: Option<Running<D>>,
    thief: Option<D::Thief>,
    /// Kept to the end, because the owner may still wake a thief that is done.
    _wakeups: Option<Receiver<()>>,
}

impl<D: Deque> Running<D> {
    pub(super) fn start(
        program: &Program,
        steps: &[ThiefStep],
        thief: D::Thief,
        recorder: Recorder,
        barrier: StartBarrier,
    ) -> (Self, Option<Sender<()>>) {
        let crashes = steps.iter().any(|step| matches!(step, ThiefStep::Crash(_)));
        let stalls = steps.iter().any(|step| matches!(step, ThiefStep::Hold(_)));
        let (resume, resumed) = (crashes || stalls).then(channel).unzip();
        let (crash, crash_state) = crashes.then(channel).unzip();
        let sleeps = steps.contains(&ThiefStep::Sleep);
        let (wake, wakeups) = sleeps.then(channel).unzip();
        let steps = steps.to_vec();
        let scatters = program.end == End::Scatter;
        let bounded = program.structure.is_bounded();
        let capacity = program.start.capacity;
        let thread = spawn(move || {
            let mut side = ThiefSide::<D> { thief, recorder, resumed, wakeups, crash, capacity, bounded };
            barrier.wait();
            for step in steps {
                side.run(step);
            }
            let ThiefSide { thief, mut recorder, wakeups, .. } = side;
            let thief = (!scatters).then_some(thief);
            Done { calls: recorder.take_calls(), held: 0, crashed: None, thief, _wakeups: wakeups }
        });
        (Self { thread, resume, crash: crash_state }, wake)
    }

    /// Whether it stalls until it is resumed.
    pub(super) fn stalls(&self) -> bool {
        self.resume.is_some() && self.crash.is_none()
    }

    /// Waits until it is done, or has crashed.
    pub(super) fn join(mut self) -> Done<D> {
        match self.crash.take() {
            None => self.join_thread(),
            Some(crash) => {
                // One that panics before its crash drops the sender.
                let (calls, held) = crash.recv().expect("the thief comes to its crash");
                Done { calls, held, crashed: Some(self), thief: None, _wakeups: None }
            }
        }
    }

    fn join_thread(self) -> Done<D> {
        if let Some(resume) = self.resume {
            // A thief that has panicked receives nothing; the join reports it.
            let _ = resume.send(());
        }
        self.thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    }
}

impl<D: Deque> Done<D> {
    /// Drops its handle, if it still has one, and returns its calls.
    pub(super) fn close(&mut self) -> Vec<Call> {
        self.thief = None;
        mem::take(&mut self.calls)
    }

    /// Ends the thread of a crashed thief: the test is over, and its batch gives back its values.
    pub(super) fn join_crashed(self) {
        if let Some(crashed) = self.crashed {
            crashed.join_thread();
        }
    }
}

struct ThiefSide<D: Deque> {
    thief: D::Thief,
    recorder: Recorder,
    resumed: Option<Receiver<()>>,
    wakeups: Option<Receiver<()>>,
    crash: Option<Sender<CrashState>>,
    capacity: u8,
    bounded: bool,
}

impl<D: Deque> ThiefSide<D> {
    /// Does what the program says next.
    fn run(&mut self, step: ThiefStep) {
        let Self { thief, recorder, resumed, wakeups, crash, capacity, bounded } = self;
        let mut wait_here = || {
            if let Some(resumed) = resumed {
                resumed.recv().expect("the owner resumes each thief");
            }
        };
        match step {
            ThiefStep::Steal => {
                recorder.call(&Request::Steal(1), || Action::Steal { max: 1, got: ids(&thief.steal()) });
            }
            ThiefStep::StealBatch(max) => {
                recorder.call(&Request::Steal(max), || Action::Steal {
                    max,
                    got: ids(&thief.steal_batch(max.into(), &mut || ())),
                });
            }
            ThiefStep::StealInto(max) => {
                let (mut own, _) = D::make((*capacity).into(), 0);
                // What does not fit is not claimed.
                let max = if *bounded { max.min(*capacity) } else { max };
                recorder.call(&Request::Steal(max), || {
                    let moved = thief.steal_into(&mut own, max.into());
                    let mut got: Vec<u8> = std::iter::from_fn(|| own.pop()).map(|token| token.id()).collect();
                    assert_eq!(got.len(), moved, "it returns how many it moved");
                    got.reverse();
                    Action::Steal { max, got }
                });
            }
            ThiefStep::StealHalf(limit) => {
                let (mut own, _) = D::make((*capacity).into(), 0);
                // The returned one needs no room.
                let most = if *bounded { limit.min(*capacity + 1) } else { limit };
                let request = if *bounded { Request::StealHalf(most) } else { Request::Steal(most) };
                recorder.call(&request, || {
                    let oldest = thief.steal_half_into(&mut own, limit.into());
                    let mut got: Vec<u8> = std::iter::from_fn(|| own.pop()).map(|token| token.id()).collect();
                    got.extend(ids(&oldest));
                    got.reverse();
                    if *bounded {
                        Action::StealHalf { limit: most, got }
                    } else {
                        Action::Steal { max: most, got }
                    }
                });
            }
            ThiefStep::Collect => runtime::collect(),
            ThiefStep::Len => {
                recorder.call(&Request::Len, || Action::Len(small(thief.len())));
            }
            ThiefStep::IsEmpty => {
                recorder.call(&Request::IsEmpty, || Action::IsEmpty(thief.is_empty()));
            }
            ThiefStep::Sleep => {
                let wakeups = wakeups.as_ref().expect("a thief that sleeps can be woken");
                loop {
                    let action = recorder
                        .call(&Request::Steal(1), || Action::Steal { max: 1, got: ids(&thief.steal()) });
                    if !matches!(action, Action::Steal { got, .. } if got.is_empty()) {
                        break;
                    }
                    wakeups.recv().expect("a value is left for each sleeper");
                }
            }
            ThiefStep::Hold(max) => {
                recorder.call(&Request::Steal(max), || Action::Steal {
                    max,
                    got: ids(&thief.steal_batch(max.into(), &mut wait_here)),
                });
            }
            ThiefStep::Crash(max) => {
                let called = recorder.begin(&Request::Crash(max));
                thief.crash_with_batch(max.into(), &mut |held| {
                    let held = small(held);
                    recorder.write(called, Action::Crash { max, held });
                    let crash = crash.as_ref().expect("a thief that crashes has a channel for its state");
                    crash.send((recorder.take_calls(), held.into())).expect("the owner waits for the crash");
                    wait_here();
                });
            }
        }
    }
}
