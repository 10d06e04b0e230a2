/* A non-empty bit over a shared queue in C11 atomics, for GenMC: a copy by hand of src/pool/non_empty.rs.
 *
 * The names are those of the Rust code. Each ordering is a site of src/orderings.rs: `orderings.h` is generated from
 * there. The program comes as macros: OWNER (calls of `push` and `pop`), THIEF_1 and THIEF_2 (calls of `search`).
 *
 * The queue is only the number of its values, which changes with the ring's orderings. At the start the bit is set over
 * an empty queue, as after a pop. */

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "orderings.h"

static _Atomic int bit = 1;
static _Atomic int count;

static bool is_set(void) { return atomic_load_explicit(&bit, NON_EMPTY_LOOK); }

static void set(void) { atomic_fetch_or_explicit(&bit, 1, NON_EMPTY_SET); }

static void push(void) {
    atomic_fetch_add_explicit(&count, 1, PUSH_PUBLISH);
    /* set_after_push */
    atomic_thread_fence(NON_EMPTY_OWNER_FENCE);
    if (!is_set()) set();
}

static void pop(void) {
    int now = atomic_load_explicit(&count, INDICES_LOOK);
    while (now != 0 && !atomic_compare_exchange_strong_explicit(&count, &now, now - 1, POP_CLAIM, POP_RETRY)) {}
}

/* Whether it took a value. */
static bool look(void) {
    int now = atomic_load_explicit(&count, STEAL_LOOK);
    while (now != 0)
        if (atomic_compare_exchange_strong_explicit(&count, &now, now - 1, STEAL_CLAIM, STEAL_RETRY)) return true;
    return false;
}

/* look_into, if the bit is set: after a first look in vain, clear_unless. */
static void search(void) {
    if (!is_set() || look()) return;
    atomic_fetch_and_explicit(&bit, 0, NON_EMPTY_CLEAR);
    atomic_thread_fence(NON_EMPTY_THIEF_FENCE);
    if (look()) set();
}

static void *thief_1(void *unused) {
    THIEF_1;
    return 0;
}

#ifdef THIEF_2
static void *thief_2(void *unused) {
    THIEF_2;
    return 0;
}
#endif

int main(void) {
    pthread_t first;
    pthread_create(&first, 0, thief_1, 0);
#ifdef THIEF_2
    pthread_t second;
    pthread_create(&second, 0, thief_2, 0);
#endif
    OWNER;
    pthread_join(first, 0);
#ifdef THIEF_2
    pthread_join(second, 0);
#endif
    /* No value stays under a clear bit. */
    assert(atomic_load_explicit(&count, INDICES_LOOK) == 0 || is_set());
    return 0;
}
