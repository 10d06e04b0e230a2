//! A thief's side of an execution: a thread of its own.

use std::panic::resume_unwind;

use super::ids;
use super::owner::small;
use crate::deque::{Deque, Owner, Thief};
use crate::history::{Action, Call, Recorder};
use crate::program::{End, Program, ThiefStep};
use crate::runtime::{JoinHandle, Receiver, Sender, StartLine, channel, spawn};

/// A thief at work.
pub(super) struct Running<D: Deque> {
    thread: JoinHandle<Done<D>>,
    /// What a stalled thief waits for.
    go_on: Option<Sender>,
}

/// What a thief leaves behind. Its handle is among it, so that it is dropped when all threads are
/// done, unless the program wants it otherwise.
pub(super) struct Done<D: Deque> {
    pub(super) calls: Vec<Call>,
    /// How many values it took to its grave.
    pub(super) held: u32,
    _thief: Option<D::Thief>,
}

impl<D: Deque> Running<D> {
    pub(super) fn start(
        program: &Program,
        steps: &[ThiefStep],
        thief: D::Thief,
        recorder: Recorder,
        line: StartLine,
    ) -> Self {
        let stalls = steps.iter().any(|step| matches!(step, ThiefStep::Hold(_)));
        let (go_on, wait) = if stalls { Some(channel()) } else { None }.unzip();
        let steps = steps.to_vec();
        let scatters = program.end == End::Scatter;
        let bounded = program.structure.is_bounded();
        let capacity = program.start.capacity;
        let thread = spawn(move || {
            let mut side = ThiefSide::<D> { thief, recorder, wait, capacity, bounded, held: 0 };
            line.wait();
            for step in steps {
                side.run(step);
            }
            let ThiefSide { thief, recorder, held, .. } = side;
            Done { calls: recorder.into_calls(), held, _thief: (!scatters).then_some(thief) }
        });
        Self { thread, go_on }
    }

    /// Whether it waits to be told to go on.
    pub(super) fn stalls(&self) -> bool {
        self.go_on.is_some()
    }

    pub(super) fn join(self) -> Done<D> {
        if let Some(go_on) = self.go_on {
            // A thief that has panicked does not listen; the join tells.
            let _ = go_on.send(());
        }
        self.thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    }
}

struct ThiefSide<D: Deque> {
    thief: D::Thief,
    recorder: Recorder,
    wait: Option<Receiver>,
    capacity: u8,
    bounded: bool,
    held: u32,
}

impl<D: Deque> ThiefSide<D> {
    /// Does what the program says next.
    fn run(&mut self, step: ThiefStep) {
        let Self { thief, recorder, wait, capacity, bounded, held } = self;
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
            ThiefStep::Hold(max) => {
                recorder.call(|| {
                    let wait = wait.take();
                    let mut meanwhile = || {
                        if let Some(wait) = &wait {
                            wait.recv().expect("the owner goes on after us");
                        }
                    };
                    Action::Steal { max, got: ids(&thief.steal_batch(max.into(), &mut meanwhile)) }
                });
            }
            ThiefStep::Die(max) => {
                let mut claimed = 0;
                recorder.call(|| {
                    claimed = small(thief.die_with_batch(max.into()));
                    Action::Die { max, held: claimed }
                });
                *held += u32::from(claimed);
            }
        }
    }
}
