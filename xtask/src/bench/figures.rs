//! The figures to reach.

use comfy_table::{CellAlignment, Table};

use super::results::Results;
use super::suite::{Figure, Rule};
use super::table;

/// What was measured of a figure, in words, and whether it is reached; nothing if something it takes was not measured.
fn measure(figure: &Figure, results: &Results) -> Option<(String, bool)> {
    let at = |subject: &String| results.nanoseconds_at(&figure.row, subject, figure.size);
    let subject = at(&figure.subject);
    let other = figure.to.iter().filter_map(at).min_by(f64::total_cmp);
    let other = other.map(|other| other * figure.share.unwrap_or(1.0));
    let ratio = |one: f64, other: f64| format!("{:.2}× ({one:.2} / {other:.2} ns)", one / other);
    Some(match figure.rule {
        Rule::AtMost(limit) => (ratio(subject?, other?), subject? <= limit * other?),
        Rule::Less => (ratio(subject?, other?), subject? < other?),
        Rule::Faster(factor) => (ratio(other?, subject?), other? >= factor * subject?),
        Rule::Within(limit) => (format!("{:.2} ns", subject?), subject? <= limit),
        Rule::Flat(limit) => {
            let row = results.row(&figure.row);
            let times = |subject: &String| {
                let of_subject = row.iter().filter(move |it| it.subject == subject);
                of_subject.filter_map(|it| Some((it.size?, it.nanoseconds))).collect::<Vec<_>>()
            };
            let (raw, others) = (times(&figure.subject), times(figure.to.first()?));
            let other_at = |size| others.iter().find(|it| it.0 == size).map(|it| it.1);
            let multiples = raw.iter().map(|(size, time)| other_at(*size).map(|other| time / other));
            let spread = spread(multiples.collect::<Option<Vec<_>>>().filter(|it| it.len() > 1)?);
            let raw = self::spread(raw.iter().map(|it| it.1));
            (format!("{spread:.2}× ({raw:.2}× with the cache misses)"), spread <= limit)
        }
    })
}

/// How many times the smallest the largest is.
fn spread(values: impl IntoIterator<Item = f64>) -> f64 {
    let (smallest, largest) =
        values.into_iter().fold((f64::INFINITY, 0.0_f64), |(least, most), it| (least.min(it), most.max(it)));
    largest / smallest
}

/// The figures that were measured, as a table.
pub(super) fn table(results: &Results) -> Table {
    let mut table = table::new(&["figure", "target", "measured", ""]);
    for figure in &results.suite().figures {
        let target = match figure.rule {
            Rule::AtMost(limit) => format!("at most {limit}×"),
            Rule::Less => "less".to_owned(),
            Rule::Faster(factor) => format!("{factor}× faster"),
            Rule::Within(limit) => format!("at most {limit} ns"),
            Rule::Flat(limit) => format!("within {limit}×"),
        };
        if let Some((text, met)) = measure(figure, results) {
            table.add_row([figure.what.as_str(), &target, &text, if met { "met" } else { "MISSED" }]);
        }
    }
    for column in table.column_iter_mut() {
        column.set_cell_alignment(CellAlignment::Left);
    }
    table
}

/// How many of them were reached.
pub(super) fn summary(results: &Results) -> String {
    let figures = &results.suite().figures;
    let measured: Vec<_> = figures.iter().filter_map(|figure| measure(figure, results)).collect();
    let met = measured.iter().filter(|(_, met)| *met).count();
    let (missed, unmeasured) = (measured.len() - met, figures.len() - measured.len());
    format!("{met} figures met, {missed} missed, {unmeasured} not measured.")
}

#[cfg(test)]
mod tests {
    use super::super::suite::{DEQUES, POOLS};
    use super::*;

    /// Whether the figures are met whose names begin like this.
    fn verdicts(results: &Results, start: &str) -> Vec<Option<bool>> {
        let figures = results.suite().figures.iter().filter(|figure| figure.what.starts_with(start));
        figures.map(|figure| measure(figure, results).map(|(_, met)| met)).collect()
    }

    #[test]
    fn a_ratio_is_met_up_to_its_limit_and_missed_beyond() {
        let mut results = Results::of(&DEQUES);
        results.add("pair", "pooldeque bounded", None, 10.0);
        results.add("pair", "Go poolDequeue", None, 13.5);
        results.add("pair", "packed word alone", None, 8.9);
        assert_eq!(verdicts(&results, "bounded pair"), [Some(true), Some(false)]);
        let in_a_row = table(&results).to_string();
        assert!(in_a_row.contains("1.35× faster") && in_a_row.contains("at most 1.12×"), "{in_a_row}");
    }

    #[test]
    fn what_was_not_measured_is_neither_met_nor_missed() {
        assert!(summary(&Results::of(&DEQUES)).starts_with("0 figures met, 0 missed"));
    }

    #[test]
    fn the_better_flavour_of_a_peer_is_the_one_to_beat() {
        let mut results = Results::of(&DEQUES);
        results.add("two-threads-by-32", "pooldeque bounded", None, 5.0);
        results.add("two-threads-by-32", "crossbeam-deque LIFO", None, 9.0);
        results.add("two-threads-by-32", "crossbeam-deque FIFO", None, 4.0);
        assert_eq!(verdicts(&results, "two threads, batches of 32, bounded"), [Some(false), None]);
    }

    #[test]
    fn growth_is_flat_if_it_is_no_steeper_than_that_of_touching_the_memory() {
        let mut results = Results::of(&DEQUES);
        for (size, memory, bounded, unbounded) in [(10, 4.0, 4.0, 4.0), (100, 8.0, 11.9, 12.1)] {
            results.add("growth-head", "packed word and memory", Some(size), memory);
            results.add("growth-head", "pooldeque bounded", Some(size), bounded);
            results.add("growth-head", "pooldeque unbounded", Some(size), unbounded);
        }
        assert_eq!(verdicts(&results, "bounded, 10"), [Some(true), None]);
        assert_eq!(verdicts(&results, "unbounded, 10"), [Some(false), None]);
    }

    #[test]
    fn starvation_is_compared_to_half_of_gos_time_and_a_miss_counts_among_a_thousand_slots() {
        for (nanoseconds, met) in [(29.0, true), (33.0, false)] {
            let mut results = Results::of(&POOLS);
            results.add("D2-starved-two-threads", "Go sync.Pool", None, 60.0);
            results.add("D2-starved-two-threads", "pooldeque Pool", None, nanoseconds);
            assert_eq!(verdicts(&results, "D2"), [Some(met)]);
        }
        let mut results = Results::of(&POOLS);
        results.add("miss-unused", "pooldeque Pool", Some(1), 2000.0);
        assert_eq!(verdicts(&results, "a miss"), [None, None]);
        results.add("miss-unused", "pooldeque Pool", Some(1000), 999.0);
        results.add("miss-emptied", "pooldeque Pool", Some(1000), 1001.0);
        assert_eq!(verdicts(&results, "a miss"), [Some(true), Some(false)]);
    }
}
