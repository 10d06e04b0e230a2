/* The ring, with its batches: one ring of CAPACITY slots, whose indexes begin at START. */

#define RINGS 1
#define SLOTS CAPACITY
#define capacity_of(ring) CAPACITY

#include "dequeue.h"

#define ONE_RING true
#define FIRST_INDEX START

static void start(void) { make_dequeue(0, START); }

static int push_head(int value) { return dequeue_push(0, value); }

static int push_batch(int first, int count) { return dequeue_push_batch(0, first, count); }

static uint64_t pop_batch(int max) { return take_newest_first(0, claim_head(0, max)); }

static int pop_head(void) { return pop_batch(1); }

static uint64_t steal_batch(int max) { return take_oldest_first(0, claim_tail(0, max)); }

static int pop_tail(void) { return steal_batch(1); }

#include "history.h"
