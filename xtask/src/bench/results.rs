//! What was measured.

use std::collections::BTreeMap;

use super::suite::Suite;

/// A subject at a row; in the rows of growth also at a size.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Key {
    row: String,
    subject: String,
    size: Option<u64>,
}

/// Nanoseconds an operation or a value: of each subject at each row, the median of each round.
pub(super) struct Results {
    pub(super) suite: &'static Suite,
    rounds: BTreeMap<Key, Vec<f64>>,
}

/// One subject's result at a row.
#[derive(Clone)]
pub(super) struct Measured<'a> {
    /// The subject.
    pub(super) subject: &'a str,
    /// The size, in the rows of growth.
    pub(super) size: Option<u64>,
    /// The median of the rounds.
    pub(super) nanoseconds: f64,
    /// The smallest and the largest round.
    pub(super) range: (f64, f64),
    suite: &'static Suite,
}

impl Measured<'_> {
    /// Whether it is this crate's.
    pub(super) fn is_ours(&self) -> bool {
        self.suite.ours.iter().any(|ours| self.subject.starts_with(ours.as_str()))
    }

    /// Whether somebody could use it in place of ours: neither ours, nor a floor, nor one thread's own.
    pub(super) fn is_peer(&self) -> bool {
        !self.is_ours() && !self.suite.no_peers.iter().any(|one| one == self.subject)
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
    /// None yet.
    pub(super) fn of(suite: &'static Suite) -> Self {
        Self { suite, rounds: BTreeMap::new() }
    }

    /// Adds a round's median.
    pub(super) fn add(&mut self, row: &str, subject: &str, size: Option<u64>, nanoseconds: f64) {
        let key = Key { row: row.to_owned(), subject: subject.to_owned(), size };
        self.rounds.entry(key).or_default().push(nanoseconds);
    }

    /// All that was measured at a row: by size, then the fastest first.
    pub(super) fn row(&self, row: &str) -> Vec<Measured<'_>> {
        let of_row = self.rounds.iter().filter(|(key, _)| key.row == row);
        let mut measured: Vec<_> = of_row.map(|(key, rounds)| self.measured(key, rounds)).collect();
        measured.sort_by(|a, b| a.size.cmp(&b.size).then(a.nanoseconds.total_cmp(&b.nanoseconds)));
        measured
    }

    /// What `subject` took at a row, at a size if the row has sizes.
    pub(super) fn nanoseconds_at(&self, row: &str, subject: &str, size: Option<u64>) -> Option<f64> {
        let found = self.row(row).into_iter().find(|it| it.subject == subject && it.size == size);
        found.map(|it| it.nanoseconds)
    }

    /// A warning if the rounds disagree, as they do on a machine that had other things to do.
    pub(super) fn noise(&self) -> Option<String> {
        let all = self.suite.steady.iter().flat_map(|row| self.row(row));
        let unsteady = all.filter(|measured| measured.range.1 > 1.15 * measured.range.0).count();
        (unsteady != 0).then(|| {
            format!(
                "Not a quiet run: the rounds of {unsteady} single-threaded results differ by more than 15 %."
            )
        })
    }

    fn measured<'a>(&self, key: &'a Key, rounds: &[f64]) -> Measured<'a> {
        let smallest = rounds.iter().copied().fold(f64::INFINITY, f64::min);
        let largest = rounds.iter().copied().fold(0.0, f64::max);
        Measured {
            subject: &key.subject,
            size: key.size,
            nanoseconds: median(rounds),
            range: (smallest, largest),
            suite: self.suite,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::LazyLock;

    use super::super::suite::{DEQUES, POOLS};
    use super::*;

    /// What subjects took at a row, at a size if that is not 0.
    pub(in super::super) fn at(
        suite: &'static LazyLock<Suite>,
        row: &str,
        measured: &[(&str, u64, f64)],
    ) -> Results {
        let mut results = Results::of(suite);
        for (subject, size, nanoseconds) in measured {
            results.add(row, subject, Some(*size).filter(|size| *size > 0), *nanoseconds);
        }
        results
    }

    const OURS: &str = "pooldeque bounded";

    #[test]
    fn the_median_of_the_rounds_counts_and_the_fastest_comes_first() {
        let rounds =
            [(OURS, 0, 3.0), (OURS, 0, 9.0), (OURS, 0, 4.0), ("st3 LIFO", 0, 1.0), ("st3 LIFO", 0, 2.0)];
        let results = at(&DEQUES, "pair", &rounds);
        let row = results.row("pair");
        assert_eq!(row.iter().map(|it| it.nanoseconds).collect::<Vec<_>>(), [1.5, 4.0]);
        assert_eq!(row[1].range, (3.0, 9.0));
        assert_eq!(results.nanoseconds_at("pair", OURS, None), Some(4.0));
        assert_eq!(results.nanoseconds_at("tail-1000", OURS, None), None);
    }

    #[test]
    fn rounds_that_disagree_are_told() {
        assert_eq!(at(&DEQUES, "pair", &[(OURS, 0, 5.0), (OURS, 0, 5.1)]).noise(), None);
        assert!(at(&DEQUES, "pair", &[(OURS, 0, 5.0), (OURS, 0, 6.0)]).noise().is_some());
    }

    #[test]
    fn ours_and_the_peers_are_those_of_the_suite_and_neither_ours_nor_a_floor_is_a_peer() {
        let names = [
            "pooldeque bounded (owner)",
            "packed word alone",
            "VecDeque, no synchronisation",
            "Go poolChain",
        ];
        let results = at(&DEQUES, "pair", &names.map(|name| (name, 0, 1.0)));
        assert_eq!(
            results.row("pair").iter().filter(|it| it.is_peer()).map(|it| it.subject).collect::<Vec<_>>(),
            [names[3]]
        );
        let names = [
            "Go sync.Pool",
            "no pool, system allocator",
            "pooldeque Pool",
            "pooldeque Pool, reset and retain",
        ];
        let results = at(&POOLS, "A-pair", &names.map(|name| (name, 0, 1.0)));
        let row = results.row("A-pair");
        assert!(row.iter().filter(|it| it.is_peer()).map(|it| it.subject).eq(names[..1].iter().copied()));
        assert!(row.iter().filter(|it| it.is_ours()).map(|it| it.subject).eq(names[2..].iter().copied()));
    }

    #[test]
    fn a_result_with_a_size_is_found_by_it() {
        let results =
            at(&POOLS, "miss-unused", &[("pooldeque Pool", 1, 10.0), ("pooldeque Pool", 1000, 20.0)]);
        let of = |size| results.nanoseconds_at("miss-unused", "pooldeque Pool", size);
        assert_eq!(
            [of(Some(1)), of(Some(1000)), of(Some(64)), of(None)],
            [Some(10.0), Some(20.0), None, None]
        );
    }
}
