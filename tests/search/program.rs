//! Running the built example.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

use crate::example;

/// A completed run of the program.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// The printed lines, sorted: threads print files in any order.
    pub(crate) fn sorted_lines(&self) -> Vec<&str> {
        let mut lines: Vec<&str> = self.stdout.lines().collect();
        lines.sort_unstable();
        lines
    }

    /// The count that `--count` prints, which must be the last line.
    #[track_caller]
    pub(crate) fn count(&self) -> u64 {
        assert!(self.stdout.ends_with('\n'), "{self:?}");
        let last = self.stdout.lines().next_back().and_then(|line| line.parse().ok());
        last.unwrap_or_else(|| panic!("the last line is not a count: {self:?}"))
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        Self {
            status: output.status.code().expect("the program was killed"),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The program, to run in `directory` without environment variables that affect it.
pub(crate) fn search(directory: &Path) -> Command {
    let mut command = Command::new(path());
    command.current_dir(directory).env("LC_ALL", "C.UTF-8").env("TERM", "xterm");
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI"] {
        command.env_remove(name);
    }
    command
}

/// Runs the program in `directory` with these arguments.
pub(crate) fn run<A: AsRef<OsStr>>(directory: &Path, arguments: impl IntoIterator<Item = A>) -> Ended {
    end(search(directory).args(arguments))
}

/// Runs a command to completion.
pub(crate) fn end(command: &mut Command) -> Ended {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}")).into()
}

/// The program.
fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| example::path("search"))
}
