/* Rings in C11 atomics, for GenMC: a copy by hand of src/deque/{dequeue,slot,index}.rs and of src/deque/dequeue/batch.rs.
 *
 * Who owns a slot: the producer, while the flag is down; from its publication on all consumers together; then the one
 * that claimed it by moving an index over it. A slot's value is a plain variable, so GenMC reports unordered accesses to
 * it as a data race.
 *
 * The names are those of the Rust code. Each ordering is a site of src/orderings.rs: `orderings.h` is generated from
 * there. Rings have numbers. Before it includes this file, a model defines RINGS (the number of rings), SLOTS (those of
 * the largest ring) and `capacity_of`. */

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "orderings.h"

struct slot {
    _Atomic int occupied;
    int value;
};

static struct {
    /* Head in the high half, tail in the low half. */
    _Atomic uint64_t word;
    struct slot slots[SLOTS];
    /* Only the producer, the main thread, touches these. */
    uint32_t head, vacant_until;
    uint64_t seen;
} rings[RINGS];

static uint32_t len(uint64_t indices) { return (uint32_t)(indices >> 32) - (uint32_t)indices; }

static uint64_t min(uint64_t one, uint64_t other) { return one < other ? one : other; }

static struct slot *slot_of(int ring, uint32_t index) { return &rings[ring].slots[index & (capacity_of(ring) - 1)]; }

/* A plain write to the word: a thread that finds a ring before it is made has a data race. */
static void make_dequeue(int ring, uint32_t start) {
    uint64_t indices = (uint64_t)start << 32 | start;
    atomic_init(&rings[ring].word, indices);
    rings[ring].head = rings[ring].vacant_until = start;
    rings[ring].seen = indices;
}

static bool is_vacant(int ring, uint32_t index) {
    return !atomic_load_explicit(&slot_of(ring, index)->occupied, SLOT_IS_VACANT);
}

static void fill(int ring, uint32_t index, int value) {
    slot_of(ring, index)->value = value;
    atomic_store_explicit(&slot_of(ring, index)->occupied, 1, SLOT_OCCUPY);
}

/* Returns the length before. */
static uint32_t publish(int ring, uint32_t count) {
    uint64_t step = (uint64_t)count << 32;
    uint64_t before = atomic_fetch_add_explicit(&rings[ring].word, step, PUSH_PUBLISH);
    rings[ring].seen = before + step;
    rings[ring].head += count;
    return len(before);
}

/* What a push finds. */
enum { FULL, HAS_VALUES, IS_EMPTY };

static int dequeue_push(int ring, int value) {
    uint32_t head = rings[ring].head;
    if (head == rings[ring].vacant_until) {
        if (!is_vacant(ring, head)) return FULL;
        rings[ring].vacant_until = head + 1;
    }
    fill(ring, head, value);
    return publish(ring, 1) == 0 ? IS_EMPTY : HAS_VALUES;
}

/* Adds up to `count` values, numbered from `first`. Returns how many were added. */
static int dequeue_push_batch(int ring, int first, int count) {
    uint32_t head = rings[ring].head, vacant_until = rings[ring].vacant_until;
    int filled = 0;
    for (;; filled++) {
        uint32_t index = head + filled;
        if (index == vacant_until) {
            if (!is_vacant(ring, index)) break;
            vacant_until = index + 1;
        }
        /* The slot is looked at before the iterator is asked for a value. */
        if (filled == count) break;
        fill(ring, index, first + filled);
    }
    if (filled != 0) {
        publish(ring, filled);
        if (rings[ring].vacant_until - head < (uint32_t)filled) rings[ring].vacant_until = head + filled;
    }
    return filled;
}

/* A claim: the index nearest the tail in the low half, the number of slots in the high half. 0 is no claim. */
static uint64_t claim_of(uint32_t oldest, uint64_t count) { return count << 32 | oldest; }

static int count_of(uint64_t claim) { return claim >> 32; }

static uint64_t claim_head(int ring, int max) {
    uint64_t now = rings[ring].seen, claim = 0;
    while (len(now) != 0) {
        uint64_t count = min(len(now), max), after = now - (count << 32);
        if (atomic_compare_exchange_strong_explicit(&rings[ring].word, &now, after, POP_CLAIM, POP_RETRY)) {
            now = after;
            claim = claim_of(after >> 32, count);
            break;
        }
    }
    rings[ring].head = now >> 32;
    rings[ring].seen = now;
    return claim;
}

/* GenMC gives a failed compare-exchange the ordering of a successful one. Where a weakened site makes the two differ,
 * neither acquires, and a fence makes up for it in the case that does. */
static bool try_claim_tail(int ring, uint64_t *now, uint64_t after) {
    bool success_acquires = STEAL_CLAIM == memory_order_acq_rel || STEAL_CLAIM == memory_order_acquire;
    bool failure_acquires = STEAL_RETRY == memory_order_acquire;
    if (success_acquires == failure_acquires)
        return atomic_compare_exchange_strong_explicit(&rings[ring].word, now, after, STEAL_CLAIM, STEAL_RETRY);
    bool claimed = atomic_compare_exchange_strong_explicit(&rings[ring].word, now, after, memory_order_release,
                                                           memory_order_relaxed);
    if (claimed == success_acquires) atomic_thread_fence(memory_order_acquire);
    return claimed;
}

static uint64_t claim_tail(int ring, int max) {
    uint64_t now = atomic_load_explicit(&rings[ring].word, STEAL_LOOK);
    while (len(now) != 0) {
        uint32_t tail = now;
        uint64_t count = min(len(now), max);
        uint64_t after = (now & ~(uint64_t)UINT32_MAX) | (uint32_t)(tail + count);
        if (try_claim_tail(ring, &now, after)) return claim_of(tail, count);
    }
    return 0;
}

static int take(int ring, uint32_t index) { return slot_of(ring, index)->value; }

static int take_and_release(int ring, uint32_t index) {
    int value = take(ring, index);
    atomic_store_explicit(&slot_of(ring, index)->occupied, 0, SLOT_RELEASE);
    return value;
}

/* The values of a claim, a nibble each, the first taken lowest. */
static uint64_t take_newest_first(int ring, uint64_t claim) {
    uint64_t values = 0;
    for (int taken = 0; taken < count_of(claim); taken++)
        values |= (uint64_t)take(ring, (uint32_t)claim + count_of(claim) - 1 - taken) << 4 * taken;
    return values;
}

static uint64_t take_oldest_first(int ring, uint64_t claim) {
    uint64_t values = 0;
    for (int taken = 0; taken < count_of(claim); taken++)
        values |= (uint64_t)take_and_release(ring, (uint32_t)claim + taken) << 4 * taken;
    return values;
}
