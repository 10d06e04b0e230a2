//! A thief's side of an execution: a thread of its own.

use std::mem;
use std::panic::resume_unwind;

use super::ids;
use super::owner::small;
use super::will::{Executor, Will, will};
use crate::deque::{Deque, Owner, Thief};
use crate::history::{Action, Call, Recorder};
use crate::program::{End, Program, ThiefStep};
use crate::runtime::{self, JoinHandle, Receiver, Sender, StartBarrier, channel, spawn};

/// A thief at work.
pub(super) struct Running<D: Deque> {
    thread: JoinHandle<Done<D>>,
    /// What a thief waits for that stalls or is dead.
    go_on: Option<Sender>,
    /// What is left of one that dies.
    executor: Option<Executor>,
}

/// What a thief leaves behind. Its handle is among it, so that it is dropped when all threads are
/// done, unless the program wants it otherwise.
pub(super) struct Done<D: Deque> {
    calls: Vec<Call>,
    /// How many values it holds in its grave.
    pub(super) held: u32,
    /// The thief that stopped for ever, which in a test is until its end.
    dead: Option<Running<D>>,
    thief: Option<D::Thief>,
    /// Kept to the end, for the owner may still wake a thief that is done.
    _alarm: Option<Receiver>,
}

impl<D: Deque> Running<D> {
    pub(super) fn start(
        program: &Program,
        steps: &[ThiefStep],
        thief: D::Thief,
        recorder: Recorder,
        barrier: StartBarrier,
    ) -> (Self, Option<Sender>) {
        let dies = steps.iter().any(|step| matches!(step, ThiefStep::Die(_)));
        let stalls = steps.iter().any(|step| matches!(step, ThiefStep::Hold(_)));
        let (go_on, wait) = (dies || stalls).then(channel).unzip();
        let (will, executor) = dies.then(will).unzip();
        let sleeps = steps.contains(&ThiefStep::Sleep);
        let (wake, alarm) = sleeps.then(channel).unzip();
        let steps = steps.to_vec();
        let scatters = program.end == End::Scatter;
        let bounded = program.structure.is_bounded();
        let capacity = program.start.capacity;
        let thread = spawn(move || {
            let mut side = ThiefSide::<D> { thief, recorder, wait, alarm, will, capacity, bounded };
            barrier.wait();
            for step in steps {
                side.run(step);
            }
            let ThiefSide { thief, mut recorder, alarm, .. } = side;
            let thief = (!scatters).then_some(thief);
            Done { calls: recorder.take_calls(), held: 0, dead: None, thief, _alarm: alarm }
        });
        (Self { thread, go_on, executor }, wake)
    }

    /// Whether it waits to be told to go on.
    pub(super) fn stalls(&self) -> bool {
        self.go_on.is_some() && self.executor.is_none()
    }

    /// Waits until it is done, or dead.
    pub(super) fn join(mut self) -> Done<D> {
        match self.executor.take() {
            None => self.join_thread(),
            Some(executor) => {
                let (calls, held) = executor.read();
                Done { calls, held, dead: Some(self), thief: None, _alarm: None }
            }
        }
    }

    fn join_thread(self) -> Done<D> {
        if let Some(go_on) = self.go_on {
            // A thief that has panicked does not listen; the join tells.
            let _ = go_on.send(());
        }
        self.thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    }
}

impl<D: Deque> Done<D> {
    /// Drops its handle, if it still has one, and gives its calls.
    pub(super) fn close(&mut self) -> Vec<Call> {
        self.thief = None;
        mem::take(&mut self.calls)
    }

    /// The test is over: the dead may give back what they were given.
    pub(super) fn bury(self) {
        if let Some(dead) = self.dead {
            dead.join_thread();
        }
    }
}

struct ThiefSide<D: Deque> {
    thief: D::Thief,
    recorder: Recorder,
    wait: Option<Receiver>,
    alarm: Option<Receiver>,
    will: Option<Will>,
    capacity: u8,
    bounded: bool,
}

impl<D: Deque> ThiefSide<D> {
    /// Does what the program says next.
    fn run(&mut self, step: ThiefStep) {
        let Self { thief, recorder, wait, alarm, will, capacity, bounded } = self;
        let mut wait_here = || {
            if let Some(wait) = wait {
                wait.recv().expect("the owner goes on after us");
            }
        };
        match step {
            ThiefStep::Steal => {
                recorder.call(|| Action::Steal { max: 1, got: ids(&thief.steal()) });
            }
            ThiefStep::StealBatch(max) => {
                recorder.call(|| Action::Steal { max, got: ids(&thief.steal_batch(max.into(), &mut || ())) });
            }
            ThiefStep::StealInto(max) => {
                let (mut own, _) = D::make((*capacity).into(), 0);
                recorder.call(|| {
                    let moved = thief.steal_into(&mut own, max.into());
                    let mut got: Vec<u8> = std::iter::from_fn(|| own.pop()).map(|token| token.id()).collect();
                    assert_eq!(got.len(), moved, "as many came as were told");
                    got.reverse();
                    // What does not fit is not claimed.
                    Action::Steal { max: if *bounded { max.min(*capacity) } else { max }, got }
                });
            }
            ThiefStep::StealHalf(limit) => {
                let (mut own, _) = D::make((*capacity).into(), 0);
                recorder.call(|| {
                    let oldest = thief.steal_half_into(&mut own, limit.into());
                    let mut got: Vec<u8> = std::iter::from_fn(|| own.pop()).map(|token| token.id()).collect();
                    got.extend(ids(&oldest));
                    got.reverse();
                    if *bounded {
                        // The returned one needs no room.
                        Action::StealHalf { limit: limit.min(*capacity + 1), got }
                    } else {
                        Action::Steal { max: limit, got }
                    }
                });
            }
            ThiefStep::Collect => runtime::collect(),
            ThiefStep::Len => {
                recorder.call(|| Action::Len(small(thief.len())));
            }
            ThiefStep::IsEmpty => {
                recorder.call(|| Action::IsEmpty(thief.is_empty()));
            }
            ThiefStep::Sleep => {
                let alarm = alarm.as_ref().expect("a thief that sleeps can be woken");
                loop {
                    let action = recorder.call(|| Action::Steal { max: 1, got: ids(&thief.steal()) });
                    if !matches!(action, Action::Steal { got, .. } if got.is_empty()) {
                        break;
                    }
                    alarm.recv().expect("a thief sleeps on a value");
                }
            }
            ThiefStep::Hold(max) => {
                recorder
                    .call(|| Action::Steal { max, got: ids(&thief.steal_batch(max.into(), &mut wait_here)) });
            }
            ThiefStep::Die(max) => {
                let called = recorder.begin();
                thief.die_with_batch(max.into(), &mut |held| {
                    let held = small(held);
                    recorder.write(called, Action::Die { max, held });
                    let will = will.as_ref().expect("whoever dies has made a will");
                    will.leave(recorder.take_calls(), held.into());
                    wait_here();
                });
            }
        }
    }
}
