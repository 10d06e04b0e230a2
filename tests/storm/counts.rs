//! What has happened so far.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

macro_rules! counts {
    ($($name:ident: $words:literal,)+) => {
        /// What is counted.
        #[derive(Clone, Copy)]
        pub(crate) enum Count {
            $($name,)+
        }

        const WORDS: &[&str] = &[$($words,)+];
        static COUNTS: [AtomicU64; WORDS.len()] = [const { AtomicU64::new(0) }; WORDS.len()];
    };
}

counts! {
    Threads: "threads started",
    PlainMade: "plain values made",
    PlainDropped: "plain values dropped",
    HostileMade: "hostile values made",
    HostileDropped: "hostile values dropped",
    Forgotten: "values forgotten",
    Buffers: "buffers used",
    Ticks: "ticks of one pool",
    Clears: "clears of one pool",
    TicksOfAll: "ticks of all pools",
    ClearsOfAll: "clears of all pools",
    PoolsDropped: "pools dropped",
    Panics: "panics caught",
    FailedCreations: "creations that failed",
    LateReturns: "guards dropped at the end of a thread",
    JanitorsDropped: "janitors dropped by a thread",
    JanitorsDroppedInside: "janitors dropped by a destructor",
    PutsInside: "puts by a destructor",
    TakesInside: "takes by a destructor",
    TicksInside: "ticks by a destructor",
    ClearsInside: "clears by a destructor",
    TicksOfAllInside: "ticks of all pools by a destructor",
    PoolsDroppedInside: "pools dropped by a destructor",
    PanicsInside: "panics of a destructor",
}

impl Count {
    pub(crate) fn add(self) {
        COUNTS[self as usize].fetch_add(1, Relaxed);
    }

    pub(crate) fn get(self) -> u64 {
        COUNTS[self as usize].load(Relaxed)
    }
}

/// All of them: the sum moves on as long as anything happens.
pub(crate) fn total() -> u64 {
    COUNTS.iter().map(|count| count.load(Relaxed)).sum()
}

/// Values that were made and neither dropped nor forgotten.
pub(crate) fn missing() -> u64 {
    // Looked up first, so that it is never more than was made.
    let gone = Count::PlainDropped.get() + Count::HostileDropped.get() + Count::Forgotten.get();
    Count::PlainMade.get() + Count::HostileMade.get() - gone
}

pub(crate) fn print() {
    for (words, count) in WORDS.iter().zip(&COUNTS) {
        println!("{:>12} {words}", count.load(Relaxed));
    }
}

/// What has never happened.
pub(crate) fn never() -> Vec<&'static str> {
    WORDS.iter().zip(&COUNTS).filter(|(_, count)| count.load(Relaxed) == 0).map(|(words, _)| *words).collect()
}
