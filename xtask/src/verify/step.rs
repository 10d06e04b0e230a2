//! What a step is: commands to run, and what their output must show.

use std::path::Path;

use anyhow::{Result, ensure};

use super::evidence::Evidence;
use super::extent::Tier;
use super::invocation::Invocation;

/// One thing that must hold.
pub(super) struct Step {
    /// What filters, logs and reports call it.
    pub(super) name: &'static str,
    /// What holds when it passes.
    pub(super) about: &'static str,
    pub(super) parts: Vec<Part>,
    pub(super) evidence: Evidence,
    /// The first tier that it belongs to.
    pub(super) tier: Tier,
}

/// What a step does, one after the other.
pub(super) enum Part {
    /// Runs a command and judges it.
    Command(Invocation, Verdict),
    /// Looks at the project's files.
    Inspection {
        /// What is wrong where it finds something.
        wrong: &'static str,
        /// What there is to say of them, if anything, or an error that says what is wrong.
        inspect: Box<Inspect>,
    },
}

/// Looks at the files below the project's root.
pub(super) type Inspect = dyn Fn(&Path) -> Result<Option<String>>;

/// When a command has done what it should.
pub(super) enum Verdict {
    /// It ends with success.
    Succeeds,
    /// It ends with success, and this says nothing against its output.
    SucceedsAnd(fn(&str) -> Result<()>),
    /// It is refused, and this says nothing against its output.
    FailsAnd(fn(&str) -> Result<()>),
}

impl Step {
    /// A step of every run.
    pub(super) fn new(name: &'static str, about: &'static str, parts: Vec<Part>, evidence: Evidence) -> Self {
        Self { name, about, parts, evidence, tier: Tier::Ordinary }
    }

    /// A step that takes too long for the ordinary tier.
    pub(super) fn deep(self) -> Self {
        Self { tier: Tier::Deep, ..self }
    }

    /// What it runs, as one would type it.
    pub(super) fn commands(&self) -> Vec<String> {
        self.parts.iter().filter_map(Part::to_type).collect()
    }

    /// Whether it explores scenarios, and stops when it is told to.
    pub(super) fn explores(&self) -> bool {
        matches!(self.evidence, Evidence::Models(_) | Evidence::Picked)
    }
}

impl Part {
    /// The command as one would type it, if it is one.
    pub(super) fn to_type(&self) -> Option<String> {
        match self {
            Self::Command(invocation, _) => Some(invocation.to_type()),
            Self::Inspection { .. } => None,
        }
    }
}

impl Verdict {
    /// Judges a command by how it ended and what it said.
    pub(super) fn judge(&self, success: bool, ending: &str, output: &str) -> Result<()> {
        match self {
            Self::Succeeds => ensure!(success, "the command failed ({ending})"),
            Self::SucceedsAnd(check) => {
                ensure!(success, "the command failed ({ending})");
                check(output)?;
            }
            Self::FailsAnd(check) => {
                ensure!(!success, "the command succeeded, and must not");
                check(output)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use anyhow::bail;

    use super::*;

    #[test]
    fn a_control_that_builds_is_refused() {
        let says_nothing = |_: &str| Ok(());
        assert!(Verdict::FailsAnd(says_nothing).judge(true, "exit status: 0", "").is_err());
        assert!(Verdict::FailsAnd(says_nothing).judge(false, "exit status: 1", "").is_ok());
    }

    #[test]
    fn a_command_is_judged_by_its_ending_before_its_output() {
        let error =
            Verdict::SucceedsAnd(|_| bail!("output")).judge(false, "exit status: 101", "").unwrap_err();
        assert_eq!(error.to_string(), "the command failed (exit status: 101)");
    }
}
