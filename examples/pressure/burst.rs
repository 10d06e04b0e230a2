//! A burst of requests of several kinds, one kind after another.

use std::io;

use memmap2::MmapMut;
use pooldeque::Pool;

use crate::janitors::{Watch, resident};

/// The size of a request's buffer, and the unit of the command line.
pub(crate) const MIB: usize = 1 << 20;

/// The number of simultaneous requests per wave, and the number of waves. Each wave is of its own kind.
pub(crate) struct Burst {
    pub(crate) slabs: usize,
    pub(crate) waves: usize,
}

/// Memory mapped directly from the system, so that no allocator holds on to what the pool drops.
fn slab() -> io::Result<MmapMut> {
    MmapMut::map_anon(MIB)
}

impl Burst {
    /// Returns the resident set at the peak of each wave, and some time after the last.
    ///
    /// # Errors
    ///
    /// The resident set cannot be read, or the system is out of memory.
    pub(crate) fn meet(&self, watch: &Watch) -> io::Result<Vec<u64>> {
        let kinds: Vec<Pool<io::Result<MmapMut>>> =
            (0..self.waves).map(|_| Pool::new(slab as fn() -> io::Result<MmapMut>)).collect();
        let mut samples = Vec::new();
        for pool in &kinds {
            let mut requests: Vec<_> = (0..self.slabs).map(|_| pool.get()).collect();
            for slab in &mut requests {
                let slab = slab.as_mut().map_err(|error| io::Error::new(error.kind(), error.to_string()))?;
                // Only pages that have been written are resident.
                slab.fill(1);
            }
            samples.push(resident()?);
            watch.wait();
        }
        // Gives the last wave's buffers time to age out.
        for _ in 0..3 {
            watch.wait();
        }
        samples.push(resident()?);
        Ok(samples)
    }
}
