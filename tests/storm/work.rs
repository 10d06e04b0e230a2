//! What a thread does between its beginning and its end.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use pooldeque::buffers::OwnedBuffer;
use pooldeque::{Janitor, OwnedPoolGuard, Pool, clear_all, tick_all};

use crate::counts::Count;
use crate::panic_message::message_of;
use crate::random::{below, once_in};
use crate::world::{Hostile, PANIC, Plain, Pools, drop_janitor, forget, janitor, pools, replace_pools};

/// What a thread holds.
#[derive(Default)]
struct Bag {
    plain: Vec<OwnedPoolGuard<Plain>>,
    hostile: Vec<OwnedPoolGuard<Hostile>>,
    buffers: Vec<OwnedBuffer>,
    detached: Vec<Plain>,
    janitor: Option<Janitor>,
}

/// How much of a kind a thread holds at most.
const MOST: usize = 20;

/// What is dropped by the end of a thread.
struct AtTheEnd(RefCell<Bag>);

impl Drop for AtTheEnd {
    fn drop(&mut self) {
        let mut bag = self.0.take();
        while !bag.is_empty() {
            Count::LateReturns.add();
            caught(|| bag.let_go());
        }
    }
}

thread_local! {
    static BEFORE: AtTheEnd = AtTheEnd(RefCell::default());
    static AFTER: AtTheEnd = AtTheEnd(RefCell::default());
}

/// Up to some hundred operations at random.
pub(crate) fn come_and_go(is_over: &AtomicBool) {
    // One thread-local is there before the first use of a pool, the other comes after: they are dropped after and
    // before the thread has lost its place in the pools.
    BEFORE.with(|_| ());
    let mut bag = Bag::default();
    for _ in 0..below(200) {
        if is_over.load(Relaxed) {
            break;
        }
        caught(|| {
            if let Some(pools) = pools() {
                bag.operate(&pools);
            }
        });
    }
    match below(4) {
        0 => BEFORE.with(|end| end.0.replace(bag)),
        1 => AFTER.with(|end| end.0.replace(bag)),
        _ => {
            while !bag.is_empty() {
                caught(|| bag.let_go());
            }
            bag
        }
    };
}

/// Catches the storm's own panics.
pub(crate) fn caught(operation: impl FnOnce()) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(operation)) {
        Count::Panics.add();
        if message_of(&*panic) != Some(PANIC) {
            // It has been printed.
            std::process::abort();
        }
    }
}

impl Bag {
    fn is_empty(&self) -> bool {
        let Self { plain, hostile, buffers, detached, janitor } = self;
        plain.is_empty()
            && hostile.is_empty()
            && buffers.is_empty()
            && detached.is_empty()
            && janitor.is_none()
    }

    /// Drops something of each kind.
    fn let_go(&mut self) {
        // All is taken out before a destructor may panic.
        let janitor = self.janitor.take();
        let gone = (self.plain.pop(), self.buffers.pop(), self.detached.pop(), self.hostile.pop());
        drop_janitor(janitor);
        drop(gone);
    }

    fn operate(&mut self, pools: &Pools) {
        match below(100) {
            0..20 => self.with_plain(&pools.plain),
            20..40 => self.with_hostile(&pools.hostile),
            40..60 => self.with_buffers(pools),
            60..72 => self.let_go(),
            72..75 => tick_or_clear(pools),
            75..90 => burst(&pools.plain),
            90 if once_in(16) => {
                Count::TicksOfAll.add();
                tick_all();
            }
            91 if once_in(16) => {
                Count::ClearsOfAll.add();
                clear_all();
            }
            92 if once_in(16) => drop(replace_pools()),
            93 if once_in(8) => {
                let before = self.janitor.take();
                self.janitor = janitor();
                drop_janitor(before);
            }
            94 if once_in(2) => {
                let mut hostile = Hostile::new();
                hostile.janitor = janitor();
                pools.hostile.put(hostile);
            }
            95 if once_in(4) => {
                forget(pools.plain.get());
            }
            _ => std::thread::yield_now(),
        }
    }

    fn with_plain(&mut self, pool: &Arc<Pool<Plain>>) {
        match below(8) {
            0..3 if self.plain.len() < MOST => {
                let guard = pool.get_owned();
                guard.look();
                self.plain.push(guard);
            }
            3 => {
                if let Some(guard) = self.plain.pop() {
                    self.detached.push(OwnedPoolGuard::detach(guard));
                }
            }
            4 => pool.put(self.detached.pop().unwrap_or_else(Plain::new)),
            5 => self.detached.extend(pool.take().filter(|_| self.detached.len() < MOST)),
            6 => {
                if let Ok(guard) = pool.try_get_with(|| if once_in(2) { Ok(Plain::new()) } else { Err(()) }) {
                    guard.look();
                }
            }
            _ => drop((pool.get(), pool.try_get())),
        }
    }

    fn with_hostile(&mut self, pool: &Arc<Pool<Hostile>>) {
        match below(8) {
            0..3 if self.hostile.len() < MOST => self.hostile.push(pool.get_owned()),
            3..5 => {
                if let Some(guard) = self.hostile.pop() {
                    drop(guard);
                }
            }
            5 => drop(pool.take()),
            6 => pool.prefill(below(5) as usize),
            _ => (0..below(40)).for_each(|_| pool.put(Hostile::new())),
        }
    }

    fn with_buffers(&mut self, pools: &Pools) {
        Count::Buffers.add();
        let size = 64 << below(8);
        let pool = &pools.buffers;
        match below(4) {
            0 if self.buffers.len() < MOST => {
                let mut buffer = pool.get_owned(size);
                assert!(buffer.is_empty() && buffer.capacity() >= size, "a buffer is empty and large enough");
                buffer.extend([1; 10]);
                self.buffers.push(buffer);
            }
            1 => {
                let mut buffer = pool.get(size);
                assert!(buffer.is_empty() && buffer.capacity() >= size, "a buffer is empty and large enough");
                buffer.resize(size * 2, 7);
            }
            2 => drop((pool.get_usual(), pool.get(size))),
            _ => pool.put(Vec::with_capacity(size)),
        }
    }
}

fn tick_or_clear(pools: &Pools) {
    if once_in(4) {
        Count::Clears.add();
        match below(3) {
            0 => pools.plain.clear(),
            1 => pools.hostile.clear(),
            _ => pools.buffers.clear(),
        }
    } else {
        Count::Ticks.add();
        match below(3) {
            0 => pools.plain.tick(),
            1 => pools.hostile.tick(),
            _ => pools.buffers.tick(),
        }
    }
}

/// Puts many in, and takes many out.
fn burst(pool: &Pool<Plain>) {
    let many = below(200);
    if once_in(2) {
        (0..many).for_each(|_| pool.put(Plain::new()));
    } else {
        let taken: Vec<_> = (0..many).map_while(|_| pool.take()).collect();
        taken.iter().for_each(Plain::look);
    }
}
