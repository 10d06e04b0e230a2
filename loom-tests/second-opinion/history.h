/* The program of a model of a deque, and the verdict on its history.
 *
 * The program comes as macros: CAPACITY (slots of the ring, or of the chain's first), HOLDS (values at the start), OWNER,
 * THIEF_1 and THIEF_2 (the calls below). Before it includes this file, a model defines ONE_RING (whether a push can be
 * refused, and a batch is one step) and `start`, `push_head`, `push_batch`, `pop_head`, `pop_batch`, `pop_tail` and
 * `steal_batch`.
 *
 * A value is the number of its push, from 1. Histories are packed into integers, which cost GenMC no event. */

/* A history has a byte for each step, the first lowest: its kind, and its value above it, 0 for none. A step that is
 * JOINED is one with the next. 0 ends the history. */
enum {
    PUSHED = 1,
    /* Pushed to a deque that was not empty. */
    PUSHED_ONTO,
    /* All values older than this one are gone. */
    OLDER_GONE,
    /* The slot so many slots ahead of the head was found occupied. */
    REFUSED,
    POPPED,
    STOLEN,
    JOINED = 8,
};

static uint64_t step_of(int kind, int value) { return (uint64_t)(kind | value << 4); }

static int steps_in(uint64_t history) {
    int count = 0;
    for (; history; history >>= 8) count++;
    return count;
}

/* The steps of a push of up to `count` values from `first`, `pushed` of which went in. */
static uint64_t steps_of_push(int first, int count, int pushed) {
    uint64_t steps = 0;
    int done = 0;
    /* A batch looks for room before it publishes. */
    if (pushed < count) steps |= step_of(REFUSED, pushed) << 8 * done++;
    for (int number = 0; number < pushed; number++) {
        int kind = ONE_RING && number + 1 < pushed ? PUSHED | JOINED : PUSHED;
        steps |= step_of(kind, first + number) << 8 * done++;
    }
    return steps;
}

/* The steps of a claim of up to `max` values, which returned `values`. On one ring it is exact. A thief that gets fewer
 * from a chain may miss what was pushed meanwhile, unless it gets none. */
static uint64_t steps_of_claim(int kind, uint64_t values, int max) {
    uint64_t steps = 0;
    int done = 0;
    for (; values & 15; values >>= 4) {
        int is_last = done + 1 == max || (!(values >> 4 & 15) && !ONE_RING);
        steps |= step_of(ONE_RING && !is_last ? kind | JOINED : kind, values & 15) << 8 * done;
        done++;
    }
    if (done < max && (ONE_RING || done == 0 || kind == POPPED)) steps |= step_of(kind, 0) << 8 * done;
    return steps;
}

/* Who takes the next step, while a JOINED step is not complete. */
enum { ANY = 3 };
/* A bit beside those of `held`: whether it matters when slots are handed back. It does to a push that is refused. */
#define HAND_BACKS_COUNT (1u << 31)

/* Whether a sequential deque can have done what is left of these histories, in some order of the threads' steps, and
 * hold `left` afterwards.
 *
 * Only the order of each thread counts, and that all ends before the drain. `values` holds a nibble for each value, the
 * oldest lowest. The hand-back of a slot is a step of its own, at any time after its claim: `held` has a bit for each
 * slot that is not handed back. */
static bool possible(uint64_t owner, uint64_t thief_1, uint64_t thief_2, uint64_t values, uint64_t left, uint32_t top,
                     uint32_t bottom, unsigned held, int next) {
    if (!(owner | thief_1 | thief_2)) return values == left;
    for (unsigned slot = 0; slot < CAPACITY && next == ANY; slot++) {
        unsigned bit = 1u << slot;
        if (held & bit && possible(owner, thief_1, thief_2, values, left, top, bottom, held & ~bit, ANY)) return true;
    }
    uint32_t holds = top - bottom;
    for (int thread = 0; thread < 3; thread++) {
        uint64_t steps = thread == 0 ? owner : thread == 1 ? thief_1 : thief_2;
        if (!steps || (next != ANY && next != thread)) continue;
        int kind = steps & 7, value = steps >> 4 & 15;
        uint64_t then = values;
        uint32_t new_top = top, new_bottom = bottom;
        unsigned then_held = held;
        if (kind == PUSHED || kind == PUSHED_ONTO || kind == REFUSED) {
            uint32_t ahead = kind == REFUSED ? value : 0;
            bool has_room =
                !ONE_RING || (holds + ahead < CAPACITY && !(held >> ((top + ahead) & (CAPACITY - 1)) & 1));
            if (has_room == (kind == REFUSED) || (kind == PUSHED_ONTO && holds == 0)) continue;
            if (kind != REFUSED) {
                then |= (uint64_t)value << 4 * holds;
                new_top++;
            }
        } else if (kind == OLDER_GONE) {
            if (holds != 0 && (int)(values & 15) < value) continue;
        } else if (value == 0) {
            if (holds != 0) continue;
        } else if (kind == POPPED) {
            if (holds == 0 || values >> 4 * (holds - 1) != (uint64_t)value) continue;
            then &= ~((uint64_t)15 << 4 * (holds - 1));
            new_top--;
        } else {
            if (holds == 0 || (values & 15) != (uint64_t)value) continue;
            then >>= 4;
            new_bottom++;
            if (held & HAND_BACKS_COUNT) then_held |= 1u << (bottom & (CAPACITY - 1));
        }
        if (possible(thread == 0 ? owner >> 8 : owner, thread == 1 ? thief_1 >> 8 : thief_1,
                     thread == 2 ? thief_2 >> 8 : thief_2, then, left, new_top, new_bottom, then_held,
                     steps & JOINED ? thread : ANY))
            return true;
    }
    return false;
}

static unsigned hand_backs_count(uint64_t history) {
    for (; history; history >>= 8)
        if (ONE_RING && (history & 7) == REFUSED) return HAND_BACKS_COUNT;
    return 0;
}

/* The number of the last push. Only the owner has it. */
static int last_value;

static int next_values(int count) {
    last_value += count;
    return last_value - count + 1;
}

/* The calls. A history is that of its thread: `done` counts its steps. */
#define note(new_steps) (steps = (new_steps), history |= steps << 8 * done, done += steps_in(steps))
#define push() (value = next_values(1), note(steps_of_push(value, 1, push_head(value) != FULL)))
#define push_2() (value = next_values(2), note(steps_of_push(value, 2, push_batch(value, 2))))
#define pop() note(steps_of_claim(POPPED, pop_head(), 1))
#define pop_2() note(steps_of_claim(POPPED, pop_batch(2), 2))
#define steal() note(steps_of_claim(STOLEN, pop_tail(), 1))
#define steal_2() note(steps_of_claim(STOLEN, steal_batch(2), 2))

/* Each thief returns its history. */
static void *thief_1(void *unused) {
    uint64_t history = 0, steps;
    int done = 0;
    THIEF_1;
    return (void *)history;
}

#ifdef THIEF_2
static void *thief_2(void *unused) {
    uint64_t history = 0, steps;
    int done = 0;
    THIEF_2;
    return (void *)history;
}
#endif

int main(void) {
    uint64_t history = 0, steps, values = 0, left = 0;
    int done = 0, value;
    start();
    for (int count = 0; count < HOLDS; count++) {
        value = next_values(1);
        int pushed = push_head(value);
        assert(pushed != FULL);
        values |= (uint64_t)value << 4 * count;
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
    /* The newest comes first. */
    for (int drained = 0; drained < 15 && (value = pop_head()) != 0; drained++) left = left << 4 | value;
    assert(possible(history, (uint64_t)stolen_1, (uint64_t)stolen_2, values, left, FIRST_INDEX + HOLDS, FIRST_INDEX,
                    hand_backs_count(history), ANY));
    return 0;
}
