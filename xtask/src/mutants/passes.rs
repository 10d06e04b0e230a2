//! The passes: which mutants each tries, and on which tests.
//!
//! Each has a configuration of cargo-mutants in `.cargo/`. One with `examine_globs` tries the mutants in those files;
//! one without tries what has survived the passes before it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use regex::Regex;
use serde::Deserialize;

use super::VERSION;
use crate::fingerprint::{BUILD, fingerprint};
use crate::project::{cargo, output_of};

/// The passes, in order, each with the compiler's flags.
const PASSES: [(&str, &str); 6] = [
    ("mutants", ""),
    ("mutants-pool", ""),
    ("mutants-buffers", ""),
    ("mutants-faults", ""),
    ("mutants-no-std", ""),
    ("mutants-loom", "--cfg loom"),
];

/// A pass.
pub(super) struct Pass {
    pub(super) name: &'static str,
    /// The compiler's flags.
    pub(super) flags: &'static str,
    /// Where its configuration is.
    pub(super) file: PathBuf,
    configuration: Configuration,
}

/// What the configuration says. cargo-mutants would look for all tests in the library's package, were it to run them on
/// the code as it is.
#[derive(Deserialize)]
struct Configuration {
    #[serde(default)]
    examine_globs: Vec<String>,
    #[serde(default)]
    exclude_globs: Vec<String>,
    #[serde(default)]
    exclude_re: Vec<String>,
    test_package: Vec<String>,
    additional_cargo_args: Vec<String>,
    additional_cargo_test_args: Vec<String>,
    profile: String,
    minimum_test_timeout: f64,
    timeout_multiplier: f64,
}

impl Pass {
    /// All passes, as the project in `root` configures them.
    pub(super) fn all(root: &Path) -> Result<Vec<Self>> {
        let pass = |(name, flags)| {
            let file = root.join(format!(".cargo/{name}.toml"));
            let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
            let configuration = toml::from_str(&text).with_context(|| file.display().to_string())?;
            Ok(Self { name, flags, file, configuration })
        };
        PASSES.into_iter().map(pass).collect()
    }

    /// Whether it tries all mutants of some files, not only survivors.
    pub(super) fn is_first(&self) -> bool {
        !self.configuration.examine_globs.is_empty()
    }

    /// A short word that changes with whatever may make the tests end in another way.
    pub(super) fn fingerprint(&self, root: &Path) -> Result<String> {
        let Configuration { profile, test_package, .. } = &self.configuration;
        let arguments = self.configuration.additional_cargo_args.iter();
        let arguments = arguments.chain(&self.configuration.additional_cargo_test_args);
        let also = [VERSION, self.flags, profile].into_iter();
        let also: Vec<_> = also.chain(arguments.chain(test_package).map(String::as_str)).collect();
        fingerprint(root, |path| self.is_of_the_tests(path), &also)
    }

    /// Whether the tests are built of this file.
    fn is_of_the_tests(&self, path: &str) -> bool {
        path.starts_with("src/") || BUILD.contains(&path) || self.is_of_a_test(path)
    }

    fn is_of_a_test(&self, path: &str) -> bool {
        self.configuration.test_package.iter().any(|package| {
            let of_package = match package.strip_prefix("pooldeque-") {
                Some(folder) => path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')),
                None => Some(path).filter(|path| path.starts_with("tests/")),
            };
            of_package.is_some_and(|path| path.strip_prefix("tests/").is_none_or(|test| self.runs(test)))
        })
    }

    /// Whether the pass runs the test that this file below `tests/` is of.
    fn runs(&self, path: &str) -> bool {
        let name = path.split(['/', '.']).next().unwrap_or_default();
        name == "support" || self.configuration.additional_cargo_args.contains(&format!("--test={name}"))
    }

    /// Runs the tests on the code as it is, which must pass. Returns the seconds after which they count as hanging.
    pub(super) fn timeout(&self, prepare: impl Fn(&mut Command)) -> Result<u64> {
        let Configuration { profile, additional_cargo_args, additional_cargo_test_args, .. } =
            &self.configuration;
        let mut seconds = 0.0;
        for only_build in [true, false] {
            let began = Instant::now();
            let mut command = cargo();
            command.args(["test", "--quiet", "--profile", profile]).args(additional_cargo_args);
            command
                .args(self.configuration.test_package.iter().map(|package| format!("--package={package}")));
            command.args(only_build.then_some("--no-run")).args(additional_cargo_test_args);
            prepare(&mut command);
            output_of(&mut command).context("the tests fail on the code as it is")?;
            seconds = began.elapsed().as_secs_f64();
        }
        let Configuration { minimum_test_timeout, timeout_multiplier, .. } = self.configuration;
        Ok((seconds * timeout_multiplier).max(minimum_test_timeout).ceil() as u64)
    }
}

/// Refuses a file with mutants that no pass begins with, or that two do; and an entry of a configuration that matches
/// nothing, because what it was about is gone.
pub(super) fn check(passes: &[Pass], mutants: &str) -> Result<()> {
    let passes: Vec<_> = passes.iter().filter(|pass| pass.is_first()).collect();
    let files: BTreeSet<_> = mutants.lines().map(file_of).collect();
    for file in &files {
        let is_excluded = |pass: &Pass| is_in(file, &pass.configuration.exclude_globs);
        let begins = |pass: &&&Pass| is_in(file, &pass.configuration.examine_globs) && !is_excluded(pass);
        let beginning: Vec<_> = passes.iter().filter(begins).map(|pass| pass.name).collect();
        let is_left_out = beginning.is_empty() && passes.iter().any(|pass| is_excluded(pass));
        ensure!(
            beginning.len() == 1 || is_left_out,
            "{file} is to be examined by one pass or excluded; these examine it: {beginning:?}"
        );
    }
    for Pass { name, configuration, .. } in passes {
        for glob in configuration.examine_globs.iter().chain(&configuration.exclude_globs) {
            ensure!(files.iter().any(|file| matches(file, glob)), "{name}: no mutant is in {glob}");
        }
        for pattern in &configuration.exclude_re {
            let regex = Regex::new(pattern)?;
            let mut examined =
                mutants.lines().filter(|name| is_in(file_of(name), &configuration.examine_globs));
            ensure!(examined.any(|name| regex.is_match(name)), "{name}: no mutant is excluded by {pattern}");
        }
    }
    Ok(())
}

/// The file that a mutant is in.
pub(super) fn file_of(mutant: &str) -> &str {
    mutant.split(':').next().unwrap_or(mutant)
}

fn is_in(file: &str, globs: &[String]) -> bool {
    globs.iter().any(|glob| matches(file, glob))
}

/// The configurations have files by name, and folders with all that is below them.
fn matches(file: &str, glob: &str) -> bool {
    glob.strip_suffix("**").map_or(file == glob, |folder| file.starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::files;

    fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
    }

    /// Passes with these lists: examined files, excluded files, excluded names.
    fn passes(lists: &[(&[&str], &[&str], &[&str])]) -> Vec<Pass> {
        let mut passes = Pass::all(&root()).unwrap();
        passes.truncate(lists.len());
        for (pass, (examined, excluded, names)) in passes.iter_mut().zip(lists) {
            let owned = |list: &[&str]| list.iter().map(|it| (*it).to_owned()).collect();
            pass.configuration.examine_globs = owned(examined);
            pass.configuration.exclude_globs = owned(excluded);
            pass.configuration.exclude_re = owned(names);
        }
        passes
    }

    const MUTANTS: &str = "src/a.rs:1:2: replace a with ()\nsrc/a/b.rs:1:2: replace b -> bool with true\nsrc/c.rs:1:2: delete ! in c\n";

    #[test]
    fn each_file_is_examined_by_one_pass_or_excluded() {
        let right: (&[_], &[_], &[&str]) = (&["src/a.rs", "src/a/**"], &["src/c.rs"], &["with true$"]);
        assert!(check(&passes(&[right]), MUTANTS).is_ok());
        assert!(check(&passes(&[right, (&["src/c.rs"], &[], &[])]), MUTANTS).is_ok(), "excluded by another");
        let by_none = check(&passes(&[(&["src/a.rs", "src/a/**"], &[], &[])]), MUTANTS);
        assert!(by_none.unwrap_err().to_string().starts_with("src/c.rs "));
        let by_two = check(&passes(&[right, (&["src/a/b.rs"], &[], &[])]), MUTANTS);
        assert!(by_two.unwrap_err().to_string().starts_with("src/a/b.rs "));
        let excluded_by_the_other = [right, (&["src/a/**"], &["src/a/b.rs"], &[])];
        assert!(check(&passes(&excluded_by_the_other), MUTANTS).is_ok());
    }

    #[test]
    fn what_no_mutant_answers_to_is_refused() {
        let all: &[&str] = &["src/**"];
        for (lists, complaint) in [
            ((&["src/**", "src/d.rs"][..], &[][..], &[][..]), "no mutant is in src/d.rs"),
            ((all, &["src/d/**"], &[]), "no mutant is in src/d/**"),
            ((all, &[], &["with false$"]), "no mutant is excluded by with false$"),
            ((&["src/a/**"], &["src/a.rs", "src/c.rs"], &["delete !"]), "no mutant is excluded by delete !"),
        ] {
            let error = check(&passes(&[lists]), MUTANTS).unwrap_err().to_string();
            assert!(error.ends_with(complaint), "{error}");
        }
    }

    #[test]
    fn a_pass_is_concerned_with_the_tests_that_it_runs() {
        let passes = Pass::all(&root()).unwrap();
        let of =
            |pass: &str, path: &str| passes.iter().find(|it| it.name == pass).unwrap().is_of_the_tests(path);
        assert!(
            of("mutants", "src/pool.rs") && of("mutants-loom", "Cargo.lock") && !of("mutants", "README.md")
        );
        assert!(of("mutants-pool", "tests/pool/live.rs") && of("mutants-pool", "tests/all_pools.rs"));
        assert!(of("mutants-pool", "tests/support/mod.rs") && !of("mutants-pool", "tests/hostile/main.rs"));
        assert!(!of("mutants", "tests/pool/live.rs") && of("mutants", "proptests/src/go.rs"));
        assert!(
            of("mutants-loom", "loom-tests/src/lib.rs")
                && of("mutants-loom", "loom-tests/tests/scenarios/main.rs")
        );
        assert!(
            !of("mutants-loom", "loom-tests/tests/explanation.rs")
                && !of("mutants-loom", "tests/hostile/main.rs")
        );
        assert!(!of("mutants-no-std", "tests/hostile/main.rs") && !of("mutants", ".cargo/mutants.toml"));
    }

    #[test]
    fn no_test_of_a_pass_is_built_of_a_file_that_it_is_not_concerned_with() {
        let (root, passes) = (root(), Pass::all(&root()).unwrap());
        let path = Regex::new(r#"(?:#\[path = |include_\w+!\()"([^"]+)""#).unwrap();
        let mut paths = 0;
        for file in files(&root).unwrap().iter().filter(|file| file.ends_with(".rs")) {
            let text = fs::read_to_string(root.join(file)).unwrap();
            for pass in passes.iter().filter(|pass| pass.is_of_a_test(file)) {
                for found in path.captures_iter(&text) {
                    let mut parts: Vec<_> = file.split('/').collect();
                    parts.pop();
                    for part in found[1].split('/') {
                        match part {
                            ".." => _ = parts.pop(),
                            _ => parts.push(part),
                        }
                    }
                    let other = parts.join("/");
                    assert!(pass.is_of_the_tests(&other), "{}: {file} is built of {other}", pass.name);
                    paths += 1;
                }
            }
        }
        assert!(paths > 10);
    }

    #[test]
    fn other_tests_or_another_configuration_of_them_change_the_fingerprint() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("tests/pool")).unwrap();
        let write = |file: &str, text: &str| fs::write(folder.path().join(file), text).unwrap();
        write("tests/pool/main.rs", "");
        let pool = || Pass::all(&root()).unwrap().remove(1);
        let before = pool().fingerprint(folder.path()).unwrap();
        let changed = |change: fn(&mut Pass)| {
            let mut pass = pool();
            change(&mut pass);
            pass.fingerprint(folder.path()).unwrap() != before
        };
        assert!(!changed(|pass| pass.configuration.exclude_re.push("a".to_owned())));
        assert!(changed(|pass| pass.flags = "--cfg a"));
        assert!(changed(|pass| pass.configuration.profile.push('a')));
        assert!(changed(|pass| drop(pass.configuration.additional_cargo_test_args.pop())));
        write("tests/hostile.rs", "");
        assert!(!changed(|_| ()));
        write("tests/pool/main.rs", "//! Something.");
        assert!(changed(|_| ()));
    }
}
