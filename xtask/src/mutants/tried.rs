//! What a pass has tried already, on the code as it is now.
//!
//! cargo-mutants can go on where it stopped (`--iterate`), but then tries all survivors and all that did not end once
//! more, which takes the longest. So the ends are kept here, and it is told what to try.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// How it ends with a mutant, as cargo-mutants calls it: it writes a list of names for each.
pub(super) const ENDS: [&str; 4] = ["caught", "timeout", "unviable", "missed"];

/// How it ended with each mutant, by its name.
pub(super) type Fates = BTreeMap<String, String>;

/// What has been tried.
pub(super) struct Tried {
    /// Where cargo-mutants writes.
    pub(super) folder: PathBuf,
    pub(super) fates: Fates,
}

impl Tried {
    /// What was tried on this state of the code, by however many runs.
    pub(super) fn on(folder: &Path, code: &str) -> Result<Self> {
        let folder = folder.join(code);
        fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        // Another version of this command may have written something else: then nothing has been tried.
        let text = fs::read(folder.join("tried.json")).ok();
        let fates = text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default();
        let mut tried = Self { folder, fates };
        // The last run may have been killed before it could do this.
        tried.collect()?;
        Ok(tried)
    }

    /// Notes what cargo-mutants has written, which it puts away when it begins again.
    pub(super) fn collect(&mut self) -> Result<()> {
        for end in ENDS {
            let list = self.folder.join(format!("mutants.out/{end}.txt"));
            let names = if list.exists() { fs::read_to_string(list)? } else { String::new() };
            self.fates.extend(names.lines().map(|name| (name.to_owned(), end.to_owned())));
        }
        self.keep()
    }

    /// Forgets these, to try them again.
    pub(super) fn forget<'a>(&mut self, names: impl IntoIterator<Item = &'a String>) -> Result<()> {
        for name in names {
            self.fates.remove(name);
        }
        let written = self.folder.join("mutants.out");
        if written.exists() {
            fs::remove_dir_all(written)?;
        }
        self.keep()
    }

    fn keep(&self) -> Result<()> {
        let (file, new) = (self.folder.join("tried.json"), self.folder.join("tried.json.new"));
        fs::write(&new, serde_json::to_string_pretty(&self.fates)?).context("cannot keep what was tried")?;
        // In one step: an interruption leaves the old file or the new one.
        fs::rename(new, file).context("cannot keep what was tried")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_run_wrote_is_known_to_the_next_on_the_same_code_even_if_it_was_killed() {
        let folder = tempfile::tempdir().unwrap();
        let on = |code| Tried::on(folder.path(), code).unwrap();
        let write = |list: &str, names: &str| {
            let lists = folder.path().join("one/mutants.out");
            fs::create_dir_all(&lists).unwrap();
            fs::write(lists.join(list), names).unwrap();
        };
        let fates = |pairs: &[(&str, &str)]| -> Fates {
            pairs.iter().map(|(name, end)| ((*name).to_owned(), (*end).to_owned())).collect()
        };
        assert!(on("one").fates.is_empty());
        write("caught.txt", "a\nb\n");
        write("timeout.txt", "c\n");
        assert_eq!(on("one").fates, fates(&[("a", "caught"), ("b", "caught"), ("c", "timeout")]));
        fs::remove_dir_all(folder.path().join("one/mutants.out")).unwrap();
        write("missed.txt", "d\n");
        let mut tried = on("one");
        assert_eq!(
            tried.fates,
            fates(&[("a", "caught"), ("b", "caught"), ("c", "timeout"), ("d", "missed")])
        );
        assert!(on("two").fates.is_empty());
        tried.forget([&"d".to_owned(), &"a".to_owned()]).unwrap();
        assert_eq!(on("one").fates, fates(&[("b", "caught"), ("c", "timeout")]));
    }
}
