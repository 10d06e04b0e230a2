//! Running a property over many random programs, and saying over how many.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::env;
use std::fmt::Debug;
use std::fs::OpenOptions;
use std::io::Write;

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, FileFailurePersistence, TestCaseError, TestRunner};

/// What happened in the programs that were run, by name. It shows that the programs reach what they
/// are there to reach.
#[derive(Debug, Default)]
pub struct Tally(BTreeMap<&'static str, u64>);

impl Tally {
    /// It happened.
    pub fn note(&mut self, what: &'static str) {
        self.note_many(what, 1);
    }

    /// It happened so many times.
    pub fn note_many(&mut self, what: &'static str, times: u64) {
        *self.0.entry(what).or_default() += times;
    }

    /// How many times it happened.
    pub fn count(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or(0)
    }

    /// Tells of each thing that happened, as `NAME/WHAT`.
    fn print(&self, name: &str) {
        for (what, count) in &self.0 {
            tell(&format!("{name}/{what}"), *count);
        }
    }
}

/// Prints that `name` was tried so many times, and appends it to the file of results that `cargo xtask verify` reads, if
/// there is to be one.
///
/// # Panics
///
/// If that cannot be written.
pub fn tell(name: &str, count: u64) {
    println!("cases: {name} {count}");
    if let Some(file) = env::var_os("POOLDEQUE_RESULTS") {
        let mut file = OpenOptions::new().create(true).append(true).open(file).expect("the results open");
        // In one piece, for others write as well.
        let line = format!("{{\"kind\":\"cases\",\"name\":{name:?},\"count\":{count}}}\n");
        file.write_all(line.as_bytes()).expect("the results can be written");
    }
}

/// A property to be checked.
#[derive(Debug)]
pub struct Campaign {
    /// What it is called in what is printed, and the name of the file that keeps failing seeds.
    pub name: &'static str,
    /// How many programs to run, unless `PROPTEST_CASES` says.
    pub cases: u32,
    /// How many simpler programs to try when one fails.
    pub shrink_iterations: u32,
    /// What must happen at least once in as many programs.
    pub must_see: &'static [&'static str],
}

impl Campaign {
    /// Runs programs of `strategy` until one fails or enough were run.
    ///
    /// # Panics
    ///
    /// If a program fails, with the simplest that was found to fail; its seed is kept in
    /// `regressions/` and tried first from then on. If something did not happen that must.
    pub fn run<P: Debug>(
        &self,
        strategy: impl Strategy<Value = P>,
        property: impl Fn(P, &mut Tally) -> anyhow::Result<()>,
    ) {
        let seeds = FileFailurePersistence::Direct(format!("regressions/{}.txt", self.name).leak());
        let mut config = Config {
            failure_persistence: Some(Box::new(seeds)),
            max_shrink_iters: self.shrink_iterations,
            ..Config::default()
        };
        if env::var_os("PROPTEST_CASES").is_none() {
            config.cases = self.cases;
        }
        let cases = config.cases;
        let programs = Cell::new(0);
        let tally = RefCell::new(Tally::default());
        let outcome = TestRunner::new(config).run(&strategy, |program| {
            let tally = &mut *tally.borrow_mut();
            programs.set(programs.get() + 1);
            property(program, tally).map_err(|error| TestCaseError::fail(format!("{error:#}")))
        });
        if let Err(failure) = outcome {
            panic!("{}: {failure}", self.name);
        }
        let tally = tally.into_inner();
        tell(self.name, programs.get().into());
        tally.print(self.name);
        assert!(programs.get() >= cases, "only some of {cases} programs ran");
        if cases >= self.cases {
            for what in self.must_see {
                assert!(tally.count(what) > 0, "{}: {what} never happened", self.name);
            }
        }
    }
}
