//! The pools, and the values that go in and out.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use pooldeque::{BufferPool, Janitor, Pool, PoolGuard, clear_all, tick_all};

use crate::counts::Count;
use crate::random::{below, once_in};

/// A pool of each kind.
pub(crate) struct Pools {
    pub(crate) plain: Arc<Pool<Plain>>,
    pub(crate) hostile: Arc<Pool<Hostile>>,
    pub(crate) buffers: Arc<BufferPool>,
}

/// The pools that threads find. Each is replaced now and then; the old ones end when their last user lets go.
static WORLD: [Mutex<Option<Arc<Pools>>>; 6] = [const { Mutex::new(None) }; 6];

/// The message of each panic.
pub(crate) const PANIC: &str = "a panic of the storm";

pub(crate) fn pools() -> Option<Arc<Pools>> {
    at(below(WORLD.len() as u64) as usize)
}

fn at(index: usize) -> Option<Arc<Pools>> {
    WORLD[index].lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// Puts new pools in the place of old ones. Those end with their last user, which may be the caller.
pub(crate) fn replace_pools() -> Option<Arc<Pools>> {
    let new = Some(Arc::new(Pools::new()));
    replace(below(WORLD.len() as u64) as usize, new)
}

fn replace(index: usize, new: Option<Arc<Pools>>) -> Option<Arc<Pools>> {
    let mut place = WORLD[index].lock().unwrap_or_else(PoisonError::into_inner);
    std::mem::replace(&mut *place, new)
}

/// Fills the world.
pub(crate) fn begin() {
    for index in 0..WORLD.len() {
        replace(index, Some(Arc::new(Pools::new())));
    }
}

/// Takes the pools out of the world, one after the other.
pub(crate) fn end() -> impl Iterator<Item = Arc<Pools>> {
    (0..WORLD.len()).filter_map(|index| replace(index, None))
}

impl Pools {
    fn new() -> Self {
        // With and without rules.
        let (mut plain, mut hostile) = (Pool::<Plain>::new(Plain::new), Pool::<Hostile>::new(Hostile::new));
        if once_in(2) {
            plain = plain.with_max_idle(20).with_reset(|plain| plain.uses += 1);
            hostile = hostile.with_retain(|hostile| hostile.janitor.is_some() || !once_in(10));
        }
        let buffers = if once_in(2) { BufferPool::new() } else { BufferPool::adaptive() };
        Self { plain: Arc::new(plain), hostile: Arc::new(hostile), buffers: Arc::new(buffers) }
    }
}

impl Drop for Pools {
    fn drop(&mut self) {
        Count::PoolsDropped.add();
        if DEPTH.get() > 0 {
            Count::PoolsDroppedInside.add();
        }
    }
}

/// A value that owns memory and looks at itself.
pub(crate) struct Plain {
    mark: Box<u64>,
    uses: u64,
}

const MARK: u64 = 0x5707;

impl Plain {
    /// Makes one, or fails.
    pub(crate) fn new() -> Self {
        fail_now_and_then();
        Count::PlainMade.add();
        Self { mark: Box::new(MARK), uses: 0 }
    }

    pub(crate) fn look(&self) {
        assert_eq!(*self.mark, MARK, "a value is whole");
    }
}

impl Drop for Plain {
    fn drop(&mut self) {
        self.look();
        *self.mark = self.uses ^ !MARK;
        Count::PlainDropped.add();
    }
}

/// Forgets a guard. Its value's memory is noted down, so that it does not count as leaked.
pub(crate) fn forget(guard: PoolGuard<'_, Plain>) {
    static NOTES: Mutex<Vec<usize>> = Mutex::new(Vec::new());
    Count::Forgotten.add();
    NOTES.lock().unwrap_or_else(PoisonError::into_inner).push((&raw const *guard.mark).expose_provenance());
    std::mem::forget(guard);
}

fn fail_now_and_then() {
    if DEPTH.get() == 0 && !thread::panicking() && once_in(200) {
        Count::FailedCreations.add();
        panic!("{PANIC}");
    }
}

/// A value whose destructor does anything.
pub(crate) struct Hostile {
    mark: Box<u64>,
    pub(crate) janitor: Option<Janitor>,
}

thread_local! {
    /// How many destructors of hostile values are under way on this thread, one inside the other.
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// How many may be before they do no more.
const DEEPEST: u32 = 3;

/// How many janitors there are, and may be.
static JANITORS: AtomicUsize = AtomicUsize::new(0);
const MOST_JANITORS: usize = 6;

/// A janitor, unless there are enough.
pub(crate) fn janitor() -> Option<Janitor> {
    if JANITORS.fetch_add(1, SeqCst) >= MOST_JANITORS {
        JANITORS.fetch_sub(1, SeqCst);
        return None;
    }
    let janitor = Janitor::every(Duration::from_millis(1 << below(9)));
    let janitor = if once_in(2) { janitor.memory_budget_by(2, || Some(below(3))) } else { janitor };
    Some(janitor.spawn().expect("a thread for the janitor"))
}

pub(crate) fn drop_janitor(janitor: Option<Janitor>) {
    if let Some(janitor) = janitor {
        drop(janitor);
        JANITORS.fetch_sub(1, SeqCst);
        let count = if DEPTH.get() > 0 { Count::JanitorsDroppedInside } else { Count::JanitorsDropped };
        count.add();
    }
}

impl Hostile {
    /// Makes one, or fails.
    pub(crate) fn new() -> Self {
        fail_now_and_then();
        Count::HostileMade.add();
        Self { mark: Box::new(MARK), janitor: None }
    }
}

/// The destructor that is under way ends when this is dropped.
struct Deeper;

impl Drop for Deeper {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        assert_eq!(*self.mark, MARK, "a value is whole");
        *self.mark = !MARK;
        Count::HostileDropped.add();
        DEPTH.set(DEPTH.get() + 1);
        let _deeper = Deeper;
        drop_janitor(self.janitor.take());
        if DEPTH.get() <= DEEPEST {
            act();
        }
        if !thread::panicking() && once_in(8) {
            Count::PanicsInside.add();
            panic!("{PANIC}");
        }
    }
}

/// What a destructor does.
fn act() {
    let Some(pools) = pools() else { return };
    match below(60) {
        0..12 => {
            Count::PutsInside.add();
            match below(3) {
                0 => pools.plain.put(Plain::new()),
                1 => pools.hostile.put(Hostile::new()),
                _ => pools.buffers.put(Vec::with_capacity(below(5000) as usize)),
            }
        }
        12..24 => {
            Count::TakesInside.add();
            match below(4) {
                0 => drop(pools.plain.take()),
                1 => drop(pools.hostile.take_local()),
                2 => drop(pools.hostile.get()),
                _ => drop(pools.buffers.get(below(5000) as usize)),
            }
        }
        24..26 => {
            Count::TicksInside.add();
            match below(3) {
                0 => pools.plain.tick(),
                1 => pools.hostile.tick(),
                _ => pools.buffers.tick(),
            }
        }
        26 => {
            Count::ClearsInside.add();
            match below(2) {
                0 => pools.plain.clear(),
                _ => pools.hostile.clear(),
            }
        }
        27 if once_in(8) => {
            Count::TicksOfAllInside.add();
            if once_in(2) { tick_all() } else { clear_all() }
        }
        28 if once_in(8) => drop(replace_pools()),
        _ => (),
    }
}
