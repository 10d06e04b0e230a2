//! The figures to reach.

use comfy_table::{CellAlignment, Table};

use super::names;
use super::results::Results;
use super::table;

/// A figure to reach, and what was measured.
pub(super) struct Figure {
    what: String,
    target: String,
    /// `None` if something it takes was not measured.
    measured: Option<Measure>,
}

struct Measure {
    text: String,
    met: bool,
}

impl Figure {
    /// `subject` takes at most `limit` of what `other` takes.
    fn at_most(what: &str, limit: f64, subject: Option<f64>, other: Option<f64>) -> Self {
        let measured = subject.zip(other).map(|(subject, other)| Measure {
            text: format!("{:.2}× ({subject:.2} / {other:.2} ns)", subject / other),
            met: subject <= limit * other,
        });
        Self { what: what.to_owned(), target: format!("at most {limit}×"), measured }
    }

    /// `subject` takes less than `other`.
    fn less(what: &str, subject: Option<f64>, other: Option<f64>) -> Self {
        let measured = subject.zip(other).map(|(subject, other)| Measure {
            text: format!("{:.2}× ({subject:.2} / {other:.2} ns)", subject / other),
            met: subject < other,
        });
        Self { what: what.to_owned(), target: "less".to_owned(), measured }
    }

    /// `subject` is at least `factor` times as fast as `other`.
    fn faster(what: &str, factor: f64, subject: Option<f64>, other: Option<f64>) -> Self {
        let measured = subject.zip(other).map(|(subject, other)| Measure {
            text: format!("{:.2}× ({other:.2} / {subject:.2} ns)", other / subject),
            met: other >= factor * subject,
        });
        Self { what: what.to_owned(), target: format!("{factor}× faster"), measured }
    }

    /// `subject` takes at most `limit` nanoseconds.
    fn within(what: &str, limit: f64, subject: Option<f64>) -> Self {
        let measured =
            subject.map(|subject| Measure { text: format!("{subject:.2} ns"), met: subject <= limit });
        Self { what: what.to_owned(), target: format!("at most {limit} ns"), measured }
    }

    /// What `subject` takes at the sizes of a row, as a multiple of what touching the memory takes at
    /// that size, lies within a factor of `limit`.
    fn flat(what: &str, limit: f64, results: &Results, row: &str, subject: &str) -> Self {
        let row = results.row(row);
        let times = |subject: &str| -> Vec<(u64, f64)> {
            let of_subject = row.iter().filter(|it| it.subject == subject);
            of_subject.filter_map(|it| Some((it.size?, it.nanoseconds))).collect()
        };
        let memory = times(names::FLOOR_AND_MEMORY);
        let in_memory = |size: u64| memory.iter().find(|it| it.0 == size).map(|it| it.1);
        let raw = times(subject);
        let multiples: Option<Vec<_>> =
            raw.iter().map(|(size, time)| in_memory(*size).map(|memory| time / memory)).collect();
        let measured = multiples.filter(|it| it.len() > 1).map(|multiples| {
            let raw: Vec<_> = raw.iter().map(|it| it.1).collect();
            let spread = spread(&multiples);
            Measure {
                text: format!("{spread:.2}× ({:.2}× with the cache misses)", self::spread(&raw)),
                met: spread <= limit,
            }
        });
        Self { what: what.to_owned(), target: format!("within {limit}×"), measured }
    }
}

/// How many times the smallest the largest is.
fn spread(values: &[f64]) -> f64 {
    let smallest = values.iter().copied().fold(f64::INFINITY, f64::min);
    values.iter().copied().fold(0.0, f64::max) / smallest
}

/// All of them.
pub(super) fn all(results: &Results) -> Vec<Figure> {
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
            BOUNDED,
        ),
        Figure::flat(
            "unbounded, 10 to 10⁷ values, at the head, to the memory",
            1.5,
            results,
            names::GROWTH_HEAD,
            UNBOUNDED,
        ),
        Figure::flat(
            "bounded, 10 to 10⁷ values, at the tail, to the memory",
            1.5,
            results,
            names::GROWTH_TAIL,
            BOUNDED,
        ),
        Figure::flat(
            "unbounded, 10 to 10⁷ values, at the tail, to the memory",
            1.5,
            results,
            names::GROWTH_TAIL,
            UNBOUNDED,
        ),
    ]
}

/// The figures that were measured, as a table.
pub(super) fn table(figures: &[Figure]) -> Table {
    let mut table = table::new(&["figure", "target", "measured", ""]);
    for Figure { what, target, measured } in figures {
        if let Some(Measure { text, met }) = measured {
            let verdict = if *met { "met" } else { "MISSED" };
            table.add_row([what, target, text, verdict]);
        }
    }
    for column in table.column_iter_mut() {
        column.set_cell_alignment(CellAlignment::Left);
    }
    table
}

/// How many of them were reached.
pub(super) fn summary(figures: &[Figure]) -> String {
    let measured = || figures.iter().filter_map(|figure| figure.measured.as_ref());
    let met = measured().filter(|measure| measure.met).count();
    let missed = measured().count() - met;
    let unmeasured = figures.len() - met - missed;
    format!("{met} figures met, {missed} missed, {unmeasured} not measured.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdicts(results: &Results, start: &str) -> Vec<Option<bool>> {
        let figures = all(results).into_iter().filter(|figure| figure.what.starts_with(start));
        figures.map(|figure| figure.measured.map(|measure| measure.met)).collect()
    }

    #[test]
    fn a_ratio_is_met_up_to_its_limit_and_missed_beyond() {
        let mut results = Results::default();
        results.add(names::PAIR, names::BOUNDED, None, 10.0);
        results.add(names::PAIR, names::GO_DEQUEUE, None, 13.5);
        results.add(names::PAIR, names::FLOOR, None, 8.9);
        assert_eq!(verdicts(&results, "bounded pair"), [Some(true), Some(false)]);
    }

    #[test]
    fn what_was_not_measured_is_neither_met_nor_missed() {
        let results = Results::default();
        assert!(all(&results).iter().all(|figure| figure.measured.is_none()));
        assert!(summary(&all(&results)).starts_with("0 figures met, 0 missed"));
    }

    #[test]
    fn the_better_flavour_of_a_peer_is_the_one_to_beat() {
        let mut results = Results::default();
        results.add(names::TWO_THREADS_BATCH, names::BOUNDED, None, 5.0);
        results.add(names::TWO_THREADS_BATCH, names::CROSSBEAM_LIFO, None, 9.0);
        results.add(names::TWO_THREADS_BATCH, names::CROSSBEAM_FIFO, None, 4.0);
        assert_eq!(verdicts(&results, "two threads, batches of 32, bounded"), [Some(false), None]);
    }

    #[test]
    fn growth_is_flat_if_it_is_no_steeper_than_that_of_touching_the_memory() {
        let mut results = Results::default();
        for (size, memory, bounded, unbounded) in [(10, 4.0, 4.0, 4.0), (100, 8.0, 11.9, 12.1)] {
            results.add(names::GROWTH_HEAD, names::FLOOR_AND_MEMORY, Some(size), memory);
            results.add(names::GROWTH_HEAD, names::BOUNDED, Some(size), bounded);
            results.add(names::GROWTH_HEAD, names::UNBOUNDED, Some(size), unbounded);
        }
        assert_eq!(verdicts(&results, "bounded, 10"), [Some(true), None]);
        assert_eq!(verdicts(&results, "unbounded, 10"), [Some(false), None]);
    }
}
