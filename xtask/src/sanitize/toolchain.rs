//! Which sanitizers run here, and why the others do not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use super::checks::Sanitizer;
use super::environment;

/// A toolchain with the compiler's unstable options.
pub(super) struct Toolchain {
    name: String,
    /// What the compiler calls itself.
    pub(super) version: String,
    /// What it compiles for: this machine.
    pub(super) target: String,
    sanitizers: Vec<String>,
}

/// As much of a target's description as matters here.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Target {
    #[serde(default)]
    supported_sanitizers: Vec<String>,
}

impl Toolchain {
    /// Asks rustup for the toolchain of this name; otherwise says what is missing, and how to come by it.
    pub(super) fn find(name: &str) -> Result<Self, String> {
        let install = format!("`rustup toolchain install {name} --profile minimal` installs it");
        let said = answer(Command::new("rustup").args(["run", name, "rustc", "-vV"]))
            .map_err(|why| format!("no toolchain {name}: {why}; {install}"))?;
        let line = |key: &str| said.lines().find_map(|line| line.strip_prefix(key));
        let (Some(version), Some(target)) = (said.lines().next(), line("host: ")) else {
            return Err(format!("the compiler of {name} does not say what it is: {said}"));
        };
        let mut toolchain = Self {
            name: name.into(),
            version: version.into(),
            target: target.into(),
            sanitizers: Vec::new(),
        };
        let mut describe = toolchain.command("rustc");
        describe.args(["-Zunstable-options", "--print", "target-spec-json", "--target", target]);
        let said = answer(&mut describe).map_err(|why| format!("{name} has no unstable options: {why}"))?;
        let described: Target = serde_json::from_str(&said)
            .map_err(|why| format!("{name} describes {target} in words unknown here: {why}"))?;
        toolchain.sanitizers = described.supported_sanitizers;
        Ok(toolchain)
    }

    /// A tool of this toolchain, away from the one that runs us.
    pub(super) fn command(&self, tool: &str) -> Command {
        let mut command = Command::new("rustup");
        environment::clear(&mut command);
        command.args(["run", &self.name, tool]);
        command
    }

    /// Whether a program that does nothing runs with `sanitizer`; if not, why.
    pub(super) fn try_out(&self, sanitizer: Sanitizer, folder: &Path) -> Result<Result<(), String>> {
        let Self { name, target, .. } = self;
        if sanitizer == Sanitizer::Miri {
            let found = answer(self.command("cargo").args(["miri", "--version"]));
            let install = format!("`rustup component add miri --toolchain {name}` installs it");
            return Ok(found.map(|_| ()).map_err(|_| format!("{name} has no Miri; {install}")));
        }
        if !self.sanitizers.iter().any(|supported| supported == sanitizer.name()) {
            return Ok(Err(format!("{name} has none for {target}")));
        }
        let (source, program) = paths_in(folder, sanitizer);
        fs::create_dir_all(folder)?;
        fs::write(&source, "fn main() {}\n").with_context(|| source.display().to_string())?;
        let mut compile = self.command("rustc");
        compile.args(sanitizer.flags().split(' ')).args(["--target", target, "--edition", "2024", "-o"]);
        let tried =
            answer(compile.arg(&program).arg(&source)).and_then(|_| answer(&mut Command::new(&program)));
        Ok(tried.map(|_| ()).map_err(|why| format!("with {name} an empty program fails: {why}")))
    }
}

fn paths_in(folder: &Path, sanitizer: Sanitizer) -> (PathBuf, PathBuf) {
    let program = folder.join(format!("empty-{}", sanitizer.name()));
    (program.with_extension("rs"), program)
}

/// What a command prints, or in one line why it failed.
fn answer(command: &mut Command) -> Result<String, String> {
    let output = command
        .output()
        .map_err(|error| format!("cannot run {}: {error}", command.get_program().to_string_lossy()))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let line = said.lines().find(|line| !line.trim().is_empty()).unwrap_or("it says nothing");
    Err(format!("{} ({})", line.trim(), output.status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_toolchain_that_is_not_there_is_missed_by_name_and_with_the_remedy() {
        let why = Toolchain::find("there-is-no-such-toolchain").err().unwrap_or_default();
        assert!(why.starts_with("no toolchain there-is-no-such-toolchain: "), "{why}");
        assert!(why.contains("rustup toolchain install"), "{why}");
        assert_eq!(why.lines().count(), 1, "{why}");
    }
}
