//! Which steps to run.

use anyhow::Result;
use regex::RegexSet;

use super::extent::Tier;
use super::report::Ending;
use super::step::Step;

/// What to say when no step has a name that was asked for.
pub(super) const NOTHING: &str = "no step is called that; `cargo xtask verify --list` lists them";

/// The steps that were asked for.
pub(super) struct Chosen {
    patterns: Option<RegexSet>,
    tier: Tier,
}

impl Chosen {
    /// Those whose name matches one of the `patterns`; without any, those of the tier.
    pub(super) fn new(patterns: &[String], tier: Tier) -> Result<Self> {
        let patterns = (!patterns.is_empty()).then(|| RegexSet::new(patterns)).transpose()?;
        Ok(Self { patterns, tier })
    }

    /// Whether the patterns, if there are any, have its name.
    pub(super) fn names(&self, step: &Step) -> bool {
        self.patterns.as_ref().is_none_or(|patterns| patterns.is_match(step.name))
    }

    /// Whether somebody asked for this very step.
    pub(super) fn insists_on(&self, step: &Step) -> bool {
        self.patterns.is_some() && self.names(step)
    }

    /// Whether it is to run.
    pub(super) fn has(&self, step: &Step) -> bool {
        self.why_not(step).is_none()
    }

    /// Why it is not to run, if it is not.
    pub(super) fn why_not(&self, step: &Step) -> Option<Ending> {
        if !self.names(step) {
            return Some(Ending::NotRun("not asked for".to_owned()));
        }
        let is_too_deep = step.tier == Tier::Deep && self.tier == Tier::Ordinary && self.patterns.is_none();
        is_too_deep.then(|| {
            Ending::NotInTier(format!("deep tier only; `cargo xtask verify '^{}$'` runs it", step.name))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::evidence::Evidence;
    use super::*;

    fn step(name: &'static str) -> Step {
        Step::new(name, "it holds", Vec::new(), Evidence::None)
    }

    fn chosen(patterns: &[&str], tier: Tier) -> Chosen {
        let patterns: Vec<_> = patterns.iter().map(|&pattern| pattern.to_owned()).collect();
        Chosen::new(&patterns, tier).unwrap()
    }

    #[test]
    fn without_a_pattern_every_step_of_the_tier_runs() {
        assert!(chosen(&[], Tier::Ordinary).has(&step("loom")));
        assert!(chosen(&[], Tier::Deep).has(&step("loom")));
        assert!(chosen(&[], Tier::Deep).has(&step("mutants").deep()));
        let Some(Ending::NotInTier(why)) = chosen(&[], Tier::Ordinary).why_not(&step("mutants").deep())
        else {
            panic!("it takes too long");
        };
        assert_eq!(why, "deep tier only; `cargo xtask verify '^mutants$'` runs it");
    }

    #[test]
    fn a_pattern_runs_what_it_matches_however_long_that_takes() {
        let chosen = chosen(&["^loom", "mutants"], Tier::Ordinary);
        assert!(chosen.has(&step("loom-epoch")) && chosen.has(&step("mutants").deep()));
        assert!(chosen.insists_on(&step("mutants").deep()));
        assert_eq!(chosen.why_not(&step("std")), Some(Ending::NotRun("not asked for".to_owned())));
    }

    #[test]
    fn nobody_insists_on_what_runs_anyway() {
        assert!(!chosen(&[], Tier::Deep).insists_on(&step("mutants").deep()));
    }

    #[test]
    fn a_pattern_that_is_none_is_refused() {
        assert!(Chosen::new(&["(".to_owned()], Tier::Ordinary).is_err());
    }
}
