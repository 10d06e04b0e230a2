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
    for figure in &results.suite.figures {
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
    let figures = &results.suite.figures;
    let measured: Vec<_> = figures.iter().filter_map(|figure| measure(figure, results)).collect();
    let met = measured.iter().filter(|(_, met)| *met).count();
    let (missed, unmeasured) = (measured.len() - met, figures.len() - measured.len());
    format!("{met} figures met, {missed} missed, {unmeasured} not measured.")
}

#[cfg(test)]
mod tests {
    use super::super::results::tests::at;
    use super::super::suite::{DEQUES, POOLS};
    use super::*;

    /// Whether the figures are met whose names begin like this.
    fn verdicts(results: &Results, start: &str) -> Vec<Option<bool>> {
        let figures = results.suite.figures.iter().filter(|figure| figure.what.starts_with(start));
        figures.map(|figure| measure(figure, results).map(|(_, met)| met)).collect()
    }

    const OURS: &str = "pooldeque bounded";
    const POOL: &str = "pooldeque Pool";

    #[test]
    fn a_ratio_is_met_up_to_its_limit_and_missed_beyond() {
        let subjects = [(OURS, 0, 10.0), ("Go poolDequeue", 0, 13.5), ("packed word alone", 0, 8.9)];
        let results = at(&DEQUES, "pair", &subjects);
        assert_eq!(verdicts(&results, "bounded pair"), [Some(true), Some(false)]);
        let table = table(&results).to_string();
        assert!(table.contains("1.35× faster") && table.contains("at most 1.12×"), "{table}");
        assert!(summary(&results).starts_with("1 figures met, 1 missed, 16 not"), "{}", summary(&results));
    }

    #[test]
    fn the_better_flavour_of_a_peer_is_the_one_to_beat() {
        let subjects = [(OURS, 0, 5.0), ("crossbeam-deque LIFO", 0, 9.0), ("crossbeam-deque FIFO", 0, 4.0)];
        let results = at(&DEQUES, "two-threads-by-32", &subjects);
        assert_eq!(verdicts(&results, "two threads, batches of 32, bounded"), [Some(false), None]);
    }

    #[test]
    fn growth_is_flat_if_it_is_no_steeper_than_that_of_touching_the_memory() {
        let memory = "packed word and memory";
        for (nanoseconds, met) in [(11.9, true), (12.1, false)] {
            let subjects = [(memory, 10, 4.0), (memory, 100, 8.0), (OURS, 10, 4.0), (OURS, 100, nanoseconds)];
            let results = at(&DEQUES, "growth-head", &subjects);
            assert_eq!(verdicts(&results, "bounded, 10"), [Some(met), None]);
        }
    }

    #[test]
    fn starvation_is_compared_to_half_of_gos_time_and_a_miss_counts_among_a_thousand_slots() {
        for (nanoseconds, met) in [(29.0, true), (33.0, false)] {
            let subjects = [("Go sync.Pool", 0, 60.0), (POOL, 0, nanoseconds)];
            assert_eq!(verdicts(&at(&POOLS, "D2-starved-two-threads", &subjects), "D2"), [Some(met)]);
        }
        let few = at(&POOLS, "miss-unused", &[(POOL, 1, 2000.0)]);
        let many = at(&POOLS, "miss-unused", &[(POOL, 1, 2000.0), (POOL, 1000, 999.0)]);
        assert_eq!(
            (verdicts(&few, "a miss"), verdicts(&many, "a miss")),
            (vec![None, None], vec![Some(true), None])
        );
    }
}
