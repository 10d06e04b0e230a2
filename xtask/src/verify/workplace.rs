//! Where the project lies, and what machine it is on.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

/// The project's folders.
#[derive(Deserialize)]
pub(super) struct Workplace {
    #[serde(rename = "workspace_root")]
    pub(super) root: PathBuf,
    /// Where cargo builds, wherever its configuration and the environment put that.
    #[serde(rename = "target_directory")]
    pub(super) target: PathBuf,
}

/// What the figures were taken on.
#[derive(Deserialize, Serialize)]
pub(super) struct Machine {
    pub(super) system: String,
    pub(super) cores: usize,
    pub(super) compiler: String,
    /// The commit, and whether files differ from it; nothing outside a checkout.
    pub(super) commit: Option<String>,
}

impl Workplace {
    /// Stands for the target folder in a command's arguments and variables.
    pub(super) const TARGET: &str = "{target}";

    /// Asks cargo.
    pub(super) fn find() -> Result<Self> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let metadata = answer(Command::new(cargo).args(["metadata", "--no-deps", "--format-version", "1"]))?;
        serde_json::from_str(&metadata).context("cargo metadata gave no folders")
    }

    /// Where this run's results go.
    pub(super) fn results(&self) -> PathBuf {
        self.target.join("verify")
    }

    /// `text` with the target folder in place of its mark.
    pub(super) fn fill_in(&self, text: &str) -> String {
        text.replace(Self::TARGET, &self.target.to_string_lossy())
    }

    /// `path` as somebody in the project's root would name it.
    pub(super) fn relative<'path>(&self, path: &'path Path) -> &'path Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }
}

impl Machine {
    /// Looks around.
    pub(super) fn find(workplace: &Workplace) -> Self {
        let git = |arguments: &[&str]| {
            answer(Command::new("git").current_dir(&workplace.root).args(arguments)).ok()
        };
        let commit = git(&["rev-parse", "--short=12", "HEAD"]).map(|commit| {
            let changed = git(&["status", "--porcelain"]).is_some_and(|status| !status.is_empty());
            format!("{}{}", commit.trim(), if changed { ", with changes" } else { "" })
        });
        let compiler = answer(Command::new("rustc").current_dir(&workplace.root).arg("--version"));
        Self {
            system: format!("{} on {}", env::consts::OS, env::consts::ARCH),
            cores: thread::available_parallelism().map_or(1, usize::from),
            compiler: compiler.map_or_else(|error| error.to_string(), |version| version.trim().to_owned()),
            commit,
        }
    }
}

/// What a command prints.
fn answer(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("cannot run {name}"))?;
    ensure!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}
