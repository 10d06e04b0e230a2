//! The source of the stages' values: a pool, or a new value each time.

use std::ops::{Deref, DerefMut};

use flate2::{Compress, Compression};
use pooldeque::pool::Stats;
use pooldeque::{Pool, PoolGuard};

use crate::arguments::Arguments;

type Create<T> = Box<dyn Fn() -> T + Send + Sync>;

/// A source of one kind of value.
pub(crate) enum Supply<T: Send + 'static> {
    Pooled(Pool<T, Create<T>>),
    Unpooled(Create<T>),
}

/// A value in use, pooled or not.
pub(crate) enum Lent<'a, T: Send + 'static> {
    Pooled(PoolGuard<'a, T, Create<T>>),
    Unpooled(T),
}

impl<T: Send> Supply<T> {
    fn new(pooled: bool, create: impl Fn() -> T + Send + Sync + 'static, reset: fn(&mut T)) -> Self {
        let create: Create<T> = Box::new(create);
        if pooled { Self::Pooled(Pool::new(create).with_reset(reset)) } else { Self::Unpooled(create) }
    }

    pub(crate) fn get(&self) -> Lent<'_, T> {
        match self {
            Self::Pooled(pool) => Lent::Pooled(pool.get()),
            Self::Unpooled(create) => Lent::Unpooled(create()),
        }
    }

    fn stats(&self) -> Stats {
        match self {
            Self::Pooled(pool) => pool.stats(),
            Self::Unpooled(_) => Stats::default(),
        }
    }
}

impl<T: Send> Deref for Lent<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Pooled(guard) => guard,
            Self::Unpooled(value) => value,
        }
    }
}

impl<T: Send> DerefMut for Lent<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        match self {
            Self::Pooled(guard) => guard,
            Self::Unpooled(value) => value,
        }
    }
}

/// The sources of all the values that the stages use.
pub(crate) struct Supplies {
    /// Target size of the blocks.
    pub(crate) block: usize,
    /// Taken by the reader, returned by the parsers.
    pub(crate) blocks: Supply<Vec<u8>>,
    /// Taken and returned by the parsers, one for each line of a block at once.
    pub(crate) strings: Supply<String>,
    /// Taken by the parsers, returned by the compressor threads.
    pub(crate) json: Supply<Vec<u8>>,
    /// Taken and returned by a compressor thread for each block.
    pub(crate) compressors: Supply<Compress>,
    /// Taken by the compressor threads, returned by the writer.
    pub(crate) packed: Supply<Vec<u8>>,
}

impl Supplies {
    pub(crate) fn pooled(arguments: &Arguments, block: usize) -> Self {
        Self::new(arguments, block, true)
    }

    pub(crate) fn unpooled(arguments: &Arguments, block: usize) -> Self {
        Self::new(arguments, block, false)
    }

    fn new(arguments: &Arguments, block: usize, pooled: bool) -> Self {
        let level = Compression::new(arguments.level);
        Self {
            block,
            blocks: Supply::new(pooled, move || Vec::with_capacity(block), Vec::clear),
            strings: Supply::new(pooled, String::new, String::clear),
            json: Supply::new(pooled, move || Vec::with_capacity(4 * block), Vec::clear),
            compressors: Supply::new(pooled, move || Compress::new(level, false), Compress::reset),
            packed: Supply::new(pooled, Vec::new, Vec::clear),
        }
    }

    pub(crate) fn stats(&self) -> [(&'static str, Stats); 5] {
        [
            ("blocks", self.blocks.stats()),
            ("strings", self.strings.stats()),
            ("json", self.json.stats()),
            ("compressors", self.compressors.stats()),
            ("packed", self.packed.stats()),
        ]
    }
}
