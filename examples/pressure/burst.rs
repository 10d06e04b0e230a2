//! A burst of requests of many kinds, kind by kind.

use std::io;

use memmap2::MmapMut;
use pooldeque::Pool;

use crate::janitors::{Watch, resident};

/// What a request needs, and the unit of the command line.
pub(crate) const MIB: usize = 1 << 20;

/// As many requests at once in each wave, as many kinds of them.
pub(crate) struct Burst {
    pub(crate) slabs: usize,
    pub(crate) waves: usize,
}

/// Memory of the system's own, without an allocator between that might keep what the pool has let go.
fn slab() -> io::Result<MmapMut> {
    MmapMut::map_anon(MIB)
}

impl Burst {
    /// Returns how much was resident at the height of each wave, and some time after the last.
    ///
    /// # Errors
    ///
    /// The system does not report it, or has no more memory.
    pub(crate) fn meet(&self, watch: &Watch) -> io::Result<Vec<u64>> {
        let kinds: Vec<Pool<io::Result<MmapMut>>> =
            (0..self.waves).map(|_| Pool::new(slab as fn() -> io::Result<MmapMut>)).collect();
        let mut samples = Vec::new();
        for pool in &kinds {
            let mut requests: Vec<_> = (0..self.slabs).map(|_| pool.get()).collect();
            for slab in &mut requests {
                let slab = slab.as_mut().map_err(|error| io::Error::new(error.kind(), error.to_string()))?;
                // Only what is written to is resident.
                slab.fill(1);
            }
            samples.push(resident()?);
            watch.wait();
        }
        // What the last wave left has to age.
        for _ in 0..3 {
            watch.wait();
        }
        samples.push(resident()?);
        Ok(samples)
    }
}
