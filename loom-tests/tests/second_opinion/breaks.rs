//! The faults that the models of the deques must show.

use super::{CHAIN, RING};

/// A fault put into a model.
pub(super) struct Break {
    /// The model.
    pub(super) model: &'static str,
    /// What is wrong with it then.
    pub(super) what: &'static str,
    /// The file that is changed, the code that is there once, and what takes its place.
    pub(super) file: &'static str,
    pub(super) code: &'static str,
    pub(super) broken: &'static str,
}

/// The faults.
pub(super) const BREAKS: [Break; 16] = [
    Break {
        model: RING,
        what: "a thief claims by a load and a store",
        file: "dequeue.h",
        code: "if (try_claim_tail(ring, &now, after)) return claim_of(tail, count);",
        broken: "atomic_store_explicit(&rings[ring].word, after, memory_order_release); return claim_of(tail, count);",
    },
    Break {
        model: RING,
        what: "a thief releases a slot before it takes the value",
        file: "dequeue.h",
        code: "    int value = take(ring, index);\n    atomic_store_explicit(&slot_of(ring, index)->occupied, 0, SLOT_RELEASE);\n    return value;",
        broken: "    atomic_store_explicit(&slot_of(ring, index)->occupied, 0, SLOT_RELEASE);\n    return take(ring, index);",
    },
    Break {
        model: RING,
        what: "a batch is pushed without a look at its second slot",
        file: "dequeue.h",
        code: "if (!is_vacant(ring, index)) break;",
        broken: "if (filled == 0 && !is_vacant(ring, index)) break;",
    },
    Break {
        model: RING,
        what: "a batch is published before its values are there",
        file: "dequeue.h",
        code: "        fill(ring, index, first + filled);\n    }\n    if (filled != 0) {\n        publish(ring, filled);\n",
        broken: "        publish(ring, 1);\n        fill(ring, index, first + filled);\n    }\n    if (filled != 0) {\n",
    },
    Break {
        model: RING,
        what: "a thief claims one value and takes two",
        file: "dequeue.h",
        code: "uint64_t after = (now & ~(uint64_t)UINT32_MAX) | (uint32_t)(tail + count);",
        broken: "uint64_t after = (now & ~(uint64_t)UINT32_MAX) | (uint32_t)(tail + 1);",
    },
    Break {
        model: CHAIN,
        what: "a thief has no guard",
        file: CHAIN,
        code: "static int pop_tail(void) {\n    guard held = pin();",
        broken: "static int pop_tail(void) {\n    guard held = NO_GUARD;",
    },
    Break {
        model: CHAIN,
        what: "the owner looks back without a guard",
        file: CHAIN,
        code: "    guard held = pin();\n    for (int ring = predecessor(head), older; ring != 0; ring = older) {\n        older = predecessor(protect(ring, held));\n        claim",
        broken: "    guard held = NO_GUARD;\n    for (int ring = predecessor(head), older; ring != 0; ring = older) {\n        older = predecessor(protect(ring, held));\n        claim",
    },
    Break {
        model: CHAIN,
        what: "the owner follows the `prev` that it read before its guard",
        file: CHAIN,
        code: "    if (predecessor(head) == 0) return 0;\n    guard held = pin();\n    for (int ring = predecessor(head), older;",
        broken: "    int before = predecessor(head);\n    if (before == 0) return 0;\n    guard held = pin();\n    for (int ring = before, older;",
    },
    Break {
        model: CHAIN,
        what: "a thief drops its guard before it takes the value",
        file: CHAIN,
        code: "return found ? take_oldest_first(protect(ring_in(found), held), claim_in(found)) : 0;",
        broken: "return found ? take_oldest_first(protect(ring_in(found), NO_GUARD), claim_in(found)) : 0;",
    },
    Break {
        model: CHAIN,
        what: "a batch drops its guard before it takes its values",
        file: CHAIN,
        code: "take_oldest_first(protect(ring_in(first), held), claim_in(first))",
        broken: "take_oldest_first(protect(ring_in(first), NO_GUARD), claim_in(first))",
    },
    Break {
        model: CHAIN,
        what: "a ring is retired before `prev` is cleared",
        file: CHAIN,
        code: "        atomic_store_explicit(&links[protect(successor, held)].prev, 0, PREV_CLEAR);\n        retire(drained);",
        broken: "        retire(drained);\n        atomic_store_explicit(&links[protect(successor, held)].prev, 0, PREV_CLEAR);",
    },
    Break {
        model: CHAIN,
        what: "a thief retires a ring though another moved the tail",
        file: CHAIN,
        code: "        retire(drained);\n    }",
        broken: "    }\n    retire(drained);",
    },
    Break {
        model: CHAIN,
        what: "there is no second look, as in Go",
        file: CHAIN,
        code: "} else if (successor(protect(ring, held)) == 0) {",
        broken: "} else {",
    },
    Break {
        model: CHAIN,
        what: "a thief looks for the successor after it found the ring empty",
        file: CHAIN,
        code: "        int next = successor(protect(ring, held));\n        uint64_t claim = claim_tail(ring, max);",
        broken: "        uint64_t claim = claim_tail(protect(ring, held), max);\n        int next = successor(ring);",
    },
    Break {
        model: CHAIN,
        what: "a batch unlinks a ring that it need not have drained",
        file: CHAIN,
        code: "if (!found || successor_in(found) == 0 || count_of(claim_in(found)) == wanted) return 0;",
        broken: "if (!found || successor_in(found) == 0) return 0;",
    },
    Break {
        model: CHAIN,
        what: "the epoch does not order a retirement before a later guard",
        file: CHAIN,
        code: "if (atomic_load_explicit(&retired[ring], memory_order_acquire)) seen |= 1u << ring;",
        broken: "if (atomic_load_explicit(&retired[ring], memory_order_relaxed)) seen |= 1u << ring;",
    },
];
