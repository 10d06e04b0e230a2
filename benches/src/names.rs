//! The names under which the results are stored; `cargo xtask bench` knows them by its tables.

/// Our bounded deque.
pub const BOUNDED: &str = "pooldeque bounded";
/// Our unbounded deque.
pub const UNBOUNDED: &str = "pooldeque unbounded";
/// crossbeam-deque, whose owner pops the newest.
pub const CROSSBEAM_LIFO: &str = "crossbeam-deque LIFO";
/// crossbeam-deque, whose owner pops the oldest.
pub const CROSSBEAM_FIFO: &str = "crossbeam-deque FIFO";
/// st3, whose owner pops the newest.
pub const ST3_LIFO: &str = "st3 LIFO";
/// st3, whose owner pops the oldest.
pub const ST3_FIFO: &str = "st3 FIFO";
/// A bounded queue: no end is the owner's alone.
pub const ARRAY_QUEUE: &str = "crossbeam ArrayQueue";
/// An unbounded queue.
pub const SEG_QUEUE: &str = "crossbeam SegQueue";
/// A deque behind a lock.
pub const MUTEX: &str = "Mutex<VecDeque>";
/// A deque with no synchronisation at all.
pub const PLAIN: &str = "VecDeque, no synchronisation";
/// The packed word alone: the read-modify-writes of a push and a pop, and no slots. A pop expects the
/// word that its last operation left.
pub const FLOOR: &str = "packed word alone";
/// The same, but a pop loads the word first, as Go's does.
pub const FLOOR_RELOADED: &str = "packed word alone, reloaded";
/// The packed word, with memory written and read in order beside it.
pub const FLOOR_AND_MEMORY: &str = "packed word and memory";
/// Go's `poolDequeue`.
pub const GO_DEQUEUE: &str = "Go poolDequeue";
/// Go's `poolChain`.
pub const GO_CHAIN: &str = "Go poolChain";

/// What follows a name in brackets when the owner takes the batches, not a thief.
pub const BY_OWNER: &str = "owner";

/// The owner pushes a value and pops it.
pub const PAIR: &str = "pair";
/// The owner pushes 1000 values, then pops them.
pub const HEAD: &str = "head-1000";
/// The owner pushes 1000 values, then they are stolen.
pub const TAIL: &str = "tail-1000";
/// The owner pushes 1000 values, then they are stolen 32 at a time.
pub const TAIL_BATCH: &str = "tail-1000-by-32";
/// Batches of 32 are claimed and iterated; the push is not timed.
pub const TAKE_BATCH: &str = "take-32";
/// Values are stolen one at a time; the push is not timed.
pub const STEAL: &str = "steal";
/// One producer, one consumer, one value at a time.
pub const TWO_THREADS: &str = "two-threads";
/// One producer, one consumer, 32 values at a time.
pub const TWO_THREADS_BATCH: &str = "two-threads-by-32";
/// A new deque takes 1000 values in and gives them out.
pub const FRESH: &str = "fresh";
/// As many values in, then out at the head, as the parameter says.
pub const GROWTH_HEAD: &str = "growth-head";
/// As many values in, then out at the tail, as the parameter says.
pub const GROWTH_TAIL: &str = "growth-tail";
/// [`PAIR`] with values of 24 bytes.
pub const WIDE_PAIR: &str = "wide-pair";
/// [`HEAD`] with values of 24 bytes.
pub const WIDE_HEAD: &str = "wide-head-1000";
