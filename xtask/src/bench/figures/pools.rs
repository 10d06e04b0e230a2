//! The pool's figures.

use super::super::names::pools as names;
use super::super::results::Results;
use super::Figure;

/// How many thread slots an empty pool has where a miss must be quick.
const SLOTS: Option<u64> = Some(1000);

/// All of them.
pub(in super::super) fn all(results: &Results) -> Vec<Figure> {
    use names::{A, B, C, D1, D2, DROPPING_TICK, E, MISS_EMPTIED, MISS_UNUSED};
    use names::{ARRAY_QUEUE, GO, POOL, REGEX, VEC};
    let at = |row, subject: &str| results.nanoseconds(row, subject);
    let miss = |row| results.nanoseconds_at(row, POOL, SLOTS);
    let half = |time: Option<f64>| time.map(|time| time / 2.0);
    vec![
        Figure::within("A: get + put on one thread", 5.0, at(A, POOL)),
        Figure::at_most("A, to regex-automata's", 1.1, at(A, POOL), at(A, REGEX)),
        Figure::within("B: get + put on two threads", 3.0, at(B, POOL)),
        Figure::within("C: 100 gets, then 100 puts, a pair", 14.0, at(C, POOL)),
        Figure::less("C, to Go's", at(C, POOL), at(C, GO)),
        Figure::less("D1: starvation, to ArrayQueue's", at(D1, POOL), at(D1, ARRAY_QUEUE)),
        Figure::less("D2: starvation on two threads, to half of Go's", at(D2, POOL), half(at(D2, GO))),
        Figure::less("E: across threads, to Go's", at(E, POOL), at(E, GO)),
        Figure::at_most("E, to ArrayQueue's", 1.2, at(E, POOL), at(E, ARRAY_QUEUE)),
        Figure::within("a miss among 1,000 idle slots that never used the pool", 1000.0, miss(MISS_UNUSED)),
        Figure::within("a miss among 1,000 idle slots that used the pool", 1000.0, miss(MISS_EMPTIED)),
        Figure::at_most(
            "a tick with 100,000 idle values, to the drops",
            1.1,
            at(DROPPING_TICK, POOL),
            at(DROPPING_TICK, VEC),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::super::suite::POOLS;
    use super::*;

    fn verdicts(results: &Results, start: &str) -> Vec<Option<bool>> {
        let figures = all(results).into_iter().filter(|figure| figure.what.starts_with(start));
        figures.map(|figure| figure.measured.map(|measure| measure.met)).collect()
    }

    #[test]
    fn starvation_is_compared_to_half_of_gos_time() {
        let mut results = Results::of(&POOLS);
        results.add(names::D2, names::GO, None, 60.0);
        results.add(names::D2, names::POOL, None, 29.0);
        assert_eq!(verdicts(&results, "D2"), [Some(true)]);
        results.add(names::D2, names::POOL, None, 33.0);
        assert_eq!(verdicts(&results, "D2"), [Some(false)]);
    }

    #[test]
    fn a_miss_counts_among_a_thousand_slots_only() {
        let mut results = Results::of(&POOLS);
        results.add(names::MISS_UNUSED, names::POOL, Some(1), 2000.0);
        assert_eq!(verdicts(&results, "a miss"), [None, None]);
        results.add(names::MISS_UNUSED, names::POOL, Some(1000), 999.0);
        results.add(names::MISS_EMPTIED, names::POOL, Some(1000), 1001.0);
        assert_eq!(verdicts(&results, "a miss"), [Some(true), Some(false)]);
    }
}
