//! What was measured.

use std::collections::BTreeMap;

use super::names;

/// A subject at a row; in the rows of growth also at a size.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Key {
    row: String,
    subject: String,
    size: Option<u64>,
}

/// Nanoseconds an operation or a value: of each subject at each row, the median of each round.
#[derive(Default)]
pub(super) struct Results(BTreeMap<Key, Vec<f64>>);

/// One subject's result at a row.
#[derive(Clone, Debug)]
pub(super) struct Measured<'a> {
    /// The subject.
    pub(super) subject: &'a str,
    /// The size, in the rows of growth.
    pub(super) size: Option<u64>,
    /// The median of the rounds.
    pub(super) nanoseconds: f64,
    /// The smallest and the largest round.
    pub(super) range: (f64, f64),
}

impl Measured<'_> {
    /// Whether it is a deque of this crate.
    pub(super) fn is_ours(&self) -> bool {
        self.subject.starts_with(names::BOUNDED) || self.subject.starts_with(names::UNBOUNDED)
    }

    /// Whether somebody could use it in place of ours: neither ours, nor a floor, nor one thread's own.
    pub(super) fn is_peer(&self) -> bool {
        let no_peers = [names::FLOOR, names::FLOOR_RELOADED, names::FLOOR_AND_MEMORY, names::PLAIN];
        !self.is_ours() && !no_peers.contains(&self.subject)
    }
}

/// The middle of `values`, or the mean of the two in the middle.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) { sorted[middle - 1].midpoint(sorted[middle]) } else { sorted[middle] }
}

impl Results {
    /// Adds a round's median.
    pub(super) fn add(&mut self, row: &str, subject: &str, size: Option<u64>, nanoseconds: f64) {
        let key = Key { row: row.to_owned(), subject: subject.to_owned(), size };
        self.0.entry(key).or_default().push(nanoseconds);
    }

    /// All that was measured at a row: by size, then the fastest first.
    pub(super) fn row(&self, row: &str) -> Vec<Measured<'_>> {
        let of_row = self.0.iter().filter(|(key, _)| key.row == row);
        let mut measured: Vec<_> = of_row.map(|(key, rounds)| measured(key, rounds)).collect();
        measured.sort_by(|a, b| a.size.cmp(&b.size).then(a.nanoseconds.total_cmp(&b.nanoseconds)));
        measured
    }

    /// What `subject` took at a row without sizes.
    pub(super) fn nanoseconds(&self, row: &str, subject: &str) -> Option<f64> {
        self.row(row).into_iter().find(|measured| measured.subject == subject).map(|it| it.nanoseconds)
    }

    /// A warning if the rounds disagree, as they do on a machine that had other things to do.
    pub(super) fn noise(&self) -> Option<String> {
        let single_threaded = [names::PAIR, names::HEAD, names::TAIL, names::TAKE_BATCH, names::STEAL];
        let all = single_threaded.iter().flat_map(|row| self.row(row));
        let unsteady = all.filter(|measured| measured.range.1 > 1.15 * measured.range.0).count();
        (unsteady != 0).then(|| {
            format!(
                "Not a quiet run: the rounds of {unsteady} single-threaded results differ by more than 15 %."
            )
        })
    }
}

fn measured<'a>(key: &'a Key, rounds: &[f64]) -> Measured<'a> {
    let smallest = rounds.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = rounds.iter().copied().fold(0.0, f64::max);
    Measured {
        subject: &key.subject,
        size: key.size,
        nanoseconds: median(rounds),
        range: (smallest, largest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_the_rounds_counts_and_the_fastest_comes_first() {
        let mut results = Results::default();
        for nanoseconds in [3.0, 9.0, 4.0] {
            results.add(names::PAIR, names::BOUNDED, None, nanoseconds);
        }
        results.add(names::PAIR, names::ST3_LIFO, None, 1.0);
        results.add(names::PAIR, names::ST3_LIFO, None, 2.0);
        results.add(names::HEAD, names::BOUNDED, None, 7.0);
        let row = results.row(names::PAIR);
        assert_eq!(row.iter().map(|it| it.nanoseconds).collect::<Vec<_>>(), [1.5, 4.0]);
        assert_eq!(row[1].range, (3.0, 9.0));
        assert_eq!(results.nanoseconds(names::HEAD, names::BOUNDED), Some(7.0));
        assert_eq!(results.nanoseconds(names::TAIL, names::BOUNDED), None);
    }

    #[test]
    fn rounds_that_disagree_are_told() {
        let mut results = Results::default();
        results.add(names::PAIR, names::BOUNDED, None, 5.0);
        results.add(names::PAIR, names::BOUNDED, None, 5.1);
        assert_eq!(results.noise(), None);
        results.add(names::PAIR, names::BOUNDED, None, 6.0);
        assert!(results.noise().is_some());
    }

    #[test]
    fn neither_ours_nor_a_floor_is_a_peer() {
        let mut results = Results::default();
        let own = format!("{} ({})", names::BOUNDED, names::BY_OWNER);
        for subject in [names::BOUNDED, &own, names::FLOOR, names::FLOOR_RELOADED, names::PLAIN] {
            results.add(names::PAIR, subject, None, 1.0);
        }
        assert!(results.row(names::PAIR).iter().all(|measured| !measured.is_peer()));
        results.add(names::PAIR, names::GO_DEQUEUE, None, 1.0);
        assert_eq!(results.row(names::PAIR).iter().filter(|measured| measured.is_peer()).count(), 1);
    }
}
