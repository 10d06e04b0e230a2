//! The steps: what runs, and what it must show.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use regex::Regex;
use serde::{Deserialize, Serialize};

use super::counts::Counts;

/// A choice between effort and thoroughness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Tier {
    /// Minutes.
    Ordinary,
    /// Hours, in as many runs as one likes.
    Deep,
}

/// What the scenarios run on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Runtime {
    /// loom, with a model of the epochs' contract
    Loom,
    /// loom, with crossbeam-epoch itself inside the model
    LoomEpoch,
    /// shuttle
    Shuttle,
    /// real threads
    Std,
}

/// One thing that must hold.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Step {
    /// What filters, logs and reports call it.
    pub(super) name: String,
    /// What holds when it passes.
    pub(super) about: String,
    pub(super) run: Vec<Run>,
    pub(super) some: Vec<String>,
    none: Vec<String>,
    /// Whether it takes too long for the ordinary tier.
    pub(super) deep: bool,
    /// Whether it may have picked nothing.
    #[serde(skip)]
    pub(super) is_picked: bool,
    runtime: Option<Runtime>,
    /// The tests that explore scenarios, and stop at the deadline.
    pub(super) explores: Option<String>,
}

/// A command, and when it has done what it should.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Run {
    pub(super) command: String,
    fails: bool,
    has: Vec<String>,
    lacks: Vec<String>,
}

/// What no step may count.
const NEVER: &str = "tests failed, tests ignored, properties without a case, scenarios that leave programs out, \
    mutants surviving, breaks missed, mutants of the code missed";

impl Tier {
    /// What reports, files and the test programs call it.
    pub(super) fn name(self) -> &'static str {
        if self == Self::Deep { "deep" } else { "ordinary" }
    }
}

impl Runtime {
    /// What steps, reports and the command line call it.
    pub(super) fn name(self) -> &'static str {
        self.build().0
    }

    /// Its name, and the prefix of a command that builds for it: in a folder of its own, so that builds with
    /// other flags stay.
    fn build(self) -> (&'static str, String) {
        let (name, cfgs) = match self {
            Self::Loom => ("loom", "--cfg loom"),
            // With bags small enough to be emptied.
            Self::LoomEpoch => ("loom-epoch", "--cfg loom --cfg crossbeam_loom --cfg crossbeam_sanitize"),
            Self::Shuttle => ("shuttle", "--cfg shuttle"),
            Self::Std => return ("std", String::new()),
        };
        (name, format!("CARGO_TARGET_DIR={{target}}/verify/{name} RUSTFLAGS='{cfgs}' "))
    }
}

impl Step {
    /// One that explores what `pick` picks, under a runtime.
    pub(super) fn picked(runtime: Runtime, pick: Option<&str>) -> Self {
        let pick = pick.and_then(|pick| shlex::try_quote(pick).ok()).map(|pick| format!(" -- {pick}"));
        let tests = "cargo test --release --package pooldeque-loom-tests --test scenarios";
        Self {
            name: runtime.name().to_owned(),
            about: "what was requested passes".to_owned(),
            is_picked: true,
            runtime: Some(runtime),
            explores: Some(format!("{tests}{}", pick.unwrap_or_default())),
            ..Self::default()
        }
    }

    /// With its commands for a tier, remembering in `journal` what is explored.
    pub(super) fn in_tier(mut self, tier: Tier, journal: Option<&str>) -> Self {
        let runtime = self.runtime.unwrap_or(Runtime::Std);
        if let Some(tests) = &self.explores {
            let build = runtime.build().1;
            let mut variables = format!("POOLDEQUE_TIER={}", tier.name());
            let mut run = |command| self.run.push(Run { command, ..Run::default() });
            if let Some(journal) = journal {
                // Built first: a source that somebody changes meanwhile would have its figures in the journal of
                // another one.
                run(format!("{build}{} --no-run", tests.split(" -- ").next().unwrap_or(tests)));
                variables += &format!(" POOLDEQUE_JOURNAL=\"$PWD/{journal}\"");
            }
            run(format!("{build}{variables} {tests}"));
            // That tier has no time to run out of.
            if tier == Tier::Ordinary && !self.is_picked {
                self.none.push("programs left".to_owned());
            }
        }
        for run in &mut self.run {
            for runtime in Runtime::value_variants() {
                let (name, build) = runtime.build();
                run.command = run.command.replace(&format!("{{{name}}} "), &build);
            }
            run.command = run.command.replace("{storm}", if tier == Tier::Deep { "600" } else { "10" });
        }
        self
    }

    /// Judges the step's results.
    pub(super) fn judge(&self, counts: &Counts) -> Result<()> {
        for what in NEVER.split(", ").chain(self.none.iter().map(String::as_str)) {
            let count = counts.get(what);
            ensure!(count == 0, "{count} {what}");
        }
        for what in &self.some {
            ensure!(what.split(" or ").any(|what| counts.get(what) > 0), "no {what}");
        }
        Ok(())
    }

    /// What it runs, as one would type it.
    pub(super) fn commands(&self) -> Vec<String> {
        self.run.iter().map(|run| run.command.replace("{target}", "target")).collect()
    }
}

impl Run {
    /// Judges the command by how it ended and what it said.
    pub(super) fn judge(&self, success: bool, ending: &str, output: &str) -> Result<()> {
        ensure!(success || self.fails, "the command failed ({ending})");
        ensure!(!success || !self.fails, "the command succeeded, and must not");
        for pattern in &self.has {
            ensure!(Regex::new(pattern)?.is_match(output), "the output has nothing like `{pattern}`");
        }
        for pattern in &self.lacks {
            let found = Regex::new(pattern)?.find(output).map(|found| found.as_str().trim());
            ensure!(found.is_none(), "the output has `{}`, and must not", found.unwrap_or_default());
        }
        Ok(())
    }
}

/// All steps, for a tier.
pub(super) fn all(tier: Tier, journal: Option<&str>) -> Result<Vec<Step>> {
    let steps: BTreeMap<String, Vec<Step>> =
        toml::from_str(include_str!("steps.toml")).context("steps.toml cannot be read")?;
    Ok(steps.into_values().flatten().map(|step| step.in_tier(tier, journal)).collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::results::Record;
    use crate::results::tests::scenario;

    #[test]
    fn steps_are_told_apart_by_name_and_all_placeholders_are_filled() {
        let steps = all(Tier::Deep, Some("{target}/a.jsonl")).unwrap();
        let names: BTreeSet<_> = steps.iter().map(|step| &step.name).collect();
        assert_eq!(names.len(), steps.len());
        for typed in steps.iter().flat_map(Step::commands) {
            assert!(!typed.contains(['{', '}']), "{typed}");
            // Builds with other flags leave the ordinary one alone.
            assert_eq!(
                typed.contains("--cfg"),
                typed.starts_with("CARGO_TARGET_DIR=target/verify/"),
                "{typed}"
            );
        }
        for runtime in Runtime::value_variants() {
            assert_eq!(Runtime::from_str(runtime.name(), false), Ok(*runtime));
        }
    }

    #[test]
    fn each_tier_explores_as_much_as_it_should_and_only_the_deep_one_may_leave_something() {
        for (tier, journal) in [(Tier::Ordinary, None), (Tier::Deep, Some("{target}/a.jsonl"))] {
            let models: Vec<_> =
                all(tier, journal).unwrap().into_iter().filter(|it| it.explores.is_some()).collect();
            assert_eq!(models.len(), 4);
            for step in models {
                let says = |whats: &[String], what: &str| whats.iter().any(|it| it == what);
                assert_eq!(says(&step.none, "programs left"), tier == Tier::Ordinary, "{}", step.name);
                assert_eq!(says(&step.some, "mutants killed"), step.name == "loom", "{}", step.name);
                let typed = step.commands().pop().unwrap();
                assert!(typed.contains(&format!("POOLDEQUE_TIER={} ", tier.name())), "{typed}");
            }
        }
    }

    #[test]
    fn the_deep_tier_builds_before_it_writes_into_the_journal_of_what_was_built() {
        let picked =
            |tier, journal| Step::picked(Runtime::Loom, Some("a b")).in_tier(tier, journal).commands();
        let build = "CARGO_TARGET_DIR=target/verify/loom RUSTFLAGS='--cfg loom'";
        let tests = "cargo test --release --package pooldeque-loom-tests --test scenarios";
        let ordinary = format!("{build} POOLDEQUE_TIER=ordinary {tests} -- 'a b'");
        assert_eq!(picked(Tier::Ordinary, None), [ordinary]);
        let deep =
            format!("{build} POOLDEQUE_TIER=deep POOLDEQUE_JOURNAL=\"$PWD/target/a.jsonl\" {tests} -- 'a b'");
        assert_eq!(picked(Tier::Deep, Some("{target}/a.jsonl")), [format!("{build} {tests} --no-run"), deep]);
    }

    #[test]
    fn a_command_is_judged_by_its_ending_before_its_output() {
        let run =
            |fails| Run { command: String::new(), fails, has: vec!["a".into()], lacks: vec!["b.*".into()] };
        let complaint = |run: &Run, success, output| {
            run.judge(success, "exit status: 1", output).unwrap_err().to_string()
        };
        assert_eq!(complaint(&run(false), false, "a"), "the command failed (exit status: 1)");
        assert_eq!(complaint(&run(true), true, "a"), "the command succeeded, and must not");
        assert_eq!(complaint(&run(false), true, "c"), "the output has nothing like `a`");
        assert_eq!(complaint(&run(true), false, "a bc"), "the output has `bc`, and must not");
        assert!(run(true).judge(false, "", "a").is_ok() && run(false).judge(true, "", "a").is_ok());
    }

    #[test]
    fn a_step_that_did_nothing_or_found_something_is_refused() {
        let tests = |passed, failed, ignored, filtered| Record::Tests { passed, failed, ignored, filtered };
        let complaint = |step: &Step, records: &[Record]| {
            step.judge(&Counts::of(records)).err().map(|error| error.to_string()).unwrap_or_default()
        };
        let steps = all(Tier::Ordinary, None).unwrap();
        let of = |name: &str, records: &[Record]| {
            complaint(steps.iter().find(|step| step.name == name).unwrap(), records)
        };
        assert_eq!(of("std", &[tests(2, 0, 0, 0)]), "");
        assert_eq!(of("std", &[]), "no tests");
        assert_eq!(of("format", &[tests(2, 1, 0, 0)]), "1 tests failed");
        assert_eq!(of("format", &[tests(2, 0, 1, 0)]), "1 tests ignored");
        assert_eq!(of("std", &[tests(2, 0, 0, 3)]), "3 tests filtered out");
        assert_eq!(of("properties", &[tests(2, 0, 0, 0)]), "no cases");
        assert_eq!(of("shuttle", &[tests(2, 0, 0, 0)]), "no scenarios or programs left");
        assert_eq!(of("shuttle", &[tests(2, 0, 0, 0), scenario(|_| ())]), "");
        let without_rings = scenario(|it| it.rings_freed = 0);
        assert_eq!(of("shuttle", &[tests(2, 0, 0, 0), without_rings]), "no rings freed or programs left");
        assert_eq!(of("loom", &[tests(2, 0, 0, 0), scenario(|_| ())]), "no mutants killed");
        let idle = scenario(|it| it.executions = 1);
        assert_eq!(of("shuttle", &[tests(2, 0, 0, 0), idle.clone()]), "1 scenarios of one execution");
        let picked = Step::picked(Runtime::Std, None).in_tier(Tier::Ordinary, None);
        assert_eq!(complaint(&picked, &[tests(2, 0, 0, 3), idle]), "");
        assert_ne!(complaint(&picked, &[scenario(|it| it.executions = 0)]), "");
        assert_eq!(of("breaks", &[]), "no breaks caught");
        let code = |caught, missed| Record::CodeMutants { caught, timeouts: 0, unviable: 9, missed };
        assert_eq!(of("mutants", &[code(0, 0)]), "no mutants of the code caught");
        assert_eq!(of("mutants", &[code(40, 2)]), "2 mutants of the code missed");
        assert_eq!(of("mutants", &[code(40, 0)]), "");
        assert!(of("sanitizers", &[]).starts_with("no programs clean"));
        assert_eq!(of("sanitizers", &[Record::NotRun { what: "thread: no nightly".into() }]), "");
    }

    /// What the command of a step says to an output.
    fn judge(name: &str, command: usize, output: &str) -> bool {
        let steps = all(Tier::Ordinary, None).unwrap();
        let run = &steps.iter().find(|step| step.name == name).unwrap().run[command];
        run.judge(!run.fails, "", output).is_ok()
    }

    #[test]
    fn the_package_is_what_it_should_be() {
        let listing = "CHANGELOG.md\nCargo.toml\nLICENSE-APACHE\nLICENSE-MIT\nREADME.md\nsrc/lib.rs\n";
        assert!(judge("package", 0, listing));
        assert!(!judge("package", 0, &listing.replace("README", "READYOU")));
        assert!(!judge("package", 0, &format!("{listing}xtask/src/main.rs\n")));
        assert!(
            judge("package", 1, "   Packaging pooldeque\n") && !judge("package", 1, "warning: no homepage\n")
        );
        let two = "pooldeque v0.1.0 (/somewhere)\ncrossbeam-epoch v0.9.18\ncrossbeam-utils v0.8.20 (*)\n";
        let three = format!("{two}libc v0.2.178");
        assert!(judge("package", 2, two) && judge("package", 3, &three));
        assert!(!judge("package", 2, &three) && !judge("package", 3, two) && !judge("package", 2, ""));
    }

    #[test]
    fn a_control_that_fails_for_another_reason_is_refused() {
        let duplicate =
            "error[E0152]: found duplicate lang item `panic_impl`\n  first defined in crate `std`";
        assert!(judge("no-std", 2, duplicate) && !judge("no-std", 2, "error: no space left on device"));
        let told = "error: pooldeque needs a target with 64-bit atomics";
        let other = "error[E0432]: unresolved import `core::fmt`";
        assert!(judge("64-bit-atomics", 1, told) && !judge("64-bit-atomics", 1, other));
        assert!(judge("64-bit-atomics", 3, other) && !judge("64-bit-atomics", 3, told));
    }
}
