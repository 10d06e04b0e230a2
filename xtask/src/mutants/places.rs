//! Where the project lies, and where mutants are made of it.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

/// The folders.
#[derive(Deserialize)]
pub(super) struct Places {
    #[serde(rename = "workspace_root")]
    pub(super) root: PathBuf,
    #[serde(rename = "target_directory")]
    target: PathBuf,
}

impl Places {
    /// Asks cargo.
    pub(super) fn find() -> Result<Self> {
        let metadata = cargo().args(["metadata", "--no-deps", "--format-version", "1"]).output()?;
        serde_json::from_slice(&metadata.stdout).context("cannot read cargo's metadata")
    }

    /// Where programs are installed that the project needs.
    pub(super) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// The copy of the project that is changed.
    pub(super) fn tree(&self) -> PathBuf {
        self.target.join("mutants/tree")
    }

    /// Where that is built for a pass.
    pub(super) fn build(&self, pass: &str) -> PathBuf {
        self.target.join("mutants/build").join(pass)
    }

    /// Where a pass leaves its results and logs.
    pub(super) fn results(&self, pass: &str) -> PathBuf {
        self.target.join("mutants").join(pass)
    }
}

/// The cargo that runs us.
pub(super) fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}
