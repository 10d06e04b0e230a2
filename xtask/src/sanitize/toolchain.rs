//! Which sanitizers run here, and why the others do not.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::checks::{Check, Checks};
use crate::environment;
use crate::project::{Project, output_of};

/// What `--cfg crossbeam_sanitize` does: crossbeam-epoch frees sooner, so that a late touch is one.
/// Line numbers are all that reports need.
const FLAGS: &str = "--cfg crossbeam_sanitize -Cdebuginfo=1";

/// A toolchain with the compiler's unstable options.
pub(super) struct Toolchain {
    name: String,
    /// What the compiler calls itself.
    pub(super) version: String,
    /// What it compiles for: this machine.
    pub(super) target: String,
}

impl Toolchain {
    /// Looks up the toolchain of this name; otherwise says what is missing, and how to come by it.
    pub(super) fn find(name: &str) -> Result<Self, String> {
        let install = format!("`rustup toolchain install {name} --profile minimal` installs it");
        let said = answer(Command::new("rustup").args(["run", name, "rustc", "-vV"]))
            .map_err(|why| format!("no toolchain {name}: {why}; {install}"))?;
        let line = |key| said.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
        let (version, target) = (format!("rustc {}", line("rustc ")), line("host: ").to_owned());
        Ok(Self { name: name.into(), version, target })
    }

    /// A tool of this toolchain, away from the one that runs us.
    fn command(&self, tool: &str) -> Command {
        let mut command = Command::new("rustup");
        environment::clear(&mut command, &[&environment::CHANGES_RESULTS, &environment::TOOLCHAIN]);
        command.args(["run", &self.name, tool]);
        command
    }

    /// Whether a program that does nothing runs with the sanitizer; if not, why.
    pub(super) fn try_out(&self, sanitizer: &str, flags: &str, folder: &Path) -> Result<Result<(), String>> {
        let Self { name, target, .. } = self;
        if sanitizer == "miri" {
            let found = answer(self.command("cargo").args(["miri", "--version"]));
            let install = format!("`rustup component add miri --toolchain {name}` installs it");
            return Ok(found.map(|_| ()).map_err(|_| format!("{name} has no Miri; {install}")));
        }
        fs::create_dir_all(folder)?;
        let program = folder.join(format!("empty-{sanitizer}"));
        let source = program.with_extension("rs");
        fs::write(&source, "fn main() {}\n").with_context(|| source.display().to_string())?;
        let mut compile = self.command("rustc");
        compile.args(flags.split(' ')).args(["--target", target, "--edition", "2024", "-o"]);
        let tried =
            answer(compile.arg(&program).arg(&source)).and_then(|_| answer(&mut Command::new(&program)));
        Ok(tried.map(|_| ()).map_err(|why| format!("with {name} an empty program fails: {why}")))
    }

    /// The command of a check, building in a folder for its flags alone.
    pub(super) fn run(&self, check: &Check, checks: &Checks, project: &Project) -> Command {
        let sanitizer = &checks.sanitizer[check.sanitizer()];
        let mut command = self.command("cargo");
        command.args((check.sanitizer() == "miri").then_some("miri"));
        let (what, rest) = check.run.split_once(' ').unwrap_or((&check.run, ""));
        command.args([what, "--target", &self.target]).args((what == "test").then_some("--no-fail-fast"));
        command.args(rest.split_whitespace()).current_dir(&project.root);
        let (mut flags, mut folder) = (format!("{} {FLAGS}", sanitizer.flags), check.sanitizer().to_owned());
        if let Some(model) = &check.model {
            flags += &format!(" --cfg {model}");
            folder += &format!("-{model}");
        }
        command.env("RUSTFLAGS", flags).env("CARGO_TARGET_DIR", project.target.join("sanitize").join(folder));
        command.env("CARGO_TERM_COLOR", "never");
        command.envs(check.options.as_ref().map(|options| (&sanitizer.variable, options)));
        command
    }
}

/// What a command prints, or in one line why it failed.
fn answer(command: &mut Command) -> Result<String, String> {
    output_of(command).map_err(|why| why.to_string().lines().next().unwrap_or_default().to_owned())
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
