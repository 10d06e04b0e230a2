/* The chain in C11 atomics, for GenMC, with an epoch: a copy by hand of src/deque/chain.rs and src/deque/chain/ring.rs,
 * batch.rs and inspect.rs. The first ring has one slot.
 *
 * Who may use a ring: the producer its head ring, which has no successor and so is not retired; any other thread every
 * ring that it finds under a guard, until it drops the guard. A ring is freed at any moment after its retirement at which
 * no guard keeps it.
 *
 * A ring's number takes the place of its address: 0 is none, and a freed ring's number is not used again, which under
 * the epoch's contract no thread can notice. */

/* MOST_RINGS is how many there can be: a new ring is made when those before have taken at least a value a slot. */
#define RINGS (MOST_RINGS + 1)
#define SLOTS (1 << (MOST_RINGS - 1))
#define capacity_of(ring) (1u << ((ring) - 1))

#include "dequeue.h"

#define ONE_RING false
#define FIRST_INDEX 0

/* The epoch: its contract and no more.
 *
 * A guard either comes after a ring's retirement, and sees all that came before it; or it keeps the ring, and all that
 * its thread does before it drops the guard comes before the ring is freed. Which of the two holds is what the guard
 * reads. Guards do not order each other, and no thread has to play the part of a collector: under a guard that came after
 * the retirement, every use is one of a ring that may be freed, and under one that keeps the ring none is. */

static _Atomic int retired[RINGS];
/* Plain variables, written by the retirement: to use a ring under no guard is a data race, unless that comes before. */
static int is_retired[RINGS];

/* A bit for each ring whose retirement came before the guard. */
typedef unsigned guard;
/* No guard at all. */
#define NO_GUARD 1u

/* The oldest is retired first: who looks at the newest first never sees a later retirement without an earlier one. */
static guard pin(void) {
    guard seen = 0;
    for (int ring = MOST_RINGS - 1; ring > 0; ring--)
        if (atomic_load_explicit(&retired[ring], memory_order_acquire)) seen |= 1u << ring;
    return seen;
}

static void retire(int ring) {
    assert(!is_retired[ring]);
    is_retired[ring] = 1;
    atomic_store_explicit(&retired[ring], 1, memory_order_release);
}

/* A thread uses the ring. */
static int protect(int ring, guard held) {
    assert(!(held >> ring & 1));
    if (held == NO_GUARD) assert(!is_retired[ring]);
    return ring;
}

static struct {
    _Atomic int next, prev;
} links[RINGS];

/* Only the producer touches it. */
static int head;

static _Atomic int tail;

static void start(void) {}

static int successor(int ring) { return atomic_load_explicit(&links[ring].next, NEXT_READ); }

static int predecessor(int ring) { return atomic_load_explicit(&links[ring].prev, PREV_READ); }

/* add_head_ring, for a ring twice as large as the last. */
static int grow(void) {
    int old_head = head, new_head = head + 1;
    assert(new_head <= MOST_RINGS);
    make_dequeue(new_head, 0);
    atomic_init(&links[new_head].next, 0);
    atomic_init(&links[new_head].prev, old_head);
    head = new_head;
    if (old_head != 0)
        atomic_store_explicit(&links[protect(old_head, NO_GUARD)].next, new_head, NEXT_LINK);
    else
        atomic_store_explicit(&tail, new_head, TAIL_PLACE);
    return new_head;
}

static int push_head(int value) {
    int pushed = head == 0 ? FULL : dequeue_push(protect(head, NO_GUARD), value);
    if (pushed != FULL) return pushed;
    dequeue_push(protect(grow(), NO_GUARD), value);
    return IS_EMPTY;
}

static int push_batch(int first, int count) {
    int pushed = head == 0 ? 0 : dequeue_push_batch(protect(head, NO_GUARD), first, count);
    while (pushed < count) pushed += dequeue_push_batch(protect(grow(), NO_GUARD), first + pushed, count - pushed);
    return pushed;
}

/* Values claimed from a ring, and the successor that it had before the claim: 0 is nothing. A claim, with the ring and
 * its successor in bytes of the high half. */
static uint64_t tail_claim(uint64_t claim, int ring, int successor) {
    return claim | (uint64_t)ring << 40 | (uint64_t)successor << 48;
}

static uint64_t claim_in(uint64_t found) { return found & 0xffffffffff; }

static int ring_in(uint64_t found) { return found >> 40 & 255; }

static int successor_in(uint64_t found) { return found >> 48; }

static int pop_head(void) {
    if (head == 0) return 0;
    uint64_t claim = claim_head(protect(head, NO_GUARD), 1);
    if (claim) return take_newest_first(head, claim);
    /* pop_older: whether there are older rings needs no guard, what they are does. */
    if (predecessor(head) == 0) return 0;
    guard held = pin();
    for (int ring = predecessor(head), older; ring != 0; ring = older) {
        older = predecessor(protect(ring, held));
        claim = claim_head(ring, 1);
        if (claim) return take_newest_first(protect(ring, held), claim);
    }
    return 0;
}

static void unlink_drained(int drained, int successor, guard held) {
    int expected = drained;
    if (atomic_compare_exchange_strong_explicit(&tail, &expected, successor, TAIL_ADVANCE, TAIL_ADVANCE_LOST)) {
        atomic_store_explicit(&links[protect(successor, held)].prev, 0, PREV_CLEAR);
        retire(drained);
    }
}

/* Claims at most `max` values of the first ring from `ring` on that has some. */
static uint64_t claim_from(int ring, int max, guard held) {
    for (;;) {
        int next = successor(protect(ring, held));
        uint64_t claim = claim_tail(ring, max);
        if (claim) return tail_claim(claim, ring, next);
        /* after_empty */
        if (next != 0) {
            unlink_drained(ring, next, held);
            ring = next;
        } else if (successor(protect(ring, held)) == 0) {
            return 0;
        }
    }
}

static int pop_tail(void) {
    guard held = pin();
    int ring = atomic_load_explicit(&tail, TAIL_READ);
    uint64_t found = ring == 0 ? 0 : claim_from(ring, 1, held);
    return found ? take_oldest_first(protect(ring_in(found), held), claim_in(found)) : 0;
}

/* The values of a batch: those of one segment, then those of the next. */
static uint64_t followed_by(uint64_t values, uint64_t later) {
    int count = 0;
    for (uint64_t rest = values; rest; rest >>= 4) count++;
    return values | later << 4 * count;
}

static uint64_t pop_batch(int max) {
    if (head == 0) return 0;
    uint64_t first = claim_head(protect(head, NO_GUARD), max), second = 0, third = 0;
    int wanted = max - count_of(first), second_ring = 0, third_ring = 0;
    guard held = NO_GUARD;
    if (wanted != 0 && predecessor(head) != 0) {
        /* claim_older */
        held = pin();
        for (int ring = predecessor(head), older; ring != 0; ring = older) {
            older = predecessor(protect(ring, held));
            if (wanted == 0) break;
            uint64_t claim = claim_head(ring, wanted);
            wanted -= count_of(claim);
            if (claim && !second)
                second = claim, second_ring = ring;
            else if (claim)
                third = claim, third_ring = ring;
        }
    }
    /* The claims come first, all of them; then the values are taken out. */
    uint64_t values = take_newest_first(head, first);
    if (second) values = followed_by(values, take_newest_first(protect(second_ring, held), second));
    if (third) values = followed_by(values, take_newest_first(protect(third_ring, held), third));
    return values;
}

/* claim_segment: if the claim has drained the ring, it unlinks it. Returns the successor at which to go on, or 0. */
static int after_claim(uint64_t found, int wanted, guard held) {
    if (!found || successor_in(found) == 0 || count_of(claim_in(found)) == wanted) return 0;
    unlink_drained(ring_in(found), successor_in(found), held);
    return successor_in(found);
}

static uint64_t steal_batch(int max) {
    assert(max <= 2);
    guard held = pin();
    int ring = atomic_load_explicit(&tail, TAIL_READ);
    if (ring == 0) return 0;
    uint64_t first = claim_from(ring, max, held), second = 0;
    int next = after_claim(first, max, held), wanted = max - count_of(claim_in(first));
    if (next != 0) {
        second = claim_from(next, wanted, held);
        after_claim(second, wanted, held);
    }
    uint64_t values = 0;
    if (first) values = take_oldest_first(protect(ring_in(first), held), claim_in(first));
    if (second) values = followed_by(values, take_oldest_first(protect(ring_in(second), held), claim_in(second)));
    return values;
}

/* push_was_empty: whether the deque was empty, other than for values taken during the call. */
static bool is_empty_before_head(void) {
    if (predecessor(head) == 0) return true;
    guard held = pin();
    for (int ring = predecessor(head), older; ring != 0; ring = older) {
        older = predecessor(protect(ring, held));
        if (len(atomic_fetch_add_explicit(&rings[ring].word, 0, OLDER_RING_LOOK)) != 0) return false;
    }
    return true;
}

static bool push_was_empty(int value) { return push_head(value) == IS_EMPTY && is_empty_before_head(); }

#define push_and_learn()                                                                                        \
    (value = next_values(1), push_was_empty(value) ? (note(step_of(PUSHED, value)), note(step_of(OLDER_GONE, value))) \
                                                   : note(step_of(PUSHED_ONTO, value)))

#include "history.h"
