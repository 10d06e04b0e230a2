//! Results of runs: test programs and commands append a line of JSON for each thing they did to the file that a variable
//! names.

use std::env;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// The variable that names the file. Without it no results are written.
pub(crate) const RESULTS: &str = "POOLDEQUE_RESULTS";

/// A name, or the first line of a message, if there is one.
type Said = Option<String>;

/// A thing that was done.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Record {
    /// What a test program's last line says.
    Tests { passed: u64, failed: u64, ignored: u64, filtered: u64 },
    /// How many cases a property tried, or, for `NAME/WHAT`, how many times something happened in them.
    Cases { name: String, count: u64 },
    /// A scenario, or a family of programs that were enumerated, was explored.
    Scenario(Scenario),
    /// There was no time for these programs.
    Left { name: String, program: String, runtime: String, search: String, programs: u64 },
    /// A memory ordering was made weaker.
    Mutant {
        site: String,
        ordering: String,
        weakened: String,
        killed_by: Said,
        because: Said,
        executions: u64,
    },
    /// A program that uses the deque was tried with a defect of its own.
    Defect { defect: String, runtime: String, caught_by: Said, because: Said, executions: u64 },
    /// The crate itself was broken. What noticed is empty if nothing did; the seconds are those of all checkers.
    Break { name: String, caught: Vec<Caught>, seconds: f64 },
    /// So many mutants of the crate's code met this end.
    CodeMutants { caught: u64, timeouts: u64, unviable: u64, missed: u64 },
    /// A program ran clean under a sanitizer.
    Sanitized { sanitizer: String, what: String, seconds: f64 },
    /// Something could not be done here.
    NotRun { what: String },
}

/// The first scenario that noticed a break under a checker.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Caught {
    /// loom or shuttle.
    pub(crate) runtime: String,
    pub(crate) scenario: String,
    /// How the executions were chosen: explored, `all_states`, and so on.
    pub(crate) search: String,
    /// The number of the execution that failed; none if it took the process with it.
    pub(crate) execution: Option<u64>,
    /// What it said.
    pub(crate) because: String,
}

/// What was explored.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub(crate) struct Scenario {
    pub(crate) name: String,
    /// What the threads do; of a family of programs, what they have in common.
    pub(crate) program: String,
    /// loom, loom-epoch, shuttle or std.
    pub(crate) runtime: String,
    /// How the executions were chosen.
    pub(crate) search: String,
    pub(crate) programs: u64,
    pub(crate) threads: u64,
    /// How many operations run side by side.
    pub(crate) operations: u64,
    /// The bound on preemptions, if there is one.
    pub(crate) bound: Option<u64>,
    pub(crate) executions: u64,
    /// Whether those were provably all.
    pub(crate) complete: bool,
    /// How many programs had too many executions and were cut off.
    #[serde(default)]
    pub(crate) unfinished: u64,
    /// Whether all of it was explored by an earlier run.
    #[serde(default)]
    pub(crate) earlier: bool,
    pub(crate) seconds: f64,
    pub(crate) rings_freed: u64,
}

/// What the names of families begin with.
const FAMILY: &str = "every_program/";

impl Scenario {
    /// Whether it is a family of programs.
    pub(crate) fn is_family(&self) -> bool {
        self.programs > 1 || self.name.starts_with(FAMILY)
    }

    /// What is in `every_program/ring2-holds1/s,s`: the structure, where it starts, and the thieves.
    pub(crate) fn family(&self) -> Option<(&str, &str, &str)> {
        let (start, thieves) = self.name.strip_prefix(FAMILY)?.split_once('/')?;
        let structure = start.split(|letter: char| !letter.is_ascii_alphabetic()).next()?;
        Some((structure, start, thieves))
    }

    /// Whether its executions are a choice among those there are, and not all of some kind.
    pub(crate) fn is_sample(&self) -> bool {
        !matches!(self.search.as_str(), "explored" | "exhaustive" | "RC11" | "IMM")
    }

    /// How the executions were chosen, the bound included.
    pub(crate) fn search_and_bound(&self) -> String {
        match (self.search.as_str(), self.bound) {
            ("explored", Some(bound)) => format!("{bound} preemptions"),
            ("explored", None) => "no bound".to_owned(),
            ("exhaustive", _) => "every schedule".to_owned(),
            (search, _) => search.to_owned(),
        }
    }
}

/// Appends a record to that file.
pub(crate) fn append(record: &Record) -> Result<()> {
    let Some(file) = env::var_os(RESULTS) else { return Ok(()) };
    let line = format!("{}\n", serde_json::to_string(record)?);
    let mut file =
        OpenOptions::new().create(true).append(true).open(&file).context("cannot write results")?;
    Ok(file.write_all(line.as_bytes())?)
}

/// All records of a file; none if there is no file.
pub(crate) fn read(path: &Path) -> Result<Vec<Record>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let record =
        |line| serde_json::from_str(line).with_context(|| format!("results that cannot be read: {line}"));
    text.lines().map(record).collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A scenario as the model tests report it, with changes.
    pub(crate) fn scenario(change: impl FnOnce(&mut Scenario)) -> Record {
        let line = r#"{"name":"last_item","program":"ring2/+/s","runtime":"loom","search":"explored","programs":1,"threads":2,"operations":5,"bound":3,"executions":2257,"histories":7,"complete":false,"seconds":0.06,"rings_freed":12}"#;
        let mut scenario = serde_json::from_str(line).unwrap();
        change(&mut scenario);
        Record::Scenario(scenario)
    }

    /// A family of programs that starts at `start`.
    pub(crate) fn family(start: &str, programs: u64, executions: u64) -> Record {
        scenario(|it| {
            it.name = format!("every_program/{start}/s,s");
            (it.programs, it.executions, it.seconds, it.rings_freed) = (programs, executions, 2.5, 0);
        })
    }

    #[test]
    fn what_was_told_is_read_and_what_is_no_record_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("results.jsonl");
        assert_eq!(read(&file).unwrap(), []);
        let record = scenario(|_| ());
        fs::write(&file, format!("{}\n", serde_json::to_string(&record).unwrap())).unwrap();
        assert_eq!(read(&file).unwrap(), [record]);
        for line in [r#"{"kind":"scenario","name":"a"}"#, r#"{"kind":"unheard_of"}"#, r#"{"kind":"left","#] {
            fs::write(&file, line).unwrap();
            assert!(read(&file).is_err(), "{line}");
        }
    }

    #[test]
    fn families_say_what_their_programs_are_for_and_searches_how_they_chose() {
        let Record::Scenario(mut it) = family("bounded2-wrap-holds1", 40, 90) else { panic!("no scenario") };
        assert_eq!(it.family(), Some(("bounded", "bounded2-wrap-holds1", "s,s")));
        assert_eq!((it.search_and_bound(), it.is_sample()), ("3 preemptions".to_owned(), false));
        it.bound = None;
        assert_eq!(it.search_and_bound(), "no bound");
        for sample in ["pct3", "random", "repeated", "of a new kind"] {
            it.search = sample.to_owned();
            assert_eq!((it.search_and_bound(), it.is_sample()), (sample.to_owned(), true));
        }
    }
}
