//! The mutants and files that are left out, each with the reason: `.cargo/mutants.toml`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use regex::Regex;
use toml_edit::{Array, DocumentMut, Value};

use super::tool::Mutant;

/// Where it is, from the project's root: cargo-mutants reads it there, too.
pub(super) const FILE: &str = ".cargo/mutants.toml";

/// What is left out.
pub(super) struct Listing {
    /// Files, by their path.
    files: Vec<Entry>,
    /// Mutants, by regular expressions that their names match.
    mutants: Vec<(Regex, Entry)>,
}

/// Something that is left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) what: String,
    pub(super) why: String,
}

/// The mutants, told apart by the listing.
pub(super) struct Sorted {
    /// Those that a test must notice.
    pub(super) unlisted: Vec<Mutant>,
    /// Those that are left out, by the reason.
    pub(super) listed: Vec<(String, Vec<Mutant>)>,
    /// The files whose mutants do not count at all, with the reason.
    pub(super) files: Vec<Entry>,
}

impl Listing {
    /// Reads the file.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        Self::parse(&text).with_context(|| path.display().to_string())
    }

    fn parse(text: &str) -> Result<Self> {
        let document: DocumentMut = text.parse()?;
        let list = |key: &str| match document.get(key).map(|item| item.as_array()) {
            Some(Some(array)) => entries(array).with_context(|| key.to_owned()),
            Some(None) => bail!("{key} is not a list"),
            None => Ok(Vec::new()),
        };
        let with_pattern = |entry: Entry| Ok((Regex::new(&entry.what)?, entry));
        let mutants = list("exclude_re")?.into_iter().map(with_pattern);
        Ok(Self { files: list("exclude_globs")?, mutants: mutants.collect::<Result<_>>()? })
    }

    /// All the reasons.
    #[cfg(test)]
    pub(super) fn reasons(&self) -> impl Iterator<Item = &str> {
        let mutants = self.mutants.iter().map(|(_, entry)| entry);
        self.files.iter().chain(mutants).map(|entry| entry.why.as_str())
    }

    /// Tells the mutants apart. Refuses an entry that no mutant answers to: it is a thing of the past.
    pub(super) fn sort(&self, all: Vec<Mutant>) -> Result<Sorted> {
        for Entry { what, .. } in &self.files {
            ensure!(
                all.iter().any(|mutant| mutant.file == *what),
                "{FILE}: {what} has no mutants to leave out"
            );
        }
        let mut unlisted = Vec::new();
        let mut listed = vec![Vec::new(); self.mutants.len()];
        for mutant in all {
            if self.files.iter().any(|file| file.what == mutant.file) {
                continue;
            }
            match self.mutants.iter().position(|(pattern, _)| pattern.is_match(&mutant.name)) {
                Some(entry) => listed[entry].push(mutant),
                None => unlisted.push(mutant),
            }
        }
        let reasons = self.mutants.iter().map(|(_, entry)| entry);
        for (Entry { what, .. }, mutants) in reasons.clone().zip(&listed) {
            ensure!(!mutants.is_empty(), "{FILE}: no mutant is left that is called {what}");
        }
        let listed = reasons.map(|entry| entry.why.clone()).zip(listed).collect();
        Ok(Sorted { unlisted, listed, files: self.files.clone() })
    }
}

impl Sorted {
    /// Those that are left out, in one list.
    pub(super) fn all_listed(&self) -> Vec<Mutant> {
        self.listed.iter().flat_map(|(_, mutants)| mutants.clone()).collect()
    }
}

/// The strings of a list, each with the comment above it.
fn entries(array: &Array) -> Result<Vec<Entry>> {
    array.iter().map(entry).collect()
}

fn entry(value: &Value) -> Result<Entry> {
    let what = value.as_str().context("an entry is not a string")?;
    let above = value.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default();
    let lines = above.lines().filter_map(|line| line.trim().strip_prefix('#'));
    let why = lines.map(str::trim).collect::<Vec<_>>().join(" ");
    ensure!(!why.is_empty(), "no comment above {what:?} says why it is left out");
    Ok(Entry { what: what.to_owned(), why })
}

#[cfg(test)]
mod tests {
    use super::super::tool::tests::mutant;
    use super::*;

    const LISTING: &str = "
        exclude_globs = [
            # A model's.
            'src/model.rs',
        ]
        exclude_re = [
            # Nobody
            # can tell.
            'src/a\\.rs:.*replace a -> bool with true',
        ]
    ";

    #[test]
    fn the_reason_is_the_comment_above() {
        let listing = Listing::parse(LISTING).unwrap();
        assert_eq!(listing.files, [Entry { what: "src/model.rs".into(), why: "A model's.".into() }]);
        assert_eq!(listing.mutants[0].1.why, "Nobody can tell.");
    }

    #[test]
    fn an_entry_without_a_reason_is_refused() {
        assert!(Listing::parse("exclude_re = ['a']").is_err());
        assert!(Listing::parse("exclude_re = [\n# Why.\n'a',\n'b']").is_err());
        assert!(Listing::parse("exclude_re = 'a'").is_err());
    }

    #[test]
    fn mutants_are_told_apart() {
        let all = [
            "src/a.rs:1:2: replace a -> bool with true",
            "src/a.rs:1:2: replace a -> bool with false",
            "src/model.rs:1:2: replace start with ()",
        ];
        let sorted = Listing::parse(LISTING).unwrap().sort(all.map(mutant).to_vec()).unwrap();
        assert_eq!(sorted.unlisted, [mutant(all[1])]);
        assert_eq!(sorted.listed, [("Nobody can tell.".to_owned(), vec![mutant(all[0])])]);
    }

    #[test]
    fn an_entry_that_no_mutant_answers_to_is_refused() {
        let listing = Listing::parse(LISTING).unwrap();
        let file_only = vec![mutant("src/model.rs:1:2: replace start with ()")];
        assert!(listing.sort(file_only).is_err());
        let mutant_only = vec![mutant("src/a.rs:1:2: replace a -> bool with true")];
        assert!(listing.sort(mutant_only).is_err());
    }
}
