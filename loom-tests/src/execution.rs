//! Runs a program once, writes down what happened, and has it judged.

mod owner;
mod thief;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::case::{Case, Execute};
use crate::deque::{Deque, Owner, Thief};
use crate::history::{Action, Call, History, Phase, Recorder, Request, Watch};
use crate::oracle::{Follower, Monitor, Oracle, Promises};
use crate::program::{BELOW_THE_WRAP, End, OwnerStep, Program, Structure};
use crate::runtime::{self, StartBarrier};
use crate::token::{Ledger, Token};
use crate::under_test::{Bounded, Chain, Ring, Unbounded};
use owner::OwnerSide;
use thief::{Done, Running};

/// A program with all it takes to run it again and again.
#[derive(Debug)]
pub struct Model {
    program: Program,
    execute: fn(&Self),
    ledger: Ledger,
    oracle: Oracle,
    /// Says what a history allows so far; none where histories are judged as a whole alone.
    monitor: Option<Arc<Monitor>>,
    rings_freed: AtomicU64,
}

impl Case for Program {
    type Model = Model;

    const IS_RECORDED: bool = true;
    const HAS_INVISIBLE_STEPS: bool = true;

    fn threads(&self) -> usize {
        Self::threads(self)
    }

    fn operations(&self) -> usize {
        Self::operations(self)
    }

    fn model(&self) -> Model {
        Model::new(self.clone())
    }

    fn smaller(&self) -> Vec<Self> {
        Self::smaller(self)
    }
}

impl Execute for Model {
    fn execute(&self) {
        (self.execute)(self);
    }

    fn histories(&self) -> usize {
        self.oracle.histories()
    }

    fn rings_freed(&self) -> u64 {
        self.rings_freed.load(Relaxed)
    }
}

impl Model {
    /// `program` on the deque it names.
    #[must_use]
    pub fn new(program: Program) -> Self {
        match program.structure {
            Structure::Ring => Self::on::<Ring>(program),
            Structure::Chain => Self::on::<Chain>(program),
            Structure::Bounded => Self::on::<Bounded>(program),
            Structure::Unbounded => Self::on::<Unbounded>(program),
        }
    }

    /// `program` on a deque of the kind `D`.
    #[must_use]
    pub fn on<D: Deque>(program: Program) -> Self {
        let promises = Promises {
            slots: program.structure.is_bounded().then_some(program.start.capacity),
            batches_are_atomic: D::BATCHES_ARE_ATOMIC,
        };
        // The lengths of several rings are judged by the whole history.
        let is_followed = program.structure.is_bounded() || !program.counts_values();
        Self {
            monitor: is_followed.then(|| Arc::new(Monitor::new(promises))),
            program,
            execute: Self::execute_on::<D>,
            ledger: Ledger::open(),
            oracle: Oracle::new(promises),
            rings_freed: AtomicU64::new(0),
        }
    }

    /// The same without a monitor: two executions are alike only if their histories are.
    #[must_use]
    pub fn without_monitor(self) -> Self {
        Self { monitor: None, ..self }
    }

    /// What the histories so far have allowed, each set of it by a hash.
    #[must_use]
    pub fn allowed(&self) -> HashSet<u128> {
        self.monitor.as_ref().map(|monitor| monitor.sets()).unwrap_or_default()
    }

    /// The distinct histories so far.
    #[must_use]
    pub fn histories(&self) -> HashSet<Box<[u8]>> {
        self.oracle.accepted().clone()
    }

    fn execute_on<D: Deque>(&self) {
        runtime::begin_execution();
        self.ledger.clear();
        let follower = self.monitor.clone().map(Follower::new);
        let watch = Watch { follower, ..Watch::default() };
        let rings_before = runtime::rings_freed();
        let (mut calls, mut thieves) = self.run::<D>(rings_before, &watch);
        calls.extend(thieves.iter_mut().flat_map(Done::close));
        // All that was in the deque is gone, except what crashed thieves hold.
        self.ledger.assert_alive(thieves.iter().map(|thief| thief.held).sum());
        if !runtime::is_known() {
            self.oracle.judge(&History { calls, order: runtime::ORDER });
            if let Some(follower) = watch.follower {
                assert!(follower.is_possible(), "the oracle allows what the monitor does not");
            }
        }
        thieves.into_iter().for_each(Done::join_crashed);
        self.ledger.assert_alive(0);
    }

    /// The owner's calls, and the thieves' results.
    fn run<D: Deque>(&self, rings_before: usize, watch: &Watch) -> (Vec<Call>, Vec<Done<D>>) {
        let Program { start, end, .. } = self.program;
        let (owner, thief) = D::make(start.capacity.into(), if start.wrap { BELOW_THE_WRAP } else { 0 });
        let mut owner = OwnerSide::new(
            owner,
            thief.clone(),
            &self.ledger,
            Recorder::new(0, Phase::Before, watch.clone()),
        );
        for _ in 0..start.holds {
            owner.run(OwnerStep::Push);
        }

        let barrier = StartBarrier::new(self.program.threads());
        let mut thieves: Vec<Running<D>> = Vec::with_capacity(self.program.thieves.len());
        for (steps, number) in self.program.thieves.iter().zip(1..) {
            let recorder = Recorder::new(number, Phase::During, watch.clone());
            let (running, sleeper) =
                Running::start(&self.program, steps, thief.clone(), recorder, barrier.clone());
            thieves.push(running);
            owner.sleepers.extend(sleeper);
        }
        owner.recorder.enter(Phase::During);
        drop(thief);
        barrier.wait();
        owner.run_all(&self.program.owner);
        let (owner, thief, mut recorder) = owner.into_parts();
        let left = match end {
            // The last handle that is dropped drops the deque.
            End::Scatter => {
                drop((owner, thief));
                None
            }
            _ => Some((owner, thief)),
        };

        // Those that stall are resumed when all others are done.
        thieves.sort_by_key(Running::stalls);
        let done = thieves.into_iter().map(Running::join).collect();
        let rings_freed = runtime::rings_freed() - rings_before;
        self.rings_freed.fetch_add(rings_freed as u64, Relaxed);

        recorder.enter(Phase::After);
        if let Some((owner, thief)) = left {
            drain(end, owner, &thief, &mut recorder);
        }
        (recorder.take_calls(), done)
    }
}

fn drain<O: Owner>(end: End, mut owner: O, thief: &impl Thief, recorder: &mut Recorder) {
    loop {
        let request = match end {
            End::Pop => Request::Pop(1),
            End::Steal => Request::Steal(1),
            End::Drop | End::Scatter => Request::Steal(0),
        };
        let action = recorder.call(&request, || match end {
            End::Steal => Action::Steal { max: 1, got: ids(&thief.steal()) },
            End::Pop => Action::Pop { max: 1, got: ids(&owner.pop()) },
            End::Drop | End::Scatter => Action::Steal { max: 0, got: Vec::new() },
        });
        if let Action::Steal { got, .. } | Action::Pop { got, .. } = action
            && got.is_empty()
        {
            return;
        }
    }
}

/// Which values these are.
fn ids<'a>(tokens: impl IntoIterator<Item = &'a Token>) -> Vec<u8> {
    tokens.into_iter().map(Token::id).collect()
}
