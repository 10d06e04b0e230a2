//! Every memory ordering in the crate, one named site each.
//!
//! No atomic access uses a bare ordering: it names a site, and the site says what it pairs with and what would break if
//! it were weaker. `docs/orderings.md` is generated from this file.
//!
//! Three facts carry most of the arguments:
//!
//! - **Only read-modify-writes change the word.** So every later value of the word is in the release sequence of every
//!   earlier `PUSH_PUBLISH`, and a thread that acquires any of them has acquired all the pushes before it, no matter
//!   which thread wrote the value it read.
//! - **The producer knows the head** (no other thread moves it), so it needs no ordering to learn its own indexes: only
//!   to learn that a consumer has released a slot.
//! - **The epoch's contract** covers a ring's retirement: whatever happened before a ring was
//!   retired is visible to every guard taken later, and every guard taken earlier keeps the ring.
//!
//! Under a model checker a site can be weakened for the running thread's models without a rebuild,
//! which is how each of them is shown to be necessary.

use core::sync::atomic::Ordering;

#[cfg(any(loom, shuttle))]
#[path = "orderings/mutant.rs"]
mod mutant;
#[cfg(any(loom, shuttle))]
pub use mutant::{SiteInfo, catalogue, weaken};

#[cfg(any(loom, shuttle))]
use crate::sync::trace;

/// One atomic access in the algorithm.
#[derive(Debug)]
pub(crate) struct Site {
    #[cfg(any(loom, shuttle))]
    name: &'static str,
    ordering: Ordering,
}

impl Site {
    /// The ordering to use there.
    #[cfg(not(any(loom, shuttle)))]
    #[inline(always)]
    pub(crate) const fn get(&self) -> Ordering {
        self.ordering
    }

    /// The ordering to use there, unless a mutant of it is under test.
    #[cfg(any(loom, shuttle))]
    pub(crate) fn get(&self) -> Ordering {
        trace::note_site(self.name);
        mutant::replacement(self.name).unwrap_or(self.ordering)
    }
}

/// Declares the sites, and with them the catalogue that the documentation and the mutants read.
macro_rules! sites {
    ($(
        [$part:ident]
        $(
            $(#[doc = $what:literal])+
            $name:ident: $ordering:ident, $operation:literal,
            pairs: $pairs:literal
            $(, without: $without:literal)?
            $(, note: $note:literal)?;
        )+
    )+) => {
        $($(
            $(#[doc = $what])+
            #[doc = concat!(" - `", stringify!($ordering), "`, ", $operation, ".")]
            #[doc = concat!(" - Pairs with ", $pairs)]
            #[doc = concat!(" - Weaker: ", sites!(@without $ordering $(, $without)?))]
            $(#[doc = concat!(" - ", $note)])?
            #[cfg_attr(not(feature = "stats"), allow(dead_code, reason = "statistics have sites too"))]
            pub(crate) const $name: Site = Site {
                #[cfg(any(loom, shuttle))]
                name: stringify!($name),
                ordering: Ordering::$ordering,
            };
        )+)+

        /// The entries of all sites, in the order of this file.
        #[cfg(any(test, loom, shuttle))]
        #[allow(dead_code, reason = "tests/orderings.rs makes a page of it")]
        pub(crate) const ENTRIES: &[Entry] = &[$($(
            Entry {
                name: stringify!($name),
                part: Part::$part,
                what: concat!($($what),+),
                ordering: Ordering::$ordering,
                operation: $operation,
                pairs: $pairs,
                without: concat!(sites!(@without $ordering $(, $without)?) $(, " ", $note)?),
            },
        )+)+];
    };
    (@without Relaxed) => { "Relaxed is the weakest ordering." };
    (@without $ordering:ident, $without:literal) => { $without };
}

/// The part of the crate that a site belongs to.
#[cfg(any(test, loom, shuttle))]
#[cfg_attr(
    not(any(loom, shuttle)),
    allow(dead_code, unreachable_pub, reason = "only tests/orderings.rs uses it")
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// One ring, and its slots.
    Ring,
    /// The chain of rings.
    Chain,
    /// The pool.
    Pool,
}

/// A site's entry in the catalogue.
#[cfg(any(test, loom, shuttle))]
#[allow(dead_code, reason = "tests/orderings.rs makes a page of it")]
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) part: Part,
    pub(crate) what: &'static str,
    pub(crate) ordering: Ordering,
    pub(crate) operation: &'static str,
    pub(crate) pairs: &'static str,
    pub(crate) without: &'static str,
}

sites! {
    [Ring]

    /// The producer checks whether the slot at its head has been released.
    SLOT_IS_VACANT: Acquire, "load of a slot's flag",
    pairs: "`SLOT_RELEASE`: the consumer has read the value out of the slot before this sees the flag down.",
    without: "the producer writes a new value into a slot that a thief is still reading: a data race, and a torn value.";

    /// The producer marks the slot it has filled.
    SLOT_OCCUPY: Relaxed, "store to a slot's flag",
    pairs: "nothing: consumers learn of the value from the word (`PUSH_PUBLISH`), and only the producer reads flags.",
    note: "A thief's later `SLOT_RELEASE` comes after it in the flag's order because the thief acquired the push.";

    /// A thief releases the slot, empty.
    SLOT_RELEASE: Release, "store to a slot's flag",
    pairs: "`SLOT_IS_VACANT`: the value was read before the producer may reuse the slot.",
    without: "the read of the value may be reordered after the release, into the producer's next write: a data race, and a torn value.";

    /// The producer moves the head forward and with it hands the slots below to the consumers.
    PUSH_PUBLISH: Release, "fetch_add on the word",
    pairs: "`STEAL_CLAIM`: the values were written before a thief that claims them reads them. Every later change of the word continues its release sequence.",
    without: "a thief that has claimed a slot may read it before the value is there: a data race on the slot.";

    /// The producer takes values back from the head.
    POP_CLAIM: Relaxed, "success of the compare_exchange on the word",
    pairs: "nothing: the producer wrote those values itself, and no thief can have claimed them.";

    /// The producer's claim failed because a thief moved the tail.
    POP_RETRY: Relaxed, "failure of the compare_exchange on the word",
    pairs: "nothing: only the tail's new place is learned, and the producer reads no slot a thief has claimed.";

    /// A thief looks at the word for the first time.
    STEAL_LOOK: Acquire, "load of the word",
    pairs: "`STEAL_CLAIM`'s release: everything that the thread that emptied the ring had seen (a successor ring, for example) happens before this sees the ring empty.",
    without: "a thief can see the ring emptied by another thief without seeing the successor that the other had already seen, and report a chain as empty that never was.";

    /// A thief moves the tail forward and with it owns the slots it passed.
    STEAL_CLAIM: AcqRel, "success of the compare_exchange on the word",
    pairs: "`PUSH_PUBLISH` (acquire: the values claimed are there) and `STEAL_LOOK` (release: see there).",
    without: "without acquire the thief reads a slot before its value is written: the bits of the word may match although the producer popped and pushed again since they were loaded, so the success itself must acquire. Without release see `STEAL_LOOK`.";

    /// A thief's claim failed; the value it read instead is its next look.
    STEAL_RETRY: Acquire, "failure of the compare_exchange on the word",
    pairs: "`STEAL_CLAIM`, as `STEAL_LOOK` does: the value may show the ring empty.",
    without: "as for `STEAL_LOOK`.";

    /// A thread reads the indexes, for a length that may be stale when it is returned.
    INDICES_LOOK: Relaxed, "load of the word",
    pairs: "nothing: the result promises nothing about memory, only that both indexes had these values at one moment.";

    /// The producer has pushed to a newer ring and checks whether this older one still holds a value.
    OLDER_RING_LOOK: Release, "fetch_add of 0 on the word",
    pairs: "`STEAL_CLAIM` and `STEAL_LOOK`: a thief that takes the last value of the older ring, or finds it taken, sees the link to the newer ring and the push there. A load could not guarantee this: the producer's store and load against the thief's claim and load are store buffering, in which each may miss the other.",
    without: "`push_was_empty` returns `false`, and a thief that takes the last older value then misses the link to the newer ring and finds the deque empty: it sleeps although there is a value.";

    [Chain]

    /// A consumer finds the chain's tail ring.
    TAIL_READ: Acquire, "load of the chain's tail",
    pairs: "`TAIL_PLACE` and `TAIL_ADVANCE`: the ring was made before its address is used.",
    without: "a thief follows the address of a ring whose slots and indexes are not visible yet: a data race.";

    /// The producer gives the chain its first ring.
    TAIL_PLACE: Release, "store to the chain's tail",
    pairs: "`TAIL_READ`.",
    without: "as for `TAIL_READ`.";

    /// A consumer moves the chain's tail past a ring that never holds a value again.
    TAIL_ADVANCE: Release, "success of the compare_exchange on the chain's tail",
    pairs: "`TAIL_READ`: the producer made the new tail ring before this consumer saw it (`NEXT_READ`), and so before the next one does.",
    without: "a thief reads the new tail ring before its initialisation is visible: a data race.";

    /// Another consumer moved the chain's tail first.
    TAIL_ADVANCE_LOST: Relaxed, "failure of the compare_exchange on the chain's tail",
    pairs: "nothing: the value read is not used.";

    /// A consumer loads a ring's successor before it looks into the ring.
    NEXT_READ: Acquire, "load of a ring's next",
    pairs: "`NEXT_LINK`: the producer's last push to this ring, and the initialisation of the next one, happen before.",
    without: "a thief may treat a ring as drained that still holds a value, or follow the address of a ring that is not visible yet: a lost value, or a data race.";

    /// The producer links a ring to the larger one it pushes to from now on.
    NEXT_LINK: Release, "store to a ring's next",
    pairs: "`NEXT_READ`.",
    without: "as for `NEXT_READ`.";

    /// The producer loads a ring's predecessor.
    PREV_READ: Relaxed, "load of a ring's prev",
    pairs: "nothing: the producer wrote the address itself when it made the ring. The epoch's contract guarantees that it sees a cleared one as cleared.";

    /// A consumer clears the path back to a ring that it is about to retire.
    PREV_CLEAR: Relaxed, "store to a ring's prev",
    pairs: "the epoch: this comes before the retirement, and so before every guard that does not keep the ring.";

    [Pool]

    /// A thread loads a pool's shared state.
    STATE_READ: Acquire, "load of a pool's state",
    pairs: "`STATE_PLACE`: the state was made before its address is used.",
    without: "a thread uses a pool's state that is not visible yet: a data race.";

    /// The first thread to need a pool's state places it.
    STATE_PLACE: Release, "success of the compare_exchange on a pool's state",
    pairs: "`STATE_READ`.",
    without: "as for `STATE_READ`.";

    /// Another thread placed the state first.
    STATE_PLACE_LOST: Relaxed, "failure of the compare_exchange on a pool's state",
    pairs: "nothing: the other thread's state is read afterwards.";

    /// A thread looks for a row of a table.
    ROW_READ: Acquire, "load of a table's row",
    pairs: "`ROW_PLACE`: the row's entries are made before they are used.",
    without: "a thread uses entries that are not visible yet: a data race.";

    /// The first thread to need a row places it.
    ROW_PLACE: Release, "success of the compare_exchange on a table's row",
    pairs: "`ROW_READ`.",
    without: "as for `ROW_READ`.";

    /// Another thread placed the row first.
    ROW_PLACE_LOST: Relaxed, "failure of the compare_exchange on a table's row",
    pairs: "nothing: the other's row is read afterwards.";

    /// A thread looks for a block of entries.
    BLOCK_READ: Acquire, "load of a link to a block",
    pairs: "`BLOCK_PLACE`: the block is made before it is used.",
    without: "a thread uses a block that is not visible yet: a data race.";

    /// The first thread to need a block places it.
    BLOCK_PLACE: Release, "store to a link to a block",
    pairs: "`BLOCK_READ`.",
    without: "as for `BLOCK_READ`.";

    /// A ticking thread unlinks a block that has no entry.
    BLOCK_REMOVE: Relaxed, "store to a link to a block",
    pairs: "the epoch: this comes before the retirement, and so before every guard that does not keep the block.";

    /// The number of blocks changes, under the lock.
    BLOCK_COUNT_CHANGE: Relaxed, "store to the number of blocks",
    pairs: "nothing: it precedes everything that the thread does with the block, and so everything that another thread learns of it.";

    /// A thread reads how many blocks there may be.
    BLOCK_COUNT_LOOK: Relaxed, "load of the number of blocks",
    pairs: "nothing: blocks are looked up separately, and this thread knows of no value in a block that it misses.";

    /// A thread looks for the entry of a slot.
    ENTRY_READ: Acquire, "load of a link to an entry",
    pairs: "`ENTRY_PLACE`: the entry is made before it is used.",
    without: "a thread uses an entry that is not visible yet: a data race.";

    /// The holder of a slot places its entry.
    ENTRY_PLACE: Release, "store to a link to an entry",
    pairs: "`ENTRY_READ`.",
    without: "as for `ENTRY_READ`.";

    /// A ticking thread unlinks the entry of a slot whose thread is gone.
    ENTRY_REMOVE: Relaxed, "store to a link to an entry",
    pairs: "the epoch: this comes before the retirement, and so before every guard that does not keep the entry.";

    /// A thread looks for a slot's shared queue.
    SHARED_READ: Acquire, "load of a link to a shared queue",
    pairs: "`SHARED_PLACE`: the queue is made before it is used.",
    without: "a thread uses a queue that is not visible yet: a data race.";

    /// The owner places a shared queue.
    SHARED_PLACE: Release, "store to a link to a shared queue",
    pairs: "`SHARED_READ`.",
    without: "as for `SHARED_READ`.";

    /// A thread looks for free slots.
    THREAD_SLOT_LOOK: Relaxed, "load of a word of slots",
    pairs: "nothing: the caller owns a slot only after `THREAD_SLOT_TAKE`.";

    /// A thread takes a slot.
    THREAD_SLOT_TAKE: Acquire, "success of the compare_exchange on a word of slots",
    pairs: "`THREAD_SLOT_GIVE_BACK`: all accesses by the slot's last holder happen before those of the next one.",
    without: "the next holder pushes to a shared queue before the last one's push is visible: a data race.";

    /// Another thread took or gave back a slot first.
    THREAD_SLOT_LOST: Relaxed, "failure of the compare_exchange on a word of slots",
    pairs: "nothing: see `THREAD_SLOT_LOOK`.";

    /// A thread gives its slot back.
    THREAD_SLOT_GIVE_BACK: Release, "fetch_and on a word of slots",
    pairs: "`THREAD_SLOT_TAKE`. Only read-modify-writes change the bits of slots, so later changes continue the release sequence.",
    without: "as for `THREAD_SLOT_TAKE`.";

    /// A thread checks whether there is a value in a private cell.
    PRIVATE_LOOK: Relaxed, "load of a private cell's occupied",
    pairs: "nothing: acted on inside the owner flag, or by the owner, for whom `false` is exact. A ticking thread chooses by it which flags to revoke; a stale `false` delays a drop.";

    /// The thread inside the owner flag has emptied a private cell.
    PRIVATE_EMPTIED: Relaxed, "store to a private cell's occupied",
    pairs: "nothing: the flag orders this before the next thread inside the owner flag.";

    /// The owner has filled its private cell.
    PRIVATE_FILLED: Relaxed, "store to a private cell's occupied",
    pairs: "nothing: the owner flag orders this before a ticking thread's access.";

    /// The owner enters the owner flag.
    OWNER_ENTER: Relaxed, "store to an owner flag's owner",
    pairs: "`OWNER_IS_OUT`, through the fences.";

    /// The owner has stored that it is inside, before it checks whether the flag is revoked.
    OWNER_FENCE: SeqCst, "light fence",
    pairs: "`OWNER_TICKER_FENCE`: of two threads that each store and then load, one sees the other's store (Dekker).",
    without: "the owner finds the flag not revoked and the ticking thread finds the owner out: both touch the private cell, a data race.";

    /// The owner checks what a ticking thread demands.
    OWNER_CHECK: Acquire, "load of an owner flag's ticker",
    pairs: "`OWNER_RESTORE`: the ticking thread is done with the private cell.",
    without: "the owner touches a private cell that a ticking thread is still emptying: a data race.";

    /// The owner leaves the owner flag.
    OWNER_LEAVE: Release, "store to an owner flag's owner",
    pairs: "`OWNER_IS_OUT`: the owner is done with the private cell.",
    without: "a ticking thread empties a private cell that its owner is still using: a data race.";

    /// A ticking thread revokes the flag.
    OWNER_REVOKE: Relaxed, "store to an owner flag's ticker",
    pairs: "`OWNER_CHECK`, through the fences.";

    /// A ticking thread has revoked flags, before it checks whether their owners are out.
    OWNER_TICKER_FENCE: SeqCst, "heavy fence",
    pairs: "`OWNER_FENCE`.",
    without: "as for `OWNER_FENCE`.";

    /// A ticking thread checks whether the owner is out.
    OWNER_IS_OUT: Acquire, "load of an owner flag's owner",
    pairs: "`OWNER_LEAVE`.",
    without: "as for `OWNER_LEAVE`.";

    /// A ticking thread restores the flag.
    OWNER_RESTORE: Release, "store to an owner flag's ticker",
    pairs: "`OWNER_CHECK`.",
    without: "as for `OWNER_CHECK`.";

    /// A thread reads which side is the primary.
    GENERATION_READ: Relaxed, "load of a pool's generation",
    pairs: "nothing: on either side every value is safe, and a stale result only makes a value age a tick too early or too late.";

    /// A ticking thread swaps the sides.
    GENERATION_ADVANCE: Relaxed, "store to a pool's generation",
    pairs: "nothing: see `GENERATION_READ`. Ticks follow each other under a lock.";

    /// A thread looks for shared queues that may hold something.
    NON_EMPTY_LOOK: Relaxed, "load of a word of non-empty bits",
    pairs: "`NON_EMPTY_CLEAR`, through the fences. After a set bit the queue itself is checked.";

    /// The owner has pushed, before it checks its bit.
    NON_EMPTY_OWNER_FENCE: SeqCst, "fence",
    pairs: "`NON_EMPTY_THIEF_FENCE`: the owner sees its bit clear, or the thief sees the value (store buffering).",
    without: "a value is left under a clear bit, and only the queue's owner finds it again.";

    /// A bit is set.
    NON_EMPTY_SET: Relaxed, "fetch_or on a word of non-empty bits",
    pairs: "nothing: see `NON_EMPTY_LOOK`.";

    /// A thief that found a shared queue empty clears its bit.
    NON_EMPTY_CLEAR: Relaxed, "fetch_and on a word of non-empty bits",
    pairs: "`NON_EMPTY_LOOK`, through the fences.";

    /// A thief has cleared a bit, before it looks into the shared queue once more.
    NON_EMPTY_THIEF_FENCE: SeqCst, "fence",
    pairs: "`NON_EMPTY_OWNER_FENCE`.",
    without: "as for `NON_EMPTY_OWNER_FENCE`.";

    /// A thread reads how much of a budget is used.
    BUDGET_LOOK: Relaxed, "load of a budget's use",
    pairs: "nothing: `BUDGET_CHARGE` succeeds only if the value is still current.";

    /// A value that is about to become idle is charged.
    BUDGET_CHARGE: Relaxed, "success of the compare_exchange on a budget's use",
    pairs: "nothing: the changes of this one word have one order, and the sum is right in each order.";

    /// The use has changed meanwhile.
    BUDGET_LOST: Relaxed, "failure of the compare_exchange on a budget's use",
    pairs: "nothing: as `BUDGET_LOOK`.";

    /// A value that was idle gives back its bytes.
    BUDGET_REFUND: Relaxed, "fetch_sub on a budget's use",
    pairs: "nothing: as `BUDGET_CHARGE`.";

    /// A pool takes a number of its own.
    POOL_NUMBER_TAKE: Relaxed, "fetch_add on the next number",
    pairs: "nothing: each read-modify-write returns another number.";

    /// A thread reads which numbers have been taken.
    POOL_NUMBER_LOOK: Relaxed, "load of the next number",
    pairs: "nothing: the pools themselves are looked up under a lock.";

    /// A relaxed counter is read.
    RELAXED_COUNTER_READ: Relaxed, "load of a counter",
    pairs: "nothing: no correctness decision depends on its value, which may be stale.";

    /// A statistic is read.
    COUNT_READ: Relaxed, "load of a statistic",
    pairs: "nothing: see `RELAXED_COUNTER_READ`.";

    /// A statistic's only writer changes it.
    COUNT_WRITE: Relaxed, "store to a statistic",
    pairs: "nothing: see `RELAXED_COUNTER_READ`.";

    /// A relaxed counter's only writer changes it.
    RELAXED_COUNTER_WRITE: Relaxed, "store to a counter",
    pairs: "nothing: see `RELAXED_COUNTER_READ`.";
}
