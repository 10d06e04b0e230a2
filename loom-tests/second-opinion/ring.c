/* The ring in C11 atomics, for GenMC: a copy by hand of src/deque/{dequeue,slot,index}.rs, single operations only.
 *
 * The names are those of the Rust code. Each ordering is a site of src/orderings.rs: `orderings.h` is generated from
 * there. The program comes as macros: CAPACITY, START (the first index), HOLDS (values at the start), OWNER and THIEF_1,
 * THIEF_2 (calls of `push`, `pop` and `steal`).
 *
 * A value is the number of its push, from 1. A slot's value is a plain variable, so GenMC reports unordered accesses
 * to it as a data race. Histories are packed into integers, which cost GenMC no event. */

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "orderings.h"

/* Head in the high half, tail in the low half. */
static _Atomic uint64_t word = (uint64_t)START << 32 | START;

static struct {
    _Atomic int occupied;
    int value;
} slots[CAPACITY];

/* Only the producer, the main thread, touches these. */
static uint32_t head = START, vacant_until = START;
static uint64_t seen = (uint64_t)START << 32 | START;
static int last_value;

static uint32_t len(uint64_t indices) { return (uint32_t)(indices >> 32) - (uint32_t)indices; }

/* Whether the ring accepts the value. */
static bool push_head(int value) {
    uint32_t slot = head & (CAPACITY - 1);
    if (head == vacant_until) {
        if (atomic_load_explicit(&slots[slot].occupied, SLOT_IS_VACANT)) return false;
        vacant_until = head + 1;
    }
    slots[slot].value = value;
    atomic_store_explicit(&slots[slot].occupied, 1, SLOT_OCCUPY);
    uint64_t step = (uint64_t)1 << 32;
    seen = atomic_fetch_add_explicit(&word, step, PUSH_PUBLISH) + step;
    head++;
    return true;
}

/* Returns 0 for `None`, as pop_tail does. */
static int pop_head(void) {
    uint64_t now = seen;
    int value = 0;
    while (len(now) != 0) {
        uint64_t after = now - ((uint64_t)1 << 32);
        if (atomic_compare_exchange_strong_explicit(&word, &now, after, POP_CLAIM, POP_RETRY)) {
            now = after;
            value = slots[(uint32_t)(after >> 32) & (CAPACITY - 1)].value;
            break;
        }
    }
    head = now >> 32;
    seen = now;
    return value;
}

static int pop_tail(void) {
    uint64_t now = atomic_load_explicit(&word, STEAL_LOOK);
    for (;;) {
        if (len(now) == 0) return 0;
        uint32_t tail = now;
        uint64_t after = (now & ~(uint64_t)UINT32_MAX) | (uint32_t)(tail + 1);
        if (atomic_compare_exchange_strong_explicit(&word, &now, after, STEAL_CLAIM, STEAL_RETRY)) {
            uint32_t slot = tail & (CAPACITY - 1);
            int value = slots[slot].value;
            atomic_store_explicit(&slots[slot].occupied, 0, SLOT_RELEASE);
            return value;
        }
        /* GenMC gives a failed compare-exchange the ordering of a successful one. The fence keeps STEAL_RETRY an acquire
         * where STEAL_CLAIM is weakened. */
        if (STEAL_RETRY == memory_order_acquire) atomic_thread_fence(memory_order_acquire);
    }
}

/* The owner's history has a byte for each operation, the first lowest: its kind, and its value above it. A thief's has
 * a nibble for each steal: the value, or NONE. 0 ends both. */
enum { PUSHED = 1, REFUSED, POPPED, DRAINED, NONE = 15 };

static uint64_t step_of(int kind, int value) { return (uint64_t)(kind | value << 4); }

/* Whether a sequential ring can have done what is left of these histories, in some order of the threads' steps.
 *
 * Only the order of each thread counts, and that thieves end before the drain. `values` holds a nibble for each
 * value, the oldest lowest. The hand-back of a slot is a step of its own, at any time between its claim and the drain:
 * `held` has a bit for each slot that is not handed back. */
static bool possible(uint64_t owner, uint64_t thief_1, uint64_t thief_2, uint64_t values, uint32_t top, uint32_t bottom,
                     unsigned held) {
    if (!(owner | thief_1 | thief_2)) return values == 0;
    for (unsigned slot = 0; slot < CAPACITY; slot++) {
        unsigned bit = 1u << slot;
        if (held & bit && possible(owner, thief_1, thief_2, values, top, bottom, held & ~bit)) return true;
    }
    uint32_t holds = top - bottom;
    int kind = owner & 15, value = owner >> 4 & 15;
    uint64_t rest = owner >> 8;
    bool has_room = holds < CAPACITY && !(held >> (top & (CAPACITY - 1)) & 1);
    if (kind == PUSHED && has_room &&
        possible(rest, thief_1, thief_2, values | (uint64_t)value << 4 * holds, top + 1, bottom, held))
        return true;
    if (kind == REFUSED && !has_room && possible(rest, thief_1, thief_2, values, top, bottom, held)) return true;
    if (kind == POPPED || (kind == DRAINED && !(thief_1 | thief_2))) {
        if (value == 0 && holds == 0 && possible(rest, thief_1, thief_2, values, top, bottom, held)) return true;
        if (value != 0 && holds != 0 && (values >> 4 * (holds - 1)) == (uint64_t)value &&
            possible(rest, thief_1, thief_2, values & ~((uint64_t)15 << 4 * (holds - 1)), top - 1, bottom, held))
            return true;
    }
    for (int thief = 0; thief < 2; thief++) {
        uint64_t steals = thief ? thief_2 : thief_1;
        uint64_t left_1 = thief ? thief_1 : steals >> 4, left_2 = thief ? steals >> 4 : thief_2;
        int got = steals & 15;
        if (got == NONE && holds == 0 && possible(owner, left_1, left_2, values, top, bottom, held)) return true;
        if (got != 0 && got != NONE && holds != 0 && (int)(values & 15) == got &&
            possible(owner, left_1, left_2, values >> 4, top, bottom + 1,
                     held | 1u << (bottom & (CAPACITY - 1))))
            return true;
    }
    return false;
}

#define push() (value = ++last_value, history |= step_of(push_head(value) ? PUSHED : REFUSED, value) << 8 * done++)
#define pop() (history |= step_of(POPPED, pop_head()) << 8 * done++)
#define steal() (value = pop_tail(), history |= (uint64_t)(value ? value : NONE) << 4 * done++)

/* Each thief returns its history. */
static void *thief_1(void *unused) {
    uint64_t history = 0;
    int done = 0, value;
    THIEF_1;
    return (void *)history;
}

#ifdef THIEF_2
static void *thief_2(void *unused) {
    uint64_t history = 0;
    int done = 0, value;
    THIEF_2;
    return (void *)history;
}
#endif

int main(void) {
    uint64_t history = 0, values = 0;
    int done = 0, value;
    for (uint32_t count = 0; count < HOLDS; count++) {
        bool pushed = push_head(++last_value);
        assert(pushed);
        values |= (uint64_t)last_value << 4 * count;
    }
    pthread_t first;
    void *stolen_1, *stolen_2 = 0;
    pthread_create(&first, 0, thief_1, 0);
#ifdef THIEF_2
    pthread_t second;
    pthread_create(&second, 0, thief_2, 0);
#endif
    OWNER;
    pthread_join(first, &stolen_1);
#ifdef THIEF_2
    pthread_join(second, &stolen_2);
#endif
    do {
        value = pop_head();
        history |= step_of(DRAINED, value) << 8 * done++;
    } while (value && done < 8);
    assert(possible(history, (uint64_t)stolen_1, (uint64_t)stolen_2, values, START + HOLDS, START, 0));
    return 0;
}
