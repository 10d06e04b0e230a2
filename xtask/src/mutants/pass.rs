//! Trying mutants on a choice of the tests.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use serde_json::Value;

use super::places::{Places, cargo};
use super::tool::{Mutant, Tool};

/// A choice of the tests, and how they are built.
pub(super) struct Pass {
    /// What the report calls it, and the folders of what it leaves.
    pub(super) name: &'static str,
    /// The compiler's flags.
    flags: &'static str,
    /// Cargo's profile: of the one each mutant is built sooner, of the other it is tried sooner.
    profile: &'static str,
    packages: &'static [&'static str],
    /// The targets of those packages whose tests are run.
    targets: &'static [&'static str],
    /// Whether the library is built with the standard library.
    default_features: bool,
    /// What the tests themselves are told.
    told: &'static [&'static str],
}

/// The unit tests that compare the library's source with its documentation. They miss an ordering's site
/// where a mutant has taken it out, but know nothing of what that does.
const COMPARES_TEXTS: &str = "order::page";

const NO_DEFAULT_FEATURES: &str = "--no-default-features";

/// What became of a mutant in a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// A test failed.
    Caught,
    /// The tests did not end: they went round in circles, or waited for what never came.
    Hung,
    /// It does not compile.
    Unviable,
    /// All tests passed.
    Missed,
}

/// What a pass came to.
pub(super) struct Tried {
    pub(super) pass: &'static str,
    pub(super) command: String,
    pub(super) fates: BTreeMap<String, Fate>,
    pub(super) took: Duration,
}

/// The file in which cargo-mutants leaves what became of each mutant.
#[derive(Deserialize)]
struct Outcomes {
    outcomes: Vec<Outcome>,
}

#[derive(Deserialize)]
struct Outcome {
    /// `Baseline`, or `Mutant` with what is known of it.
    scenario: Value,
    summary: String,
}

impl Pass {
    /// The tests on real threads that look at what the deques do.
    ///
    /// Left out are those that cost much and see no mutant that these do not: `compile` and
    /// `auto_traits` look at types, which no mutant changes; `docs` compares texts; `search` runs the
    /// example, which has its deque for one use among many; each doctest is a program to be linked.
    pub(super) const STD: Self = Self {
        name: "std",
        flags: "",
        profile: "test",
        packages: &["pooldeque", "pooldeque-proptests"],
        targets: &[
            "--lib",
            "--test=allocation",
            "--test=forgotten_batches",
            "--test=forgotten_memory",
            "--test=hostile",
            "--test=outside",
            "--test=concurrent",
            "--test=golden_traces",
            "--test=handles",
            "--test=raw_ring_and_chain",
        ],
        default_features: true,
        told: &["--skip", COMPARES_TEXTS],
    };

    /// The unit tests without the standard library, for the code that is there only then.
    pub(super) const NO_STD: Self = Self {
        name: "no-std",
        flags: "",
        profile: "test",
        packages: &["pooldeque"],
        targets: &["--lib"],
        default_features: false,
        told: &["--skip", COMPARES_TEXTS],
    };

    /// The scenarios under loom. Left out are the hunts for weaker orderings and for the defects of the
    /// doubles: those bring changes of their own, and the doubles are another code.
    pub(super) const LOOM: Self = Self {
        name: "loom",
        flags: "--cfg loom",
        profile: "release",
        packages: &["pooldeque-loom-tests"],
        targets: &["--test=scenarios"],
        default_features: true,
        told: &["--skip", "every_ordering_is_needed", "--skip", "every_defect_is_caught"],
    };

    /// How long the tests may take at the least before they count as hung, however quick they are
    /// otherwise: the machine may have other work.
    const PATIENCE: Duration = Duration::from_secs(40);

    /// Tries each of `mutants`, after the code as it is. The tests count as hung after three times what
    /// they take on that.
    pub(super) fn run(&self, tool: &Tool, places: &Places, mutants: &[Mutant]) -> Result<Tried> {
        let limit = (self.time_unchanged(places)? * 3).max(Self::PATIENCE);
        println!("{}: {} mutants, each for {} s at most", self.name, mutants.len(), limit.as_secs());
        let results = places.results(self.name);
        fs::create_dir_all(&results)?;
        let began = Instant::now();
        let mut command = tool.command();
        // The copy is ours to change, and what was built of it stays.
        command.args(["--in-place", "--baseline", "skip", "--cap-lints", "true", "--output"]).arg(&results);
        command.args(["--profile", self.profile, "--timeout", &limit.as_secs().to_string()]);
        command.args(["--test-package", &self.packages.join(",")]);
        command.args(self.targets.iter().map(|target| format!("--cargo-arg={target}")));
        command.args((!self.default_features).then_some(NO_DEFAULT_FEATURES));
        command.args(mutants.iter().map(|mutant| format!("--re=^{}$", regex::escape(&mutant.name))));
        command.arg("--").arg("--").args(self.told);
        self.prepare(&mut command, places, self.flags);
        // 2: some were missed. 3: some hung. Neither is an error here.
        let status = command.status().context("cargo-mutants does not run")?;
        ensure!(matches!(status.code(), Some(0 | 2 | 3)), "cargo-mutants failed ({status})");

        let outcomes = fs::read(results.join("mutants.out/outcomes.json"))?;
        let fates = fates(&outcomes)?;
        for mutant in mutants {
            ensure!(fates.contains_key(&mutant.name), "cargo-mutants left out {}", mutant.name);
        }
        Ok(Tried { pass: self.name, command: self.to_type(), fates, took: began.elapsed() })
    }

    /// How long the tests take on the code as it is, which they must let pass.
    fn time_unchanged(&self, places: &Places) -> Result<Duration> {
        println!("{}: the code as it is", self.name);
        let mut took = Duration::ZERO;
        for only_build in [true, false] {
            let began = Instant::now();
            let mut command = cargo();
            command.current_dir(places.tree()).args(self.test_command());
            command.args(only_build.then_some("--no-run"));
            command.arg("--quiet").arg("--").args(self.told);
            // As cargo-mutants has it when told to cap lints, lest everything be built again.
            self.prepare(&mut command, places, format!("{} --cap-lints=warn", self.flags).trim_start());
            let output = command.output()?;
            if !output.status.success() {
                let said = [output.stdout, output.stderr].concat();
                bail!("the tests fail as it is:\n{}", String::from_utf8_lossy(&said));
            }
            took = began.elapsed();
        }
        Ok(took)
    }

    /// What both of these commands need: lints that complain of a mutant are no test, and there is
    /// nobody to read its debug information.
    fn prepare(&self, command: &mut Command, places: &Places, flags: &str) {
        command.env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTFLAGS", flags);
        command.env("CARGO_TARGET_DIR", places.build(self.name));
        command.env("CARGO_PROFILE_DEV_DEBUG", "false").env("CARGO_PROFILE_TEST_DEBUG", "false");
    }

    fn test_command(&self) -> Vec<String> {
        let mut words = vec!["test".to_owned(), format!("--profile={}", self.profile)];
        words.extend(self.packages.iter().map(|package| format!("--package={package}")));
        words.extend(self.targets.iter().map(|target| (*target).to_owned()));
        words.extend((!self.default_features).then(|| NO_DEFAULT_FEATURES.to_owned()));
        words
    }

    /// The tests' command as a line to type.
    fn to_type(&self) -> String {
        let mut line =
            if self.flags.is_empty() { String::new() } else { format!("RUSTFLAGS={:?} ", self.flags) };
        line += "cargo ";
        line += &self.test_command().join(" ");
        if !self.told.is_empty() {
            line += " -- ";
            line += &self.told.join(" ");
        }
        line
    }
}

/// Reads what became of each mutant, by its name.
fn fates(outcomes: &[u8]) -> Result<BTreeMap<String, Fate>> {
    let Outcomes { outcomes } =
        serde_json::from_slice(outcomes).context("cannot read what became of them")?;
    let mut fates = BTreeMap::new();
    for Outcome { scenario, summary } in outcomes {
        let Some(name) = scenario["Mutant"]["name"].as_str() else { continue };
        let fate = match summary.as_str() {
            "CaughtMutant" => Fate::Caught,
            "Timeout" => Fate::Hung,
            "Unviable" => Fate::Unviable,
            "MissedMutant" => Fate::Missed,
            other => bail!("{name} ended as {other}"),
        };
        fates.insert(name.to_owned(), fate);
    }
    Ok(fates)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fates_are_read() {
        let outcomes = r#"{"outcomes": [
            {"scenario": "Baseline", "summary": "Success"},
            {"scenario": {"Mutant": {"name": "a", "file": "src/a.rs"}}, "summary": "CaughtMutant"},
            {"scenario": {"Mutant": {"name": "b"}}, "summary": "MissedMutant"},
            {"scenario": {"Mutant": {"name": "c"}}, "summary": "Timeout"},
            {"scenario": {"Mutant": {"name": "d"}}, "summary": "Unviable"}
        ], "missed": 1}"#;
        let fates = fates(outcomes.as_bytes()).unwrap();
        let fates: Vec<_> = fates.iter().map(|(name, fate)| (name.as_str(), *fate)).collect();
        let expected = [("a", Fate::Caught), ("b", Fate::Missed), ("c", Fate::Hung), ("d", Fate::Unviable)];
        assert_eq!(fates, expected);
    }

    #[test]
    fn an_end_that_nobody_knows_is_an_error() {
        let outcomes = r#"{"outcomes": [{"scenario": {"Mutant": {"name": "a"}}, "summary": "Failure"}]}"#;
        assert!(fates(outcomes.as_bytes()).is_err());
    }

    #[test]
    fn the_commands_can_be_typed() {
        let typed = Pass::LOOM.to_type();
        assert!(
            typed.starts_with("RUSTFLAGS=\"--cfg loom\" cargo test --profile=release --package="),
            "{typed}"
        );
        assert!(Pass::STD.to_type().starts_with("cargo test --profile=test --package=pooldeque "));
    }
}
