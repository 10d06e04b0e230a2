//! The built example, and what comes out of it.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::time::SystemTime;

use escargot::CargoBuild;

/// A run of the program that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// The printed lines in order of the alphabet: the threads print files in any order.
    pub(crate) fn sorted_lines(&self) -> Vec<&str> {
        let mut lines: Vec<&str> = self.stdout.lines().collect();
        lines.sort_unstable();
        lines
    }

    /// The number that `--count` prints, which must be the last line.
    #[track_caller]
    pub(crate) fn count(&self) -> u64 {
        assert!(self.stdout.ends_with('\n'), "{self:?}");
        let last = self.stdout.lines().next_back().and_then(|line| line.parse().ok());
        last.unwrap_or_else(|| panic!("the last line is no count: {self:?}"))
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

/// The program, to be run in `directory` with nothing in its environment that changes what it does.
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

/// Runs a command to its end.
pub(crate) fn end(command: &mut Command) -> Ended {
    command.output().unwrap_or_else(|error| panic!("{command:?}: {error}")).into()
}

/// The program: the one that `cargo test` has built beside this test; if there is none, or if it is
/// older than its sources (for `cargo test --test search` builds no examples), it is built.
fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let built_with_the_test = built_beside_this_test();
        let modified = fs::metadata(&built_with_the_test).and_then(|metadata| metadata.modified());
        if modified.is_ok_and(|built| built >= newest_source()) {
            return built_with_the_test;
        }
        let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let build = CargoBuild::new().manifest_path(package).example("search").current_release().run();
        build.unwrap_or_else(|error| panic!("the example cannot be built: {error}")).path().to_path_buf()
    })
}

/// `examples/search`, where this test is `deps/search-…`.
fn built_beside_this_test() -> PathBuf {
    let this_test = env::current_exe().expect("a test knows its own path");
    let profile = this_test.ancestors().nth(2).expect("a test lies two levels deep");
    profile.join("examples").join("search").with_extension(env::consts::EXE_EXTENSION)
}

fn newest_source() -> SystemTime {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [package.join("src"), package.join("examples/search")];
    folders.iter().flat_map(|folder| files_below(folder)).map(|file| modified(&file)).max().expect("sources")
}

fn modified(file: &Path) -> SystemTime {
    fs::metadata(file).and_then(|metadata| metadata.modified()).expect("files have times")
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = entries.map(|entry| entry.expect("a readable folder").path());
    paths.flat_map(|path| if path.is_dir() { files_below(&path) } else { vec![path] }).collect()
}
