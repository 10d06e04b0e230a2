//! What became of each mutant in the end.

use std::collections::BTreeMap;

use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{CellAlignment, Table};

use super::pass::{Fate, Pass, Tried};
use super::tool::Mutant;

/// The mutants that were tried, and the passes they went through.
pub(super) struct Results {
    mutants: Vec<Mutant>,
    pub(super) passes: Vec<Tried>,
}

/// How it ended with a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    CaughtOnThreads,
    CaughtInModels,
    Hung,
    Unviable,
    Listed,
    Survived,
}

impl End {
    /// All of them, as the table calls them.
    const ALL: [(Self, &str); 6] = [
        (Self::CaughtOnThreads, "caught on threads"),
        (Self::CaughtInModels, "caught in models"),
        (Self::Hung, "hung"),
        (Self::Unviable, "do not compile"),
        (Self::Listed, "listed"),
        (Self::Survived, "survived"),
    ];
}

impl Results {
    /// Nothing tried yet.
    pub(super) fn of(mutants: Vec<Mutant>) -> Self {
        Self { mutants, passes: Vec::new() }
    }

    /// Another pass.
    pub(super) fn add(&mut self, tried: Tried) {
        self.passes.push(tried);
    }

    fn end(&self, mutant: &Mutant) -> End {
        let mut end = End::Survived;
        for Tried { pass, fates, .. } in &self.passes {
            end = match fates.get(&mutant.name) {
                Some(Fate::Caught) if *pass == Pass::LOOM.name => End::CaughtInModels,
                Some(Fate::Caught) => End::CaughtOnThreads,
                Some(Fate::Hung) => End::Hung,
                // What does not compile in a later pass has survived the first all the same.
                Some(Fate::Unviable) if *pass == Pass::STD.name => End::Unviable,
                Some(Fate::Unviable | Fate::Missed) | None => end,
            };
        }
        end
    }

    fn which(&self, has: impl Fn(End) -> bool) -> Vec<Mutant> {
        self.mutants.iter().filter(|mutant| has(self.end(mutant))).cloned().collect()
    }

    /// The mutants that no test has noticed so far.
    pub(super) fn survivors(&self) -> Vec<Mutant> {
        self.which(|end| end == End::Survived)
    }

    /// The mutants that the tests did not come to the end of.
    pub(super) fn hung(&self) -> Vec<Mutant> {
        self.which(|end| end == End::Hung)
    }

    /// The mutants that a test has noticed.
    pub(super) fn noticed(&self) -> Vec<Mutant> {
        self.which(|end| matches!(end, End::CaughtOnThreads | End::CaughtInModels | End::Hung))
    }

    /// A line a file, and the sum; `listed` are mutants that were not tried.
    pub(super) fn table(&self, listed: &[Mutant]) -> Table {
        let tried = self.mutants.iter().map(|mutant| (mutant.file.as_str(), self.end(mutant)));
        let listed = listed.iter().map(|mutant| (mutant.file.as_str(), End::Listed));
        let mut counts = BTreeMap::<&str, BTreeMap<End, usize>>::new();
        for (file, end) in tried.chain(listed) {
            for line in [file, "together"] {
                *counts.entry(line).or_default().entry(end).or_default() += 1;
            }
        }
        let mut table = Table::new();
        let header = ["", "mutants"].into_iter().chain(End::ALL.map(|(_, name)| name));
        table.load_preset(UTF8_BORDERS_ONLY).set_header(header);
        // The files' paths come before the sum in the order of the alphabet.
        for (line, count) in counts {
            let all = count.values().sum::<usize>();
            let of_each = End::ALL.map(|(end, _)| count.get(&end).copied().unwrap_or_default());
            let cells = [all].into_iter().chain(of_each);
            table.add_row([line.to_owned()].into_iter().chain(cells.map(|count| count.to_string())));
        }
        for column in table.column_iter_mut().skip(1) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        table
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::time::Duration;

    use comfy_table::Cell;

    use super::super::tool::tests::mutant;
    use super::*;

    const NAMES: [&str; 5] = ["src/a.rs: 0", "src/a.rs: 1", "src/a.rs: 2", "src/b.rs: 3", "src/b.rs: 4"];

    fn tried(pass: &'static str, fates: &[(&str, Fate)]) -> Tried {
        let fates = fates.iter().map(|(name, fate)| ((*name).to_owned(), *fate)).collect();
        Tried { pass, command: format!("cargo {pass}"), fates, took: Duration::from_secs(100) }
    }

    /// Five mutants, one for each way to end but the last two, and one that survives.
    pub(in super::super) fn results() -> Results {
        let mut results = Results::of(NAMES.map(mutant).to_vec());
        let std = [Fate::Caught, Fate::Hung, Fate::Missed, Fate::Unviable, Fate::Missed];
        results.add(tried("std", &NAMES.into_iter().zip(std).collect::<Vec<_>>()));
        results.add(tried("loom", &[(NAMES[2], Fate::Caught), (NAMES[4], Fate::Unviable)]));
        results
    }

    #[test]
    fn a_mutant_survives_unless_a_pass_noticed_it() {
        let results = results();
        assert_eq!(results.survivors(), [mutant(NAMES[4])]);
        assert_eq!(results.noticed(), [NAMES[0], NAMES[1], NAMES[2]].map(mutant));
        assert_eq!(results.hung(), [mutant(NAMES[1])]);
    }

    #[test]
    fn nothing_tried_is_survived() {
        assert_eq!(Results::of(vec![mutant(NAMES[0])]).survivors(), [mutant(NAMES[0])]);
    }

    #[test]
    fn each_file_has_a_line_and_the_sum_comes_last() {
        let table = results().table(&[mutant("src/b.rs: 5")]);
        let rows: Vec<Vec<_>> =
            table.row_iter().map(|row| row.cell_iter().map(Cell::content).collect()).collect();
        let expected = [
            ["src/a.rs", "3", "1", "1", "1", "0", "0", "0"],
            ["src/b.rs", "3", "0", "0", "0", "1", "1", "1"],
            ["together", "6", "1", "1", "1", "1", "1", "1"],
        ];
        assert_eq!(rows, expected);
    }
}
