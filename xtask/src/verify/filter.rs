//! What of everything to run.

use anyhow::{Result, ensure};
use clap::ValueEnum;
use regex::RegexSet;

use super::report::Ending;
use super::steps::{Runtime, Step, Tier};

/// One scenario, one site, one runtime, and nothing else.
#[derive(Default, clap::Args)]
pub(super) struct Filter {
    /// Run only the scenarios with this in their name, or this program, such as ring2/++-/ss
    #[arg(long, value_name = "NAME|PROGRAM", conflicts_with_all = ["site", "steps"])]
    scenario: Option<String>,
    /// Make only the orderings of this site in src/orderings.rs weaker
    #[arg(long, value_name = "SITE", conflicts_with = "steps")]
    site: Option<String>,
    /// Run only what runs on this
    #[arg(long, value_enum, conflicts_with = "steps")]
    runtime: Option<Runtime>,
}

impl Filter {
    /// Whether it leaves anything out.
    pub(super) fn is_given(&self) -> bool {
        self.scenario.is_some() || self.site.is_some() || self.runtime.is_some()
    }

    /// The steps that run what it picks.
    pub(super) fn steps(&self, tier: Tier, journal: Option<&str>) -> Result<Vec<Step>> {
        // The test programs' own filter is part of a test's name.
        let site = self.site.as_ref().map(|site| format!("every_ordering_is_needed/{site}_to_"));
        let pick = self.scenario.as_ref().or(site.as_ref()).map(String::as_str);
        Ok(self.runtimes()?.iter().map(|it| Step::picked(*it, pick).in_tier(tier, journal)).collect())
    }

    fn runtimes(&self) -> Result<&[Runtime]> {
        let chosen = self.runtime.as_slice();
        if self.site.is_some() {
            ensure!(matches!(chosen, [] | [Runtime::Loom]), "orderings are made weaker under loom alone");
            return Ok(&[Runtime::Loom]);
        }
        Ok(if chosen.is_empty() { Runtime::value_variants() } else { chosen })
    }
}

/// The steps that were requested.
pub(super) struct Chosen {
    patterns: Option<RegexSet>,
    tier: Tier,
}

impl Chosen {
    /// Those whose name matches one of the `patterns`; without any, those of the tier.
    pub(super) fn new(patterns: &[impl AsRef<str>], tier: Tier) -> Result<Self> {
        let patterns = (!patterns.is_empty()).then(|| RegexSet::new(patterns)).transpose()?;
        Ok(Self { patterns, tier })
    }

    /// Whether the patterns, if there are any, have its name.
    pub(super) fn names(&self, step: &Step) -> bool {
        self.patterns.as_ref().is_none_or(|patterns| patterns.is_match(&step.name))
    }

    /// Whether this very step was requested.
    pub(super) fn insists_on(&self, step: &Step) -> bool {
        self.patterns.is_some() && self.names(step)
    }

    /// Why it is not to run, if it is not.
    pub(super) fn why_not(&self, step: &Step) -> Option<Ending> {
        if !self.names(step) {
            return Some(Ending::NotRun("not requested".to_owned()));
        }
        let is_too_deep = step.deep && self.tier == Tier::Ordinary && self.patterns.is_none();
        is_too_deep.then(|| {
            Ending::NotInTier(format!("deep tier only; `cargo xtask verify '^{}$'` runs it", step.name))
        })
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::super::steps::all;
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

    /// The name and the command of each step that the line picks.
    fn steps(line: &str) -> Vec<[String; 2]> {
        let steps = parse(line).unwrap().steps(Tier::Ordinary, None).unwrap();
        steps.iter().map(|step| [step.name.clone(), step.commands().join("; ")]).collect()
    }

    #[test]
    fn a_scenario_is_looked_for_on_every_runtime_and_a_site_under_loom() {
        let on_all = steps("--scenario racy_take");
        assert!(on_all.iter().map(|[name, _]| name).eq(["loom", "loom-epoch", "shuttle", "std"]));
        assert!(on_all.iter().all(|[_, command]| command.ends_with("--test scenarios -- racy_take")));
        let [[_, command]] = &steps("--scenario ring2/++-/ss --runtime shuttle")[..] else {
            panic!("not one")
        };
        assert!(command.contains("--cfg shuttle") && command.ends_with("-- ring2/++-/ss"), "{command}");
        let [[_, command]] = &steps("--site NEXT_READ")[..] else { panic!("not one step") };
        assert!(command.ends_with("-- every_ordering_is_needed/NEXT_READ_to_"), "{command}");
        assert!(parse("--site NEXT_READ --runtime shuttle").unwrap().steps(Tier::Ordinary, None).is_err());
        let [[_, command]] = &steps("--runtime std")[..] else { panic!("not one step") };
        assert!(command.ends_with("--test scenarios"), "{command}");
    }

    #[test]
    fn what_does_not_go_together_is_refused() {
        for line in ["--scenario a --site B", "loom --scenario a", "loom --runtime std", "--runtime miri"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_pattern_runs_what_it_matches_however_long_that_takes() {
        let steps = all(Tier::Ordinary, None).unwrap();
        let runs = |patterns: &[&str], tier| {
            let chosen = Chosen::new(patterns, tier).unwrap();
            let run = steps.iter().filter(|step| chosen.why_not(step).is_none());
            run.map(|step| (step.name.clone(), chosen.insists_on(step))).collect::<Vec<_>>()
        };
        assert_eq!(
            runs(&["^std$", "mutants"], Tier::Ordinary),
            [("std".into(), true), ("mutants".into(), true)]
        );
        assert_eq!(runs(&[], Tier::Deep).len(), steps.len());
        assert_eq!(runs(&[], Tier::Ordinary).len(), steps.len() - 4);
        assert!(runs(&[], Tier::Deep).iter().all(|(_, insists)| !insists));
        assert!(Chosen::new(&["("], Tier::Ordinary).is_err());
    }
}
