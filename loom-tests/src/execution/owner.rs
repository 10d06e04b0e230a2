//! The owner's side of an execution.

use super::ids;
use crate::deque::{Owner, Thief};
use crate::history::{Action, Recorder, Request};
use crate::program::OwnerStep;
use crate::runtime::Sender;
use crate::token::Ledger;

/// The owner, who makes all the values.
pub(super) struct OwnerSide<'a, O, T> {
    end: O,
    /// The owner may steal, too.
    thief: T,
    ledger: &'a Ledger,
    next_id: u8,
    pub(super) recorder: Recorder,
    /// The thieves that may sleep.
    pub(super) sleepers: Vec<Sender<()>>,
}

impl<'a, O: Owner, T: Thief<Own = O>> OwnerSide<'a, O, T> {
    pub(super) fn new(end: O, thief: T, ledger: &'a Ledger, recorder: Recorder) -> Self {
        Self { end, thief, ledger, next_id: 0, recorder, sleepers: Vec::new() }
    }

    /// Does all that the program says.
    pub(super) fn run_all(&mut self, steps: &[OwnerStep]) {
        let Some((first, rest)) = steps.split_first() else { return };
        if *first == OwnerStep::Pin {
            let (elsewhere, stealer) = pooldeque::unbounded::with_capacity(1);
            elsewhere.push(());
            let held = stealer.steal_batch(1);
            self.run_all(rest);
            assert_eq!(held.len(), 1, "it is held");
        } else {
            self.run(*first);
            self.run_all(rest);
        }
    }

    /// Does what the program says next.
    pub(super) fn run(&mut self, step: OwnerStep) {
        let Self { end, thief, ledger, next_id, recorder, sleepers } = self;
        match step {
            OwnerStep::Push => {
                let id = *next_id;
                *next_id += 1;
                let token = ledger.token(id);
                recorder.call(&Request::Push(vec![id]), || {
                    let accepted = end.push(token).is_ok();
                    Action::Push { offered: vec![id], accepted: accepted.into() }
                });
            }
            OwnerStep::PushBatch(count) => {
                let offered: Vec<u8> = (*next_id..*next_id + count).collect();
                *next_id += count;
                recorder.call(&Request::Push(offered.clone()), || {
                    let mut taken = 0;
                    let mut values = offered.iter().map(|id| {
                        taken += 1;
                        ledger.token(*id)
                    });
                    let accepted = end.push_batch(&mut values);
                    assert_eq!(taken, accepted, "a batch takes from its iterator what fits and no more");
                    Action::Push { offered: offered.clone(), accepted: small(accepted) }
                });
            }
            OwnerStep::Pop => {
                recorder.call(&Request::Pop(1), || Action::Pop { max: 1, got: ids(&end.pop()) });
            }
            OwnerStep::PopBatch(max) => {
                recorder
                    .call(&Request::Pop(max), || Action::Pop { max, got: ids(&end.pop_batch(max.into())) });
            }
            OwnerStep::Steal => {
                let thief = T::of(end, thief);
                recorder.call(&Request::Steal(1), || Action::Steal { max: 1, got: ids(&thief.steal()) });
            }
            OwnerStep::Shrink => end.shrink(),
            OwnerStep::PushIfRoom => {
                let id = *next_id;
                *next_id += 1;
                let token = ledger.token(id);
                recorder.call(&Request::Push(vec![id]), || {
                    let accepted = end.push_if_room(token).is_ok();
                    Action::Push { offered: vec![id], accepted: accepted.into() }
                });
            }
            OwnerStep::PushWasEmpty => {
                let id = *next_id;
                *next_id += 1;
                let token = ledger.token(id);
                let action = recorder.call(&Request::PushWasEmpty(id), || match end.push_was_empty(token) {
                    Ok(was_empty) => Action::PushWasEmpty { value: id, was_empty },
                    Err(_) => Action::Push { offered: vec![id], accepted: 0 },
                });
                if matches!(action, Action::PushWasEmpty { was_empty: true, .. }) {
                    for sleeper in &*sleepers {
                        // One that is done has dropped its receiver.
                        let _ = sleeper.send(());
                    }
                }
            }
            OwnerStep::Len => {
                recorder.call(&Request::Len, || Action::Len(small(end.len())));
            }
            OwnerStep::IsEmpty => {
                recorder.call(&Request::IsEmpty, || Action::IsEmpty(end.is_empty()));
            }
            OwnerStep::Pin => unreachable!("it concerns the steps that follow"),
        }
    }

    pub(super) fn into_parts(self) -> (O, T, Recorder) {
        (self.end, self.thief, self.recorder)
    }
}

/// A count of a program's values.
pub(super) fn small(count: usize) -> u8 {
    u8::try_from(count).expect("programs are small")
}
