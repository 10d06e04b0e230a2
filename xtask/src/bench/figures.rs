//! The figures to reach.

use comfy_table::{CellAlignment, Table};

use super::results::Results;
use super::table;

pub(super) mod deques;
pub(super) mod pools;

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

    /// What `subject` takes at the sizes of a row, as a multiple of what touching the `memory` takes at
    /// that size, lies within a factor of `limit`.
    fn flat(what: &str, limit: f64, results: &Results, row: &str, [subject, memory]: [&str; 2]) -> Self {
        let row = results.row(row);
        let times = |subject: &str| -> Vec<(u64, f64)> {
            let of_subject = row.iter().filter(|it| it.subject == subject);
            of_subject.filter_map(|it| Some((it.size?, it.nanoseconds))).collect()
        };
        let memory = times(memory);
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
