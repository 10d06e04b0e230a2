//! Requests that need buffers, from several threads, until the load is dropped.

use std::hint::black_box;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use fastrand::Rng;
use pooldeque::{Pool, PoolGuard};

use crate::exporter::Named;
use crate::pools;
use crate::tables;
use crate::threads;

/// Requests that a thread serves before it rests.
const BURST: usize = 100;
const REST: Duration = Duration::from_millis(2);

/// The longest answer; requests get a prefix of it.
static ANSWER: [u8; 16 << 10] = [1; 16 << 10];

/// The threads, and the pools that they use.
pub(crate) struct Load {
    pools: [Named; 2],
    over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

fn buffers() -> Arc<Pool<Vec<u8>>> {
    Arc::new(Pool::from_fn(|| Vec::with_capacity(ANSWER.len())).with_reset(Vec::clear))
}

impl Load {
    /// Starts the load; `leak` percent of the requests do not return their buffer to the second pool.
    ///
    /// # Errors
    ///
    /// A thread cannot be started.
    pub(crate) fn start(threads: u32, leak: u8) -> io::Result<Self> {
        let pools = [("healthy", buffers()), ("leaking", buffers())];
        let mut load = Self { pools, over: Arc::default(), threads: Vec::new() };
        for seed in 0..threads {
            let [healthy, leaking] = load.pools.each_ref().map(|(_, pool)| Arc::clone(pool));
            let (over, mut rng) = (Arc::clone(&load.over), Rng::with_seed(seed.into()));
            let requests = move || {
                while !over.load(Ordering::Relaxed) {
                    for _ in 0..BURST {
                        drop(serve(&healthy, &mut rng));
                        let buffer = serve(&leaking, &mut rng);
                        if rng.u8(..100) < leak {
                            // As if the buffer were sent to code that does not know the pool.
                            drop(PoolGuard::detach(buffer));
                        }
                    }
                    thread::sleep(REST);
                }
            };
            let thread = thread::Builder::new().name("requests".to_owned()).spawn(requests);
            load.threads.push(thread.map_err(threads::no_thread)?);
        }
        Ok(load)
    }

    pub(crate) fn pools(&self) -> Vec<Named> {
        self.pools.to_vec()
    }

    /// A table of the pools' statistics so far, and one of the ratios to look at first.
    pub(crate) fn report(&self) -> String {
        let stats = self.pools.each_ref().map(|(name, pool)| (*name, pool.stats()));
        let mut signs = tables::table(&["pool", "miss rate", "imbalance", "churn/tick"]);
        for (name, stats) in &stats {
            let [miss_rate, imbalance] = [stats.miss_rate(), stats.imbalance()].map(tables::percent);
            signs.add_row([(*name).to_owned(), miss_rate, imbalance, format!("{:.1}", stats.churn())]);
        }
        format!("{}\n\n{signs}", pools::table(stats))
    }
}

/// Serves a request: writes an answer of random size into a buffer.
fn serve<'a>(pool: &'a Pool<Vec<u8>>, rng: &mut Rng) -> PoolGuard<'a, Vec<u8>> {
    let mut buffer = pool.get();
    buffer.extend_from_slice(&ANSWER[..rng.usize(1..ANSWER.len())]);
    black_box(&*buffer);
    buffer
}

impl Drop for Load {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // Its panic message has been printed.
            let _ = thread.join();
        }
    }
}
