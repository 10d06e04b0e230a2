//! A command to run, and the environment it runs in.

use std::env;
use std::ffi::OsString;
use std::process::Command;

use super::workplace::Workplace;
use crate::environment;

/// A command with its arguments and the variables set for it.
pub(super) struct Invocation {
    program: Program,
    arguments: Vec<String>,
    variables: Vec<(&'static str, String)>,
    /// A folder under the target folder to build in, so that builds with other flags stay.
    target: Option<&'static str>,
}

/// What runs.
#[derive(Clone, Copy)]
enum Program {
    Cargo,
    Rustc,
    /// One of our programs, in this folder of the target folder.
    Built(&'static str),
}

impl Invocation {
    /// cargo with these arguments, separated by spaces.
    pub(super) fn cargo(arguments: &str) -> Self {
        Self::new(Program::Cargo, arguments)
    }

    /// rustc with these arguments, separated by spaces.
    pub(super) fn rustc(arguments: &str) -> Self {
        Self::new(Program::Rustc, arguments)
    }

    /// A program that an earlier part built, by its path under the target folder.
    pub(super) fn built(path: &'static str) -> Self {
        Self::new(Program::Built(path), "")
    }

    fn new(program: Program, arguments: &str) -> Self {
        let arguments = arguments.split_whitespace().map(str::to_owned).collect();
        Self { program, arguments, variables: Vec::new(), target: None }
    }

    /// With another argument, whatever is in it.
    pub(super) fn and(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// With a variable set.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// Building in a folder of its own under the target folder.
    pub(super) fn in_target(mut self, folder: &'static str) -> Self {
        self.target = Some(folder);
        self
    }

    /// The command, ready to run.
    pub(super) fn command(&self, workplace: &Workplace) -> Command {
        let program = match self.program {
            Program::Cargo => env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo")),
            Program::Rustc => env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc")),
            Program::Built(path) => {
                workplace.target.join(path).with_extension(env::consts::EXE_EXTENSION).into()
            }
        };
        let mut command = Command::new(program);
        command.current_dir(&workplace.root);
        environment::clear(&mut command, &[&environment::CHANGES_RESULTS, &environment::OF_THIS_RUN]);
        command.env("CARGO_TERM_COLOR", "never").env("CARGO_TERM_PROGRESS_WHEN", "never");
        if let Some(folder) = self.target {
            command.env("CARGO_TARGET_DIR", workplace.target.join(folder));
        }
        for (name, value) in &self.variables {
            command.env(name, workplace.fill_in(value));
        }
        command.args(self.arguments.iter().map(|argument| workplace.fill_in(argument)));
        command
    }

    /// The same as a line to type into a shell in the project's root.
    pub(super) fn to_type(&self) -> String {
        let mut words = Vec::new();
        if let Some(folder) = self.target {
            words.push(format!("CARGO_TARGET_DIR=target/{folder}"));
        }
        let variables = self.variables.iter();
        words.extend(variables.map(|(name, value)| format!("{name}={}", value_to_type(value))));
        words.push(match self.program {
            Program::Cargo => "cargo".to_owned(),
            Program::Rustc => "rustc".to_owned(),
            Program::Built(path) => format!("target/{path}"),
        });
        words.extend(self.arguments.iter().map(|argument| quoted(argument)));
        words.join(" ")
    }
}

/// A variable's value as a shell would have it. Whoever reads it may run in another folder.
fn value_to_type(value: &str) -> String {
    if value.contains(Workplace::TARGET) {
        format!("\"{}\"", value.replace(Workplace::TARGET, "$PWD/target"))
    } else {
        quoted(value)
    }
}

/// A word as a shell would have it.
fn quoted(word: &str) -> String {
    let word = word.replace(Workplace::TARGET, "target");
    shlex::try_quote(&word).map_or_else(|_| format!("{word:?}"), |quoted| quoted.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_can_be_typed_as_it_is_shown() {
        let loom =
            Invocation::cargo("test --release").with("RUSTFLAGS", "--cfg loom").in_target("verify/loom");
        let line = "CARGO_TARGET_DIR=target/verify/loom RUSTFLAGS='--cfg loom' cargo test --release";
        assert_eq!(loom.to_type(), line);
        assert_eq!(Invocation::rustc("-o {target}/a").to_type(), "rustc -o target/a");
        assert_eq!(Invocation::built("debug/a").to_type(), "target/debug/a");
        let journal = Invocation::cargo("test").with("JOURNAL", "{target}/a.jsonl").and("a|b");
        assert_eq!(journal.to_type(), r#"JOURNAL="$PWD/target/a.jsonl" cargo test 'a|b'"#);
    }
}
