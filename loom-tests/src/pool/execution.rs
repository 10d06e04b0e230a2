//! Runs a program over a pool once, and checks what must hold at its end.

use std::collections::HashSet;
use std::fmt;
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use pooldeque::pool::IdleBudget;
use pooldeque::{Pool, PoolGuard};

use super::program::{BUDGET, Kind, PoolProgram, Step};
use crate::case::{Case, Execute};
use crate::runtime::{self, StartBarrier};
use crate::token::{Ledger, Token};

/// Makes a new value.
type Create = Box<dyn Fn() -> Token + Send + Sync>;
type TokenPool = Pool<Token, Create>;

/// A program with all it takes to run it again and again.
#[derive(Debug)]
pub struct PoolModel {
    program: PoolProgram,
    source: Arc<TokenSource>,
    /// What the threads took and the pool counted, execution by execution.
    seen: Mutex<HashSet<String>>,
    rings_freed: AtomicU64,
}

/// Makes values, each once.
#[derive(Debug)]
struct TokenSource {
    ledger: Ledger,
    next: AtomicU8,
    /// How many values the threads have dropped themselves.
    dropped: AtomicU8,
}

/// What a thread's calls found, one after the other.
type Taken = Vec<Option<u8>>;

impl TokenSource {
    fn begin(&self) {
        self.ledger.clear();
        self.next.store(0, SeqCst);
        self.dropped.store(0, SeqCst);
    }

    fn make(&self) -> Token {
        self.ledger.token(self.next.fetch_add(1, SeqCst))
    }

    fn drop_all(&self, held: &mut Vec<Token>) {
        held.drain(..).for_each(|_| {
            self.dropped.fetch_add(1, SeqCst);
        });
    }

    /// How many values are alive if the pool has dropped none.
    fn kept(&self) -> u8 {
        self.next.load(SeqCst) - self.dropped.load(SeqCst)
    }
}

impl Case for PoolProgram {
    type Model = PoolModel;

    const IS_RECORDED: bool = true;
    const HAS_INVISIBLE_STEPS: bool = false;
    const THREADS: [&'static str; 2] = ["main", "thread"];

    fn threads(&self) -> usize {
        self.threads.len()
    }

    fn operations(&self) -> usize {
        self.threads.iter().map(Vec::len).sum()
    }

    fn model(&self) -> PoolModel {
        PoolModel::new(self.clone())
    }

    fn smaller(&self) -> Vec<Self> {
        Self::smaller(self)
    }
}

impl Execute for PoolModel {
    fn execute(&self) {
        self.execute_once();
    }

    fn histories(&self) -> usize {
        self.seen().len()
    }

    fn rings_freed(&self) -> u64 {
        self.rings_freed.load(SeqCst)
    }
}

/// A thread of the program.
struct Actor {
    number: u8,
    pool: Arc<TokenPool>,
    source: Arc<TokenSource>,
    held: Vec<Token>,
    taken: Taken,
}

impl PoolModel {
    /// For `program`.
    #[must_use]
    pub fn new(program: PoolProgram) -> Self {
        let source =
            TokenSource { ledger: Ledger::open(), next: AtomicU8::new(0), dropped: AtomicU8::new(0) };
        Self { program, source: Arc::new(source), seen: Mutex::default(), rings_freed: AtomicU64::new(0) }
    }

    fn seen(&self) -> MutexGuard<'_, HashSet<String>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the executions so far came to: what the threads took, and what the pool counted.
    #[must_use]
    pub fn outcomes(&self) -> HashSet<String> {
        self.seen().clone()
    }

    fn execute_once(&self) {
        if self.program.kind == Kind::Sandboxed {
            runtime::begin_execution_without_fences();
        } else {
            runtime::begin_execution();
        }
        let rings_before = runtime::rings_freed();
        self.source.begin();
        let source = Arc::clone(&self.source);
        let create: Create = Box::new(move || source.make());
        let budget: &'static IdleBudget = Box::leak(Box::new(IdleBudget::new(BUDGET)));
        let pool = match self.program.kind {
            Kind::Plain | Kind::Sandboxed => Pool::new(create),
            Kind::Budgeted => Pool::new(create).with_budget(budget, |_| 1),
            Kind::Scoped => Pool::scoped(create),
        };
        let pool = Arc::new(runtime::with_small_rings(pool));
        // Should the execution fail, the pool must not be dropped: that needs the model checker.
        let last = ManuallyDrop::new(Arc::clone(&pool));
        let taken = self.run(&pool);
        if runtime::is_known() {
            drop((pool, ManuallyDrop::into_inner(last)));
            return;
        }
        runtime::note_end();
        let outcome = format!("{taken:?}, {:?}", pool.stats());
        if self.program.kind == Kind::Budgeted {
            assert_eq!(budget.used() as u64, pool.stats().idle, "values that are charged, and idle values");
        }
        self.check_the_end(&pool);
        assert_eq!(budget.used(), 0, "values that are charged, with none idle");
        if self.program.kind == Kind::Scoped {
            self.check_that_it_ages_alone(&pool);
        }
        let freed = runtime::rings_freed() - rings_before;
        self.rings_freed.fetch_add(freed as u64, SeqCst);
        drop(pool);
        drop(ManuallyDrop::into_inner(last));
        self.source.ledger.assert_alive(0);
        self.seen().insert(outcome);
    }

    fn run(&self, pool: &Arc<TokenPool>) -> Vec<Taken> {
        let actor = |number| Actor {
            number,
            pool: Arc::clone(pool),
            source: Arc::clone(&self.source),
            held: Vec::new(),
            taken: Vec::new(),
        };
        let mut main = actor(0);
        main.act(&self.program.before);
        let barrier = StartBarrier::new(self.program.threads());
        let (mine, others) = self.program.threads.split_first().expect("a program has a main thread");
        let others: Vec<_> = others
            .iter()
            .zip(1..)
            .map(|(steps, number)| {
                let (mut actor, steps, barrier) = (actor(number), steps.clone(), barrier.clone());
                spawn(move || {
                    barrier.wait();
                    actor.act(&steps);
                    actor.taken
                })
            })
            .collect();
        barrier.wait();
        main.act(mine);
        let mut taken = vec![main.taken];
        taken.extend(
            others.into_iter().map(|other| other.join().expect("a thread's panic ends the execution")),
        );
        taken
    }

    /// All threads but this are gone, and no value is held.
    fn check_the_end(&self, pool: &Arc<TokenPool>) {
        let idle = pool.stats().idle;
        assert_eq!(u64::from(self.source.ledger.alive()), idle, "values in the pool, and values it knows of");
        if let Some(hidden) = runtime::hidden_in(pool) {
            assert_eq!(hidden, 0, "values under a clear non-empty bit");
        }
        let ticks = self.program.count(Step::Tick);
        let is_cleared = self.program.count(Step::Clear) != 0;
        if ticks <= 1 && !is_cleared {
            let (kept, alive) = (u32::from(self.source.kept()), self.source.ledger.alive());
            if self.program.kind == Kind::Budgeted {
                assert!(
                    alive <= kept.min(BUDGET as u32),
                    "{alive} values of {kept} are more than the budget"
                );
            } else {
                assert_eq!(alive, kept, "values that one tick has left, and values put in");
            }
        }
        let (mut held, mut kept) = (Vec::new(), Vec::new());
        while let Some(token) = pool.take() {
            assert!(!held.contains(&token.id()), "a value is found twice");
            held.push(token.id());
            kept.push(token);
        }
        if ticks == 0 && !is_cleared {
            assert_eq!(pool.stats().idle, 0, "values that this thread does not find");
        }
        // Under a tick a thread that ends leaves what is in its private cells.
        if let Some(hidden) = runtime::shared_in(pool) {
            assert_eq!(hidden, 0, "values in shared queues that are never found");
        }
        // What a thread left in its private cells because a tick was under way is published by the next tick, and
        // ages from then on.
        let last_ticks = if self.program.kind == Kind::Sandboxed { 4 } else { 2 };
        (0..last_ticks).for_each(|_| pool.tick());
        assert_eq!(pool.stats().idle, 0, "values that {last_ticks} ticks have left");
        assert_eq!(
            self.source.ledger.alive() as usize,
            kept.len(),
            "values that live, and values that are held"
        );
        // One in the private cell and one in the shared queue of a thread that is there.
        (0..2).for_each(|_| pool.put(self.source.make()));
        pool.tick();
        assert_eq!(pool.stats().idle, 2, "values that a tick has left");
        pool.tick();
        assert_eq!(pool.stats().idle, 0, "values that two ticks have left");
        if self.program.kind == Kind::Sandboxed {
            self.check_a_living_owner(pool);
        }
    }

    /// A call that clears all pools leaves its values.
    fn check_that_it_ages_alone(&self, pool: &Arc<TokenPool>) {
        pool.put(self.source.make());
        pooldeque::clear_all();
        assert_eq!(pool.stats().idle, 1, "values of a pool that ages alone");
        pool.clear();
    }

    /// Where the kernel refuses fences, a private cell ages by other threads' ticks once its owner has seen the
    /// demand for a fence.
    fn check_a_living_owner(&self, pool: &Arc<TokenPool>) {
        let two_ticks_elsewhere = || {
            let pool = Arc::clone(pool);
            let other = spawn(move || (0..2).for_each(|_| pool.tick()));
            other.join().expect("a thread's panic ends the execution");
        };
        pool.put(self.source.make());
        two_ticks_elsewhere();
        if let Some(token) = pool.take() {
            pool.put(token);
        }
        two_ticks_elsewhere();
        assert_eq!(pool.stats().idle, 0, "values in the private cell of an owner that has seen the demand");
    }
}

/// What a step came to, for a reader.
struct Answer {
    step: Step,
    taken: Option<Option<u8>>,
}

impl fmt::Display for Answer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.step.name())?;
        match self.taken {
            Some(Some(id)) => write!(formatter, " -> [{id}]"),
            Some(None) => formatter.write_str(" -> []"),
            None => Ok(()),
        }
    }
}

/// Starts a thread whose `join` waits until it is done with all pools.
fn spawn<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> runtime::JoinHandle<R> {
    runtime::spawn(move || {
        let result = work();
        runtime::leave_pools();
        result
    })
}

impl Actor {
    /// At the end all that it holds is dropped.
    fn act(&mut self, steps: &[Step]) {
        for step in steps {
            let taken_before = self.taken.len();
            runtime::note_step_call(self.number, &step.name());
            self.step(*step);
            let taken = self.taken.get(taken_before).copied();
            runtime::note_step_answer(self.number, &Answer { step: *step, taken });
            let taken = taken.flatten();
            runtime::note_step(self.number, taken);
        }
        self.source.drop_all(&mut self.held);
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Put => self.pool.put(self.source.make()),
            Step::Take | Step::TakeLocal => {
                let token = if step == Step::Take { self.pool.take() } else { self.pool.take_local() };
                self.taken.push(token.as_ref().map(Token::id));
                self.held.extend(token);
            }
            Step::Return => {
                if !self.held.is_empty() {
                    self.pool.put(self.held.remove(0));
                }
            }
            Step::Get => {
                let guard = self.pool.get();
                self.taken.push(Some(guard.id()));
            }
            Step::Send => {
                let token = PoolGuard::detach(self.pool.get());
                self.taken.push(Some(token.id()));
                let pool = Arc::clone(&self.pool);
                let other = spawn(move || pool.put(token));
                other.join().expect("a thread's panic ends the execution");
            }
            Step::Tick => self.pool.tick(),
            Step::Clear => self.pool.clear(),
            Step::Visit => {
                let (pool, first, second) = (Arc::clone(&self.pool), self.source.make(), self.source.make());
                let visitor = spawn(move || {
                    pool.put(first);
                    pool.put(second);
                });
                visitor.join().expect("a thread's panic ends the execution");
            }
        }
    }
}
