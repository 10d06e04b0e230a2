//! cargo-mutants, installed in the target folder: nothing is asked for outside the project.

use std::env::consts::EXE_SUFFIX;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::places::{Places, cargo};

/// This one and no other: what is listed names mutants as this version does.
pub(super) const VERSION: &str = "27.1.0";

/// cargo-mutants, ready to work on the copy of the project.
pub(super) struct Tool {
    program: PathBuf,
    tree: PathBuf,
}

/// A small change of the library's code.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Mutant {
    /// The file of the library that it changes.
    pub(super) file: String,
    /// `file:line:column: what is changed`.
    pub(super) name: String,
}

impl Mutant {
    /// What is changed, without the place.
    pub(super) fn change(&self) -> &str {
        self.name.splitn(4, ':').last().unwrap_or_default().trim_start()
    }
}

impl Tool {
    /// Installs cargo-mutants unless it is there.
    pub(super) fn at_hand(places: &Places) -> Result<Self> {
        let program = places.tools().join(format!("bin/cargo-mutants{EXE_SUFFIX}"));
        let tool = Self { program, tree: places.tree() };
        if !tool.is_there() {
            println!("cargo-mutants {VERSION} is not in {}: installing it", places.tools().display());
            let mut install = cargo();
            install.current_dir(&places.root).args(["install", "--locked", "--version", VERSION, "--root"]);
            let status = install.arg(places.tools()).arg("cargo-mutants").status()?;
            ensure!(status.success() && tool.is_there(), "cargo-mutants {VERSION} could not be installed");
        }
        Ok(tool)
    }

    fn is_there(&self) -> bool {
        let output = Command::new(&self.program).args(["mutants", "--version"]).output();
        let version = format!("cargo-mutants {VERSION}");
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == version)
    }

    /// A command that works on the copy. What is left out is our affair, not the configuration's.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(["mutants", "--no-config", "--package", "pooldeque", "--dir"]).arg(&self.tree);
        command
    }

    /// All the mutants of the library, in the order of its source.
    pub(super) fn mutants(&self) -> Result<Vec<Mutant>> {
        let output = self.command().args(["--list", "--json"]).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).context("cannot read the list of mutants")
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The mutant of this name.
    pub(in super::super) fn mutant(name: &str) -> Mutant {
        let file = name.split(':').next().unwrap_or_default().to_owned();
        Mutant { file, name: name.to_owned() }
    }

    #[test]
    fn a_change_is_told_without_its_place() {
        let mutant = mutant("src/deque/batch.rs:101:9: replace Segment<'a, T>::next -> Option<T> with None");
        assert_eq!(mutant.change(), "replace Segment<'a, T>::next -> Option<T> with None");
    }
}
