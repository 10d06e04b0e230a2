//! Every memory ordering in the crate, one named site each.
//!
//! No atomic is touched with a bare ordering: it names a site, and the site says what it pairs with
//! and what would break if it were weaker. `docs/orderings.md` is generated from this file.
//!
//! Three facts carry most of the arguments:
//!
//! - **The word is only ever changed by read-modify-writes.** So every later value of the word lies
//!   in the release sequence of every earlier `PUSH_PUBLISH`, and whoever acquires any of them has
//!   acquired all the pushes before it, whoever wrote the value it happened to read.
//! - **The producer knows the head** (nobody else moves it), so it needs no ordering to learn its
//!   own indexes: only to learn that a consumer has let go of a slot.
//! - **The epoch's contract** covers a ring's retirement: whatever happened before a ring was
//!   retired is visible to every guard taken later, and every guard taken earlier keeps the ring.
//!
//! Under a model checker a site can be weakened for the running thread's models without a rebuild,
//! which is how each of them is shown to be necessary.

use core::sync::atomic::Ordering;

#[cfg(any(loom, shuttle))]
mod mutant;
#[cfg(any(loom, shuttle))]
pub use mutant::{SiteInfo, catalogue, weaken};

#[cfg(test)]
mod page;

/// One place in the algorithm at which an atomic is touched.
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
        mutant::replacement(self.name).unwrap_or(self.ordering)
    }
}

/// Declares the sites, and with them the catalogue that the documentation and the mutants read.
macro_rules! sites {
    ($(
        $(#[doc = $what:literal])+
        $name:ident: $ordering:ident, $operation:literal in $function:literal,
        pairs: $pairs:literal,
        without: $without:literal;
    )+) => {
        $(
            $(#[doc = $what])+
            #[doc = concat!(" - `", stringify!($ordering), "`, ", $operation, " in `", $function, "`.")]
            #[doc = concat!(" - Pairs with ", $pairs)]
            #[doc = concat!(" - Weaker: ", $without)]
            pub(crate) const $name: Site = Site {
                #[cfg(any(loom, shuttle))]
                name: stringify!($name),
                ordering: Ordering::$ordering,
            };
        )+

        /// What is known of each site, in the order of this file.
        #[cfg(any(test, loom, shuttle))]
        const ENTRIES: &[Entry] = &[$(
            Entry {
                name: stringify!($name),
                what: concat!($($what),+),
                ordering: Ordering::$ordering,
                operation: $operation,
                function: $function,
                pairs: $pairs,
                without: $without,
            },
        )+];
    };
}

/// A site's entry in the catalogue.
#[cfg(any(test, loom, shuttle))]
#[cfg_attr(any(loom, shuttle), expect(dead_code, reason = "the prose is for the documentation"))]
struct Entry {
    name: &'static str,
    what: &'static str,
    ordering: Ordering,
    operation: &'static str,
    function: &'static str,
    pairs: &'static str,
    without: &'static str,
}

sites! {
    /// The producer asks whether the slot at its head has been handed back.
    SLOT_IS_VACANT: Acquire, "load of a slot's flag" in "Slot::is_vacant",
    pairs: "`SLOT_RELEASE`: the consumer has read the value out of the slot before this sees the flag down.",
    without: "the producer writes a new value into a slot that a thief is still reading: a data race, and a torn value.";

    /// The producer marks the slot it has filled.
    SLOT_OCCUPY: Relaxed, "store to a slot's flag" in "Slot::fill",
    pairs: "nothing of its own: consumers learn of the value from the word (`PUSH_PUBLISH`), and only the producer reads flags.",
    without: "it is the weakest there is. A thief's later `SLOT_RELEASE` comes after it in the flag's order because the thief acquired the push.";

    /// A thief hands the slot back, empty.
    SLOT_RELEASE: Release, "store to a slot's flag" in "Slot::take_and_release",
    pairs: "`SLOT_IS_VACANT`: the value was read before the producer may reuse the slot.",
    without: "the read of the value may sink below the hand-back, into the producer's next write: a data race, and a torn value.";

    /// The producer moves the head forward and with it hands the slots below to the consumers.
    PUSH_PUBLISH: Release, "fetch_add on the word" in "PoolDequeue::publish",
    pairs: "`STEAL_CLAIM`: the values were written before a thief that claims them reads them. Every later change of the word continues its release sequence.",
    without: "a thief that has claimed a slot may read it before the value is there: a data race on the slot.";

    /// The producer takes values back from the head.
    POP_CLAIM: Relaxed, "success of the compare_exchange on the word" in "PoolDequeue::claim_head",
    pairs: "nothing: the producer wrote those values itself, and no thief can have claimed them.",
    without: "it is the weakest there is.";

    /// The producer's claim failed because a thief moved the tail.
    POP_RETRY: Relaxed, "failure of the compare_exchange on the word" in "PoolDequeue::claim_head",
    pairs: "nothing: only the tail's new place is learned, and the producer reads no slot a thief has claimed.",
    without: "it is the weakest there is.";

    /// A thief looks at the word for the first time.
    STEAL_LOOK: Acquire, "load of the word" in "PoolDequeue::claim_tail",
    pairs: "`STEAL_CLAIM`'s release: whoever emptied the ring had seen what it had seen (a successor ring, say) before this sees the ring empty.",
    without: "a thief can see the ring emptied by another without seeing the successor that the other already knew of, and call a chain empty that never was.";

    /// A thief moves the tail forward and with it owns the slots it passed.
    STEAL_CLAIM: AcqRel, "success of the compare_exchange on the word" in "PoolDequeue::claim_tail",
    pairs: "`PUSH_PUBLISH` (acquire: the values claimed are there) and `STEAL_LOOK` (release: see there).",
    without: "without acquire the thief reads a slot before its value is written: the bits of the word may match although the producer popped and pushed again since they were loaded, so the success itself must acquire. Without release see `STEAL_LOOK`.";

    /// A thief's claim failed; what it read instead is its next look.
    STEAL_RETRY: Acquire, "failure of the compare_exchange on the word" in "PoolDequeue::claim_tail",
    pairs: "`STEAL_CLAIM`, as `STEAL_LOOK` does: the value may show the ring empty.",
    without: "as for `STEAL_LOOK`.";

    /// Somebody asks for the indexes, for a length that is old as soon as it is told.
    INDICES_LOOK: Relaxed, "load of the word" in "PoolDequeue::snapshot",
    pairs: "nothing: the answer promises nothing about memory, only that both indexes stood there at one moment.",
    without: "it is the weakest there is.";

    /// The producer has pushed to a newer ring and looks whether this older one still holds a value.
    OLDER_RING_LOOK: Release, "fetch_add of 0 on the word" in "PoolDequeue::is_empty_after_publishing",
    pairs: "`STEAL_CLAIM` and `STEAL_LOOK`: who takes the last value of the older ring, or finds it taken, sees the link to the newer ring and the push there. A load could not do this: the producer's store and look against the thief's claim and look are store buffering, in which each may miss the other.",
    without: "`push_was_empty` answers `false`, and a thief that takes the last older value then misses the link to the newer ring and finds the deque empty: it sleeps on a value.";

    /// A consumer finds the chain's tail ring.
    TAIL_READ: Acquire, "load of the chain's tail" in "PoolChain::tail_link",
    pairs: "`TAIL_PLACE` and `TAIL_ADVANCE`: the ring was made before its address is used.",
    without: "a thief follows the address of a ring whose slots and indexes are not there yet: a data race.";

    /// The producer gives the chain its first ring.
    TAIL_PLACE: Release, "store to the chain's tail" in "PoolChain::add_head_ring",
    pairs: "`TAIL_READ`.",
    without: "as for `TAIL_READ`.";

    /// A consumer moves the chain's tail past a ring that will never hold a value again.
    TAIL_ADVANCE: Release, "success of the compare_exchange on the chain's tail" in "PoolChain::unlink_drained",
    pairs: "`TAIL_READ`: the producer made the new tail ring before this consumer saw it (`NEXT_READ`), and so before the next one does.",
    without: "a thief reads the new tail without the producer's making of it: a data race.";

    /// Another consumer moved the chain's tail first.
    TAIL_ADVANCE_LOST: Relaxed, "failure of the compare_exchange on the chain's tail" in "PoolChain::unlink_drained",
    pairs: "nothing: the value read is not used.",
    without: "it is the weakest there is.";

    /// A consumer asks for a ring's successor before it looks into the ring.
    NEXT_READ: Acquire, "load of a ring's next" in "Ring::successor",
    pairs: "`NEXT_LINK`: the producer's last push to this ring, and the making of the next one, come before.",
    without: "a thief may call a ring drained for ever that still holds a value, or follow the address of a ring that is not there yet: a lost value, or a data race.";

    /// The producer links a ring to the larger one it pushes to from now on.
    NEXT_LINK: Release, "store to a ring's next" in "PoolChain::add_head_ring",
    pairs: "`NEXT_READ`.",
    without: "as for `NEXT_READ`.";

    /// The producer asks for a ring's predecessor.
    PREV_READ: Relaxed, "load of a ring's prev" in "Ring::predecessor",
    pairs: "nothing: the producer wrote the address itself when it made the ring. That a cleared one is seen cleared is the epoch's contract.",
    without: "it is the weakest there is.";

    /// A consumer cuts the way back to a ring it is about to retire.
    PREV_CLEAR: Relaxed, "store to a ring's prev" in "PoolChain::unlink_drained",
    pairs: "the epoch: this comes before the retirement, and so before every guard that does not keep the ring.",
    without: "it is the weakest there is.";

    /// Somebody asks for what the threads of a pool share.
    STATE_READ: Acquire, "load of a pool's state" in "Pool::state",
    pairs: "`STATE_PLACE`: it was made before its address is used.",
    without: "a thread uses a pool's state that is not there yet: a data race.";

    /// The first to need a pool's state puts it there.
    STATE_PLACE: Release, "success of the compare_exchange on a pool's state" in "Pool::place_state",
    pairs: "`STATE_READ`.",
    without: "as for `STATE_READ`.";

    /// Another put it there first.
    STATE_PLACE_LOST: Relaxed, "failure of the compare_exchange on a pool's state" in "Pool::place_state",
    pairs: "nothing: the other's is read anew.",
    without: "it is the weakest there is.";

    /// Somebody looks for a thread slot's entry in a table.
    ROW_READ: Acquire, "load of a table's row" in "Table::row",
    pairs: "`ROW_PLACE`: the row's entries were made before they are used.",
    without: "a thread uses entries that are not there yet: a data race.";

    /// The first to need a row puts it there.
    ROW_PLACE: Release, "success of the compare_exchange on a table's row" in "Table::place_row",
    pairs: "`ROW_READ`.",
    without: "as for `ROW_READ`.";

    /// Another put it there first.
    ROW_PLACE_LOST: Relaxed, "failure of the compare_exchange on a table's row" in "Table::place_row",
    pairs: "nothing: the other's is read anew.",
    without: "it is the weakest there is.";

    /// Whoever makes a row says how far the table reaches now.
    EXTENT_RAISE: Relaxed, "fetch_max on a table's extent" in "Table::place_row",
    pairs: "nothing: it comes before everything the thread does with the row, and so before whatever another learns of that.",
    without: "it is the weakest there is.";

    /// Somebody asks how far the table reaches.
    EXTENT_LOOK: Relaxed, "load of a table's extent" in "Table::extent",
    pairs: "nothing: rows are looked up by themselves, and one that is missed was made by nobody this thread knows of.",
    without: "it is the weakest there is.";

    /// Somebody asks whether there is a value in a private place.
    PRIVATE_LOOK: Relaxed, "load of a private place's occupied" in "Private::is_occupied",
    pairs: "nothing: whoever acts on it has passed the door, or is the holder, who finds empty only what is.",
    without: "it is the weakest there is.";

    /// Whoever's turn it is has emptied a private place.
    PRIVATE_EMPTIED: Relaxed, "store to a private place's occupied" in "Private::take",
    pairs: "nothing: the next to have its turn learns of it by the door.",
    without: "it is the weakest there is.";

    /// The holder has filled its private place.
    PRIVATE_FILLED: Relaxed, "store to a private place's occupied" in "Private::fill",
    pairs: "nothing: a ticking thread learns of it by the door.",
    without: "it is the weakest there is.";

    /// The holder of a thread slot goes through its door.
    DOOR_ENTER: Relaxed, "store to a door's inside" in "Door::enter",
    pairs: "`DOOR_IS_LEFT`, by way of the fences.",
    without: "it is the weakest there is.";

    /// The holder has said that it is inside, before it asks whether the door is closed.
    DOOR_HOLDER_FENCE: SeqCst, "light fence" in "Door::enter",
    pairs: "`DOOR_TICKER_FENCE`: of two threads that each store and then look, one sees the other's store.",
    without: "the holder finds the door open and the ticking thread finds nobody inside: both touch the private place, a data race.";

    /// The holder asks whether the door is closed.
    DOOR_SIGN: Acquire, "load of a door's sign" in "Door::sign",
    pairs: "`DOOR_OPEN`: the ticking thread has done with the private place.",
    without: "the holder touches a private place that a ticking thread is still emptying: a data race.";

    /// The holder goes out.
    DOOR_LEAVE: Release, "store to a door's inside" in "Door::leave",
    pairs: "`DOOR_IS_LEFT`: the holder has done with the private place.",
    without: "a ticking thread empties a private place that its holder is still at: a data race.";

    /// A ticking thread closes a door.
    DOOR_CLOSE: Relaxed, "store to a door's sign" in "Door::close",
    pairs: "`DOOR_SIGN`, by way of the fences.",
    without: "it is the weakest there is.";

    /// A ticking thread has closed the doors, before it asks who is inside.
    DOOR_TICKER_FENCE: SeqCst, "heavy fence" in "door::fence_after_closing",
    pairs: "`DOOR_HOLDER_FENCE`.",
    without: "as for `DOOR_HOLDER_FENCE`.";

    /// A ticking thread asks whether the holder is inside.
    DOOR_IS_LEFT: Acquire, "load of a door's inside" in "Closed::is_left",
    pairs: "`DOOR_LEAVE`.",
    without: "as for `DOOR_LEAVE`.";

    /// A ticking thread opens the door again.
    DOOR_OPEN: Release, "store to a door's sign" in "Door::reopen",
    pairs: "`DOOR_SIGN`.",
    without: "as for `DOOR_SIGN`.";

    /// Somebody asks which side is the primary.
    GENERATION_READ: Relaxed, "load of a pool's generation" in "State::generation",
    pairs: "nothing: on either side every value is safe, and an old answer only lets one age a tick sooner or later.",
    without: "it is the weakest there is.";

    /// A ticking thread swaps the sides.
    GENERATION_ADVANCE: Relaxed, "store to a pool's generation" in "Swap::drop",
    pairs: "nothing: see `GENERATION_READ`. Ticks follow each other under a lock.",
    without: "it is the weakest there is.";

    /// Somebody looks for shared parts that may hold something.
    HINT_LOOK: Relaxed, "load of a word of hints" in "Hints::find_after",
    pairs: "nothing: what a raised bit promises is looked up in the shared part itself.",
    without: "it is the weakest there is.";

    /// The holder has pushed, before it asks whether its hint is raised.
    HINT_HOLDER_FENCE: SeqCst, "fence" in "Hint::after_push",
    pairs: "`HINT_THIEF_FENCE`: either the holder sees its hint lowered, or the thief sees the value.",
    without: "a value is left under a lowered hint, and nobody but its holder finds it again.";

    /// The holder looks at the word that has its hint.
    HINT_CHECK: Relaxed, "load of a word of hints" in "Hint::look",
    pairs: "`HINT_LOWER`, by way of the fences.",
    without: "it is the weakest there is.";

    /// A hint is raised.
    HINT_RAISE: Relaxed, "fetch_or on a word of hints" in "Hint::raise",
    pairs: "nothing: see `HINT_LOOK`.",
    without: "it is the weakest there is.";

    /// A thief that found a shared part empty lowers its hint.
    HINT_LOWER: Relaxed, "fetch_and on a word of hints" in "Hint::lower_unless",
    pairs: "`HINT_CHECK`, by way of the fences.",
    without: "it is the weakest there is.";

    /// A thief has lowered a hint, before it looks into the shared part once more.
    HINT_THIEF_FENCE: SeqCst, "fence" in "Hint::lower_unless",
    pairs: "`HINT_HOLDER_FENCE`.",
    without: "as for `HINT_HOLDER_FENCE`.";

    /// A thread asks whether it is the one that ticks.
    TURN_READ: Relaxed, "load of the ticking thread's mark" in "Turns::take",
    pairs: "nothing: only the thread itself writes its own mark.",
    without: "it is the weakest there is.";

    /// A thread begins or ends to tick.
    TURN_WRITE: Relaxed, "store to the ticking thread's mark" in "Turns::mark",
    pairs: "nothing: see `TURN_READ`.",
    without: "it is the weakest there is.";

    /// A number is read: to be told, or to be changed by its one writer.
    NUMBER_READ: Relaxed, "load of a number" in "Number::get",
    pairs: "nothing: it tells what was counted or learned, as old as it may be, and no value hangs on it.",
    without: "it is the weakest there is.";

    /// A number's one writer changes it.
    NUMBER_WRITE: Relaxed, "store to a number" in "Number::set",
    pairs: "nothing: see `NUMBER_READ`.",
    without: "it is the weakest there is.";
}
