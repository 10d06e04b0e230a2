//! One scenario, one site, one runtime.

use anyhow::{Result, ensure};

use super::evidence::Evidence;
use super::extent::Extent;
use super::runtime::Runtime;
use super::step::Step;

/// What of the scenarios to run, and nothing else.
#[derive(Default, clap::Args)]
pub(super) struct Filter {
    /// Run only the scenarios with this in their name, or this program, such as ring2/++-/ss
    #[arg(long, value_name = "NAME|PROGRAM", conflicts_with_all = ["site", "steps"])]
    scenario: Option<String>,
    /// Make only the orderings of this site in src/order.rs weaker
    #[arg(long, value_name = "SITE", conflicts_with = "steps")]
    site: Option<String>,
    /// Run only what runs on this
    #[arg(long, value_enum, conflicts_with = "steps")]
    runtime: Option<Runtime>,
}

/// The test program with the scenarios alone.
const SCENARIOS: &str = "test --release --package pooldeque-loom-tests --test scenarios";

impl Filter {
    /// Whether it leaves anything out.
    pub(super) fn is_given(&self) -> bool {
        self.scenario.is_some() || self.site.is_some() || self.runtime.is_some()
    }

    /// The steps that run what it picks.
    pub(super) fn steps(&self, extent: &Extent) -> Result<Vec<Step>> {
        let pick = self.pick();
        let step = |runtime: &Runtime| {
            let parts = extent.explore(*runtime, SCENARIOS, pick.as_deref());
            Step::new(runtime.name(), "what was asked for passes", parts, Evidence::Picked)
        };
        Ok(self.runtimes()?.iter().map(step).collect())
    }

    /// What it picks, in words.
    pub(super) fn in_words(&self) -> String {
        let scenario = self.scenario.as_ref().map(|name| format!("scenario {name}"));
        let site = self.site.as_ref().map(|site| format!("site {site}"));
        let runtime = self.runtime.map(|runtime| format!("runtime {}", runtime.name()));
        scenario.into_iter().chain(site).chain(runtime).collect::<Vec<_>>().join(", ")
    }

    /// What to complain of when nothing ran.
    pub(super) fn nothing_there(&self) -> Result<String> {
        let runtimes: Vec<_> = self.runtimes()?.iter().map(|runtime| runtime.name()).collect();
        Ok(format!("nothing is called that in {}", runtimes.join(", ")))
    }

    /// The test programs' own filter: part of a test's name.
    fn pick(&self) -> Option<String> {
        let site = self.site.as_ref().map(|site| format!("every_ordering_is_needed/{site}_to_"));
        self.scenario.clone().or(site)
    }

    fn runtimes(&self) -> Result<&[Runtime]> {
        let chosen = self.runtime.as_slice();
        if self.site.is_some() {
            ensure!(matches!(chosen, [] | [Runtime::Loom]), "orderings are made weaker under loom alone");
            return Ok(&[Runtime::Loom]);
        }
        Ok(if chosen.is_empty() { Runtime::all() } else { chosen })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        steps: Vec<String>,
        #[command(flatten)]
        filter: Filter,
    }

    fn parse(line: &str) -> Result<Filter, clap::Error> {
        Line::try_parse_from(["xtask"].into_iter().chain(line.split_whitespace())).map(|line| line.filter)
    }

    fn steps(line: &str) -> Vec<(&'static str, Vec<String>)> {
        let steps = parse(line).unwrap().steps(&Extent::ORDINARY).unwrap();
        steps.iter().map(|step| (step.name, step.commands())).collect()
    }

    #[test]
    fn a_scenario_is_looked_for_on_every_runtime() {
        let steps = steps("--scenario racy_take");
        assert!(steps.iter().map(|(name, _)| *name).eq(["loom", "loom-epoch", "shuttle", "std"]));
        for (_, commands) in steps {
            assert!(commands[0].ends_with("--test scenarios -- racy_take"), "{commands:?}");
        }
    }

    #[test]
    fn a_program_can_be_typed_for_one_runtime() {
        let steps = steps("--scenario ring2/++-/ss --runtime shuttle");
        let line = "CARGO_TARGET_DIR=target/verify/shuttle RUSTFLAGS='--cfg shuttle' POOLDEQUE_TIER=ordinary \
                    cargo test --release --package pooldeque-loom-tests --test scenarios -- ring2/++-/ss";
        assert_eq!(steps, [("shuttle", vec![line.to_owned()])]);
    }

    #[test]
    fn a_site_is_its_mutants_under_loom() {
        let [(name, commands)] = &steps("--site NEXT_READ")[..] else { panic!("not one step") };
        assert_eq!(*name, "loom");
        assert!(commands[0].ends_with("-- every_ordering_is_needed/NEXT_READ_to_"), "{commands:?}");
        assert_eq!(steps("--site NEXT_READ --runtime loom").len(), 1);
        let elsewhere = parse("--site NEXT_READ --runtime shuttle").unwrap();
        assert!(elsewhere.steps(&Extent::ORDINARY).is_err());
    }

    #[test]
    fn a_runtime_alone_is_all_of_its_scenarios() {
        let [(name, commands)] = &steps("--runtime std")[..] else { panic!("not one step") };
        assert_eq!(*name, "std");
        assert!(
            commands[0].ends_with("cargo test --release --package pooldeque-loom-tests --test scenarios")
        );
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        for line in ["--scenario a --site B", "loom --scenario a", "loom --runtime std", "--runtime miri"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn it_says_what_it_is() {
        let filter = parse("--scenario growth --runtime loom-epoch").unwrap();
        assert!(filter.is_given() && !Filter::default().is_given());
        assert_eq!(filter.in_words(), "scenario growth, runtime loom-epoch");
        assert_eq!(filter.nothing_there().unwrap(), "nothing is called that in loom-epoch");
    }
}
