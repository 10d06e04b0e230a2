//! The names under which the results are stored; `cargo xtask bench` knows them by its tables.

/// Our pool.
pub const POOL: &str = "pooldeque Pool";
/// Our pool with a reset and a rule of what to retain.
pub const POOL_RULES: &str = "pooldeque Pool, reset and retain";
/// Our pool, compiled without the feature `stats`.
pub const POOL_NO_STATS: &str = "pooldeque Pool without statistics";
/// Our pool, cleared where the other ticks.
pub const POOL_CLEARED: &str = "pooldeque Pool, cleared";
/// The pool of Go's runtime.
pub const GO: &str = "Go sync.Pool";
/// The pool inside the crate regex.
pub const REGEX: &str = "regex-automata Pool";
/// A bounded queue used as a pool.
pub const ARRAY_QUEUE: &str = "crossbeam ArrayQueue";
/// opool's pool for threads.
pub const OPOOL: &str = "opool";
/// lockfree-object-pool's pool without a lock.
pub const LINEAR: &str = "lockfree-object-pool Linear";
/// lockfree-object-pool's pool with a spin lock.
pub const SPIN_LOCK: &str = "lockfree-object-pool SpinLock";
/// lockfree-object-pool's pool with a mutex.
pub const LOCKED: &str = "lockfree-object-pool Mutex";
/// sharded-slab's pool.
pub const SHARDED_SLAB: &str = "sharded-slab Pool";
/// object-pool's pool.
pub const OBJECT_POOL: &str = "object-pool";
/// A vector behind a lock.
pub const MUTEX: &str = "Mutex<Vec>";
/// A vector behind a lock, with a bound.
pub const BOUNDED_LIFO: &str = "bounded LIFO, Mutex";
/// 256 vectors behind locks, picked at random.
pub const SHARDED: &str = "256 shards, Mutex";
/// A Treiber stack.
pub const TREIBER: &str = "CAS free list, epoch";
/// A bounded channel used as a pool.
pub const CHANNEL: &str = "crossbeam-channel, bounded";
/// A bounded array for each thread, which no other thread reaches.
pub const ARRAYS: &str = "an array per thread";
/// A vector in a thread-local.
pub const THREAD_LOCAL: &str = "thread-local RefCell<Vec>";
/// One place in a thread-local: no pool has less to do.
pub const FLOOR: &str = "thread-local slot";
/// No pool: the system's allocator.
pub const SYSTEM: &str = "no pool, system allocator";
/// No pool: mimalloc.
pub const MIMALLOC: &str = "no pool, mimalloc";
/// No pool: a vector full of values is dropped.
pub const VEC: &str = "the drops alone";

/// Workload A.
pub const A: &str = "A-pair";
/// Workload B.
pub const B: &str = "B-pair-two-threads";
/// Workload C.
pub const C: &str = "C-hundred";
/// Workload C2.
pub const C2: &str = "C2-hundred-two-threads";
/// Workload D1.
pub const D1: &str = "D1-starved";
/// Workload D2, Go's `BenchmarkPoolStarvation`.
pub const D2: &str = "D2-starved-two-threads";
/// Workload E.
pub const E: &str = "E-across-threads";
/// Go's `BenchmarkPool`.
pub const PUT_TAKE: &str = "put-take";
/// Go's `BenchmarkPoolOverflow`.
pub const OVERFLOW: &str = "overflow";
/// Go's `BenchmarkPoolExpensiveNew`.
pub const EXPENSIVE: &str = "expensive-new";
/// Nothing has been put in yet.
pub const MISS_UNUSED: &str = "miss-unused";
/// All threads have used it, and it is empty again.
pub const MISS_EMPTIED: &str = "miss-emptied";
/// A tick that drops values.
pub const DROPPING_TICK: &str = "dropping-tick";
/// A tick that drops nothing: the time that Go stops the world for, in its `BenchmarkPoolSTW`.
pub const AGEING_TICK: &str = "ageing-tick";
