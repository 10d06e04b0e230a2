//! What a long run has explored, so that the next one continues it.
//!
//! A file of JSON lines that all processes of a run append to. The caller must name a file
//! whose entries were explored on this code.

use std::collections::HashMap;
use std::env;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The variable that names the file. Without it nothing is remembered.
pub const JOURNAL: &str = "POOLDEQUE_JOURNAL";

/// What is remembered of the exploration of one program.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub struct Entry {
    /// loom, shuttle or std.
    pub runtime: String,
    /// The program's name.
    pub program: String,
    /// The search, in its words.
    pub search: String,
    /// How many executions there were.
    pub executions: u64,
    /// How many distinct histories they had.
    pub histories: usize,
    /// How many rings were freed.
    pub rings_freed: u64,
    /// Whether they were provably all.
    pub complete: bool,
    /// Whether it stopped at the most executions a program may have.
    pub cut_off: bool,
    /// How long it took.
    pub seconds: f64,
}

/// The entries of a file, and the way to add to it.
#[derive(Debug, Default)]
pub struct Journal {
    file: Option<PathBuf>,
    entries: HashMap<(String, String, String), Entry>,
}

impl Journal {
    /// The journal that the environment names, or one that remembers nothing.
    ///
    /// # Panics
    ///
    /// If the file cannot be read.
    #[must_use]
    pub fn of_this_run() -> Self {
        env::var_os(JOURNAL).map_or_else(Self::default, |file| Self::open(file.into()))
    }

    /// The journal in `file`, which need not be there yet.
    ///
    /// # Panics
    ///
    /// If the file is there and cannot be read.
    #[must_use]
    pub fn open(file: PathBuf) -> Self {
        let text = if file.exists() {
            fs::read_to_string(&file).unwrap_or_else(|why| panic!("{}: {why}", file.display()))
        } else {
            String::new()
        };
        // A process that was killed may have left half a line.
        let entries = text.lines().filter_map(|line| serde_json::from_str::<Entry>(line).ok());
        let entries = entries.map(|entry| (entry.key(), entry)).collect();
        Self { file: Some(file), entries }
    }

    /// What is remembered of this exploration.
    #[must_use]
    pub fn find(&self, runtime: &str, program: &str, search: &str) -> Option<&Entry> {
        self.entries.get(&(runtime.into(), program.into(), search.into()))
    }

    /// Remembers an exploration.
    ///
    /// # Panics
    ///
    /// If it cannot be written.
    pub fn add(&self, entry: &Entry) {
        let Some(file) = &self.file else { return };
        // On a line of its own even behind half a line; and in one piece, for others write as well.
        let line = format!("\n{}\n", serde_json::to_string(entry).expect("entries are plain data"));
        let mut file = OpenOptions::new().create(true).append(true).open(file).expect("the journal opens");
        file.write_all(line.as_bytes()).expect("the journal can be written");
    }
}

impl Entry {
    fn key(&self) -> (String, String, String) {
        (self.runtime.clone(), self.program.clone(), self.search.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(program: &str) -> Entry {
        Entry {
            runtime: "loom".into(),
            program: program.into(),
            search: "no bound".into(),
            executions: 7,
            histories: 3,
            rings_freed: 1,
            complete: false,
            cut_off: false,
            seconds: 0.5,
        }
    }

    #[test]
    fn what_was_added_is_found_by_the_next_run_and_half_a_line_does_no_harm() {
        let file = env::temp_dir().join(format!("pooldeque-journal-{}", std::process::id()));
        let journal = Journal::open(file.clone());
        journal.add(&entry("ring1/+/s"));
        fs::write(&file, fs::read_to_string(&file).unwrap() + "{\"runtime\":\"lo").unwrap();
        journal.add(&entry("ring1/-/s"));
        let next = Journal::open(file.clone());
        fs::remove_file(file).unwrap();
        assert_eq!(next.find("loom", "ring1/+/s", "no bound"), Some(&entry("ring1/+/s")));
        assert_eq!(next.find("loom", "ring1/-/s", "no bound"), Some(&entry("ring1/-/s")));
        assert_eq!(next.find("shuttle", "ring1/-/s", "no bound"), None);
        assert_eq!(next.find("loom", "ring1/-/s", "3 preemptions"), None);
    }

    #[test]
    fn without_a_file_nothing_is_remembered() {
        let journal = Journal::default();
        journal.add(&entry("ring1/+/s"));
        assert_eq!(journal.find("loom", "ring1/+/s", "no bound"), None);
    }
}
