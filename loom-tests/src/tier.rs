//! How much to explore: set in the environment, for a test takes no arguments of its own.

use std::env;

/// The variable that chooses the tier.
pub const TIER: &str = "POOLDEQUE_TIER";

/// How much to explore.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// A few minutes: what the bare test command runs.
    Quick,
    /// What `cargo xtask verify` runs.
    Ordinary,
    /// Hours.
    Deep,
}

impl Tier {
    /// The tier that the environment chooses.
    ///
    /// # Panics
    ///
    /// If it names a tier that does not exist.
    #[must_use]
    pub fn of_this_run() -> Self {
        match env::var(TIER).as_deref() {
            Err(env::VarError::NotPresent) | Ok("quick") => Self::Quick,
            Ok("ordinary") => Self::Ordinary,
            Ok("deep") => Self::Deep,
            other => panic!("{TIER} is quick, ordinary or deep, not {other:?}"),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Ordinary => "ordinary",
            Self::Deep => "deep",
        }
    }
}
