/* The owner flag with one private cell in C11 atomics, for GenMC: a copy by hand of src/pool/{owner_flag,private}.rs.
 *
 * The names are those of the Rust code. Each ordering is a site of src/orderings.rs: `orderings.h` is generated from
 * there. The program comes as macros: OWNER (calls of `put` and `take`) and TICKER (calls of `tick`). With SANDBOXED the
 * kernel refuses to fence the owner: its light fence does nothing, and the ticking thread demands a full one.
 *
 * A value is the number of its put, from 1. The cell's value is a plain variable, so GenMC reports a data race if the
 * owner and the ticking thread are inside at once. */

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "orderings.h"

/* Where the owner is, and what the ticking thread demands of it. */
enum { OUT, INSIDE, OUT_FENCED };
enum { REVOKED = 1, FENCE = 2 };

static _Atomic int owner = OUT, ticker = 0;
/* Used under the tick lock: here by the one thread that ticks. */
static int demand;

/* The private cell. */
static _Atomic int occupied;
static int cell;

#ifdef SANDBOXED
static void light_fence(void) {}
static bool reaches_all = false;
#else
/* An ordinary fence has the effect of the other side's heavy fence on this thread. */
static void light_fence(void) { atomic_thread_fence(OWNER_FENCE); }
static bool reaches_all = true;
#endif

static bool heavy_fence(void) {
    atomic_thread_fence(OWNER_TICKER_FENCE);
    return reaches_all;
}

static int check(void) { return atomic_load_explicit(&ticker, OWNER_CHECK); }

static void leave(int left) { atomic_store_explicit(&owner, left, OWNER_LEAVE); }

/* Whether the owner is inside. If it is, `left` is what it writes as it leaves. */
static bool try_enter(int *left) {
    *left = OUT;
    atomic_store_explicit(&owner, INSIDE, OWNER_ENTER);
    light_fence();
    int demanded = check();
    if (demanded & FENCE) {
        *left = OUT_FENCED;
        atomic_thread_fence(OWNER_FENCE);
        demanded = check();
    }
    if (!(demanded & REVOKED)) return true;
    leave(*left);
    return false;
}

static bool is_occupied(void) { return atomic_load_explicit(&occupied, PRIVATE_LOOK); }

/* For the thread that has the cell to itself. Returns 0 if there is no value. */
static int take_out(void) {
    if (!is_occupied()) return 0;
    atomic_store_explicit(&occupied, 0, PRIVATE_EMPTIED);
    return cell;
}

static bool put_private(int value) {
    int left;
    if (is_occupied() || !try_enter(&left)) return false;
    cell = value;
    atomic_store_explicit(&occupied, 1, PRIVATE_FILLED);
    leave(left);
    return true;
}

static int take_private(void) {
    int left;
    if (!is_occupied() || !try_enter(&left)) return 0;
    int value = take_out();
    leave(left);
    return value;
}

/* Revokes the flag whether or not the cell seems to hold a value: the pool's tick skips empty cells. */
static int take_in_tick(void) {
    int value = 0;
    atomic_store_explicit(&ticker, demand | REVOKED, OWNER_REVOKE);
    bool reached_all = heavy_fence();
    int place = atomic_load_explicit(&owner, OWNER_IS_OUT);
    if (place == OUT_FENCED || (place == OUT && reached_all))
        value = take_out();
    else if (!reached_all)
        demand = FENCE;
    atomic_store_explicit(&ticker, demand, OWNER_RESTORE);
    return value;
}

/* What went in and came out: a bit for each value. Bit 0 stands for nothing. */
static void note(unsigned *values, int value) {
    assert(value == 0 || !(*values >> value & 1));
    *values |= 1u << value;
}

#define put() (number++, note(&in, put_private(number) ? number : 0))
#define take() note(&out, take_private())
#define tick() note(&out, take_in_tick())

static void *ticking(void *unused) {
    unsigned out = 0;
    TICKER;
    return (void *)(unsigned long)out;
}

int main(void) {
    unsigned in = 0, out = 0;
    int number = 0;
    void *ticked;
    pthread_t thread;
    pthread_create(&thread, 0, ticking, 0);
    OWNER;
    pthread_join(thread, &ticked);
    unsigned taken = out & ~1u, dropped = (unsigned)(unsigned long)ticked & ~1u, left = 1u << take_out() & ~1u;
    /* Each value that went in is in one place. */
    assert(!(taken & dropped) && !(left & (taken | dropped)));
    assert((in & ~1u) == (taken | dropped | left));
    return 0;
}
