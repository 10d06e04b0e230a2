//! How much the scenarios explore, as their test programs are told in the environment.

use anyhow::ensure;
use serde::{Deserialize, Serialize};

use super::fingerprint;
use super::invocation::Invocation;
use super::runtime::Runtime;
use super::step::{Part, Verdict};
use super::workplace::Workplace;

/// Which tier the test programs run.
const TIER: &str = "POOLDEQUE_TIER";
/// The file in which they look up what is explored already, and to which they add.
const JOURNAL: &str = "POOLDEQUE_JOURNAL";

/// A choice between effort and thoroughness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Tier {
    /// Minutes.
    Ordinary,
    /// Hours, in as many runs as one likes.
    Deep,
}

/// How much to explore.
pub(super) struct Extent {
    pub(super) tier: Tier,
    /// What the journal's entries are about, if there is a journal.
    fingerprint: Option<String>,
}

impl Tier {
    /// What reports, files and the test programs call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Deep => "deep",
        }
    }
}

impl Extent {
    /// What ends soon, and all of it in every run.
    pub(super) const ORDINARY: Self = Self { tier: Tier::Ordinary, fingerprint: None };

    /// Everything, remembered in the journal of the sources with this fingerprint.
    pub(super) fn deep(fingerprint: String) -> Self {
        Self { tier: Tier::Deep, fingerprint: Some(fingerprint) }
    }

    /// Runs the tests that `command` names, under `runtime`: all, or those that `pick` picks.
    pub(super) fn explore(&self, runtime: Runtime, command: &str, pick: Option<&str>) -> Vec<Part> {
        let tests = runtime.under(Invocation::cargo(command)).with(TIER, self.tier.name());
        let picked = |tests: Invocation| match pick {
            Some(pick) => tests.and("--").and(pick),
            None => tests,
        };
        let Some(fingerprint) = &self.fingerprint else {
            return vec![Part::Command(picked(tests), Verdict::Succeeds)];
        };
        // Built first: a source that somebody changes meanwhile would have its figures in the journal
        // of another one.
        let build = runtime.under(Invocation::cargo(command)).and("--no-run");
        vec![
            Part::Command(build, Verdict::Succeeds),
            still_is(fingerprint.clone()),
            Part::Command(picked(tests.with(JOURNAL, journal_of(fingerprint))), Verdict::Succeeds),
        ]
    }
}

/// Where the journal of the sources with this fingerprint lies, with a mark for the target folder.
pub(super) fn journal_of(fingerprint: &str) -> String {
    format!("{}/verify/deep/{fingerprint}.jsonl", Workplace::TARGET)
}

fn still_is(fingerprint: String) -> Part {
    Part::Inspection {
        wrong: "the sources changed while they were being built",
        inspect: Box::new(move |root| {
            let now = fingerprint::of_the_models(root)?;
            ensure!(
                now == fingerprint,
                "they were {fingerprint} and are {now}: the same command begins anew"
            );
            Ok(None)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(extent: &Extent, pick: Option<&str>) -> Vec<String> {
        let parts = extent.explore(Runtime::Loom, "test --release", pick);
        parts.iter().filter_map(Part::to_type).collect()
    }

    #[test]
    fn the_ordinary_tier_is_one_command() {
        let line = "CARGO_TARGET_DIR=target/verify/loom RUSTFLAGS='--cfg loom' POOLDEQUE_TIER=ordinary \
                    cargo test --release";
        assert_eq!(typed(&Extent::ORDINARY, None), [line]);
        assert_eq!(typed(&Extent::ORDINARY, Some("a b")), [format!("{line} -- 'a b'")]);
    }

    #[test]
    fn the_deep_tier_builds_before_it_writes_into_the_journal_of_what_was_built() {
        let lines = typed(&Extent::deep("c0ffee".to_owned()), Some("a"));
        let [build, test] = &lines[..] else { panic!("{lines:?}") };
        assert!(build.ends_with("cargo test --release --no-run"), "{build}");
        let journal = r#"POOLDEQUE_JOURNAL="$PWD/target/verify/deep/c0ffee.jsonl""#;
        assert!(test.contains("POOLDEQUE_TIER=deep") && test.contains(journal), "{test}");
        assert!(test.ends_with("cargo test --release -- a"), "{test}");
    }

    #[test]
    fn sources_that_are_not_the_journals_end_the_step_before_it_explores() {
        let parts = Extent::deep("c0ffee".to_owned()).explore(Runtime::Loom, "test", None);
        let [_, Part::Inspection { inspect, .. }, _] = &parts[..] else { panic!("no look at the sources") };
        let xtask = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = xtask.parent().unwrap();
        assert!(inspect(root).unwrap_err().to_string().contains("c0ffee"));
        let now = fingerprint::of_the_models(root).unwrap();
        let Part::Inspection { inspect, .. } = still_is(now) else { panic!("no look at the sources") };
        assert!(inspect(root).is_ok());
    }
}
