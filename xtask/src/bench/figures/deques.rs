//! The deques' figures.

use super::super::names;
use super::super::results::Results;
use super::Figure;

/// All of them.
pub(in super::super) fn all(results: &Results) -> Vec<Figure> {
    use names::{BOUNDED, GO_DEQUEUE, UNBOUNDED};
    let at = |row, subject: &str| results.nanoseconds(row, subject);
    let best_of = |row, flavours: [&str; 2]| {
        flavours.iter().filter_map(|flavour| at(row, flavour)).min_by(f64::total_cmp)
    };
    let (pair, head, tail) = (names::PAIR, names::HEAD, names::TAIL);
    let (batch, threads) = (names::TAKE_BATCH, names::TWO_THREADS_BATCH);
    let drain = at(batch, &format!("{} ({})", names::ST3_LIFO, names::BY_OWNER));
    let crossbeam = best_of(threads, [names::CROSSBEAM_LIFO, names::CROSSBEAM_FIFO]);
    let st3 = best_of(threads, [names::ST3_LIFO, names::ST3_FIFO]);
    let crossbeam_steal = at(names::STEAL, names::CROSSBEAM_LIFO);
    vec![
        Figure::faster("bounded pair, to Go's", 1.35, at(pair, BOUNDED), at(pair, GO_DEQUEUE)),
        Figure::at_most("bounded pair, to the packed word", 1.12, at(pair, BOUNDED), at(pair, names::FLOOR)),
        Figure::faster(
            "bounded 1000/1000 at the head, to Go's",
            1.4,
            at(head, BOUNDED),
            at(head, GO_DEQUEUE),
        ),
        Figure::faster(
            "bounded 1000/1000 at the tail, to Go's",
            1.4,
            at(tail, BOUNDED),
            at(tail, GO_DEQUEUE),
        ),
        Figure::within("batch steal of 32, a value", 2.5, at(batch, BOUNDED)),
        Figure::at_most("batch steal of 32, to st3's drain", 1.2, at(batch, BOUNDED), drain),
        Figure::less(
            "two threads, batches of 32, bounded, to crossbeam-deque",
            at(threads, BOUNDED),
            crossbeam,
        ),
        Figure::less("two threads, batches of 32, bounded, to st3", at(threads, BOUNDED), st3),
        Figure::less(
            "two threads, batches of 32, unbounded, to crossbeam-deque",
            at(threads, UNBOUNDED),
            crossbeam,
        ),
        Figure::less("two threads, batches of 32, unbounded, to st3", at(threads, UNBOUNDED), st3),
        Figure::at_most("unbounded pair, to bounded", 1.15, at(pair, UNBOUNDED), at(pair, BOUNDED)),
        Figure::at_most(
            "unbounded 1000/1000 at the head, to bounded",
            1.15,
            at(head, UNBOUNDED),
            at(head, BOUNDED),
        ),
        Figure::at_most(
            "unbounded 1000/1000 at the tail, to bounded (its thief pins)",
            1.15,
            at(tail, UNBOUNDED),
            at(tail, BOUNDED),
        ),
        Figure::at_most(
            "unbounded steal, to crossbeam-deque LIFO's",
            1.0,
            at(names::STEAL, UNBOUNDED),
            crossbeam_steal,
        ),
        Figure::flat(
            "bounded, 10 to 10⁷ values, at the head, to the memory",
            1.5,
            results,
            names::GROWTH_HEAD,
            [BOUNDED, names::FLOOR_AND_MEMORY],
        ),
        Figure::flat(
            "unbounded, 10 to 10⁷ values, at the head, to the memory",
            1.5,
            results,
            names::GROWTH_HEAD,
            [UNBOUNDED, names::FLOOR_AND_MEMORY],
        ),
        Figure::flat(
            "bounded, 10 to 10⁷ values, at the tail, to the memory",
            1.5,
            results,
            names::GROWTH_TAIL,
            [BOUNDED, names::FLOOR_AND_MEMORY],
        ),
        Figure::flat(
            "unbounded, 10 to 10⁷ values, at the tail, to the memory",
            1.5,
            results,
            names::GROWTH_TAIL,
            [UNBOUNDED, names::FLOOR_AND_MEMORY],
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::super::suite::DEQUES;
    use super::super::summary;
    use super::*;

    fn verdicts(results: &Results, start: &str) -> Vec<Option<bool>> {
        let figures = all(results).into_iter().filter(|figure| figure.what.starts_with(start));
        figures.map(|figure| figure.measured.map(|measure| measure.met)).collect()
    }

    #[test]
    fn a_ratio_is_met_up_to_its_limit_and_missed_beyond() {
        let mut results = Results::of(&DEQUES);
        results.add(names::PAIR, names::BOUNDED, None, 10.0);
        results.add(names::PAIR, names::GO_DEQUEUE, None, 13.5);
        results.add(names::PAIR, names::FLOOR, None, 8.9);
        assert_eq!(verdicts(&results, "bounded pair"), [Some(true), Some(false)]);
    }

    #[test]
    fn what_was_not_measured_is_neither_met_nor_missed() {
        let results = Results::of(&DEQUES);
        assert!(all(&results).iter().all(|figure| figure.measured.is_none()));
        assert!(summary(&all(&results)).starts_with("0 figures met, 0 missed"));
    }

    #[test]
    fn the_better_flavour_of_a_peer_is_the_one_to_beat() {
        let mut results = Results::of(&DEQUES);
        results.add(names::TWO_THREADS_BATCH, names::BOUNDED, None, 5.0);
        results.add(names::TWO_THREADS_BATCH, names::CROSSBEAM_LIFO, None, 9.0);
        results.add(names::TWO_THREADS_BATCH, names::CROSSBEAM_FIFO, None, 4.0);
        assert_eq!(verdicts(&results, "two threads, batches of 32, bounded"), [Some(false), None]);
    }

    #[test]
    fn growth_is_flat_if_it_is_no_steeper_than_that_of_touching_the_memory() {
        let mut results = Results::of(&DEQUES);
        for (size, memory, bounded, unbounded) in [(10, 4.0, 4.0, 4.0), (100, 8.0, 11.9, 12.1)] {
            results.add(names::GROWTH_HEAD, names::FLOOR_AND_MEMORY, Some(size), memory);
            results.add(names::GROWTH_HEAD, names::BOUNDED, Some(size), bounded);
            results.add(names::GROWTH_HEAD, names::UNBOUNDED, Some(size), unbounded);
        }
        assert_eq!(verdicts(&results, "bounded, 10"), [Some(true), None]);
        assert_eq!(verdicts(&results, "unbounded, 10"), [Some(false), None]);
    }
}
