//! Random programs over a pool that one thread uses, against what Go's pool would do: where each value is put,
//! in what order values are found, and what two ticks leave.
#![cfg(not(any(loom, shuttle)))]

use std::collections::VecDeque;

use anyhow::ensure;
use pooldeque::Pool;
use pooldeque_proptests::campaign::{Campaign, Tally};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

#[derive(Clone, Copy, Debug)]
enum Step {
    Put,
    PutRefused,
    Take { everywhere: bool },
    Get,
    Prefill(usize),
    Tick,
    Clear,
}

#[derive(Default)]
struct Side {
    private: Option<u32>,
    shared: VecDeque<u32>,
}

/// A pool of one processor, as Go's is when nobody else uses it.
#[derive(Default)]
struct Oracle {
    primary: Side,
    victim: Side,
}

/// What the rule refuses.
const REFUSED: u32 = u32::MAX;

impl Side {
    fn len(&self) -> usize {
        usize::from(self.private.is_some()) + self.shared.len()
    }
}

impl Oracle {
    fn idle(&self) -> usize {
        self.primary.len() + self.victim.len()
    }

    /// Whether there is room for the value.
    fn put(&mut self, value: u32, most: usize) -> bool {
        let has_room = self.idle() < most;
        if has_room && self.primary.private.is_none() {
            self.primary.private = Some(value);
        } else if has_room {
            self.primary.shared.push_back(value);
        }
        has_room
    }

    /// As `put`, for a value made ahead, which all threads are to find.
    fn prefill(&mut self, value: u32, most: usize) -> bool {
        let has_room = self.idle() < most;
        if has_room {
            self.primary.shared.push_back(value);
        }
        has_room
    }

    fn take(&mut self, tally: &mut Tally) -> Option<u32> {
        let Self { primary, victim } = self;
        let places: [(_, &mut dyn FnMut() -> Option<u32>); 4] = [
            ("private", &mut || primary.private.take()),
            ("own", &mut || primary.shared.pop_back()),
            ("victim-private", &mut || victim.private.take()),
            ("victim-shared", &mut || victim.shared.pop_front()),
        ];
        let (place, value) = places.into_iter().find_map(|(place, take)| Some((place, take()?)))?;
        tally.note(place);
        Some(value)
    }

    fn tick(&mut self) {
        self.victim = std::mem::take(&mut self.primary);
    }
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => Just(Step::Put),
        1 => Just(Step::PutRefused),
        6 => any::<bool>().prop_map(|everywhere| Step::Take { everywhere }),
        2 => Just(Step::Get),
        1 => (0_usize..20).prop_map(Step::Prefill),
        2 => Just(Step::Tick),
        1 => Just(Step::Clear),
    ]
}

/// Runs the program on a pool and on the oracle, and compares every answer.
fn agree(most: Option<usize>, program: &[Step], tally: &mut Tally) -> anyhow::Result<()> {
    let next = std::cell::Cell::new(0);
    let make = || next.replace(next.get() + 1);
    let mut pool = Pool::new(make).with_retain(|value| *value != REFUSED);
    if let Some(most) = most {
        pool = pool.with_max_idle(most);
    }
    let (mut oracle, most) = (Oracle::default(), most.unwrap_or(usize::MAX));
    for (number, step) in program.iter().enumerate() {
        match *step {
            Step::Put => {
                let value = make();
                pool.put(value);
                if !oracle.put(value, most) {
                    tally.note("no-room");
                }
            }
            Step::PutRefused => pool.put(REFUSED),
            Step::Take { everywhere } => {
                let (found, expected) =
                    (if everywhere { pool.take() } else { pool.take_local() }, oracle.take(tally));
                ensure!(found == expected, "step {number} found {found:?}, not {expected:?}");
            }
            Step::Get => {
                let expected = oracle.take(tally).unwrap_or(next.get());
                let guard = pool.get();
                ensure!(*guard == expected, "step {number} got {guard}, not {expected}");
                drop(guard);
                oracle.put(expected, most);
            }
            Step::Prefill(count) => {
                let first = next.get();
                pool.prefill(count);
                // The first for which there is no room is made as well.
                let made = (first..).take(count).take_while(|value| oracle.prefill(*value, most)).count();
                let expected = first + u32::try_from((made + 1).min(count))?;
                ensure!(next.get() == expected, "step {number} made {}, not {expected}", next.get());
            }
            Step::Tick => {
                pool.tick();
                oracle.tick();
            }
            Step::Clear => {
                pool.clear();
                oracle = Oracle::default();
            }
        }
        let (idle, expected) = (pool.stats().idle, oracle.idle());
        ensure!(idle == expected as u64, "after step {number} {idle} values are idle, not {expected}");
    }
    Ok(())
}

#[test]
fn a_pool_of_one_thread_does_what_gos_does() {
    Campaign {
        name: "pool-of-one-thread",
        cases: 2_000,
        shrink_iterations: 20_000,
        must_see: &["private", "own", "victim-private", "victim-shared", "no-room"],
    }
    .run((option::of(1_usize..12), vec(step(), 0..200)), |(most, program), tally| {
        agree(most, &program, tally)
    });
}
