//! The project's folders, copies of it, and the tools that it needs.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use ignore::WalkBuilder;
use serde::Deserialize;

/// The project's folders.
#[derive(Deserialize)]
pub(crate) struct Project {
    #[serde(rename = "workspace_root")]
    pub(crate) root: PathBuf,
    /// Where cargo builds, wherever its configuration and the environment put that.
    #[serde(rename = "target_directory")]
    pub(crate) target: PathBuf,
}

/// The cargo that runs us.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// What a command prints.
pub(crate) fn output_of(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("cannot run {name}"))?;
    ensure!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(String::from_utf8(output.stdout)?)
}

impl Project {
    /// Runs `cargo metadata`.
    pub(crate) fn find() -> Result<Self> {
        let metadata = output_of(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
        serde_json::from_str(&metadata).context("cargo metadata gave no folders")
    }

    /// `path` as somebody in the project's root would name it.
    pub(crate) fn relative<'path>(&self, path: &'path Path) -> &'path Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }

    /// Copies all that git does not ignore into `folder`, in place of an earlier copy. `edit` changes the
    /// sources of the library on the way.
    pub(crate) fn copy(&self, folder: &Path, edit: impl Fn(&str) -> String) -> Result<()> {
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
        }
        for path in files(&self.root)? {
            let (from, to) = (self.root.join(&path), folder.join(&path));
            fs::create_dir_all(to.parent().context("a file is in a folder")?)?;
            if path.starts_with("src/") {
                fs::write(to, edit(&fs::read_to_string(from)?))?;
            } else {
                fs::copy(from, to)?;
            }
        }
        Ok(())
    }

    /// A program of the package `name`, which is installed under the target folder unless it is there.
    pub(crate) fn tool(&self, name: &str, version: &str, program: &str) -> Result<PathBuf> {
        let root = self.target.join("tools");
        let mut install = cargo();
        install.current_dir(&self.root).args(["install", "--quiet", "--locked", "--root"]).arg(&root);
        install.args(["--version", &format!("={version}"), name]);
        ensure!(install.status()?.success(), "{name} {version} could not be installed");
        Ok(root.join("bin").join(program).with_extension(env::consts::EXE_EXTENSION))
    }
}

/// The files under `root` that git does not ignore, by name: from the root, with forward slashes.
pub(crate) fn files(root: &Path) -> Result<Vec<String>> {
    let mut walk = WalkBuilder::new(root);
    walk.hidden(false).parents(false).require_git(false);
    walk.filter_entry(|entry| entry.file_name() != ".git").sort_by_file_path(Path::cmp);
    let mut files = Vec::new();
    for entry in walk.build() {
        let entry = entry?;
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            files.push(entry.path().strip_prefix(root)?.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_has_what_git_knows_and_its_sources_edited() {
        let (root, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for (file, text) in
            [("src/a.rs", "one"), ("b.rs", "one"), ("c.log", "one"), (".gitignore", "*.log\n")]
        {
            fs::create_dir_all(root.path().join(file).parent().unwrap()).unwrap();
            fs::write(root.path().join(file), text).unwrap();
        }
        let project = Project { root: root.path().to_owned(), target: root.path().to_owned() };
        project.copy(copy.path(), |text| text.replace("one", "two")).unwrap();
        assert_eq!(files(copy.path()).unwrap(), [".gitignore", "b.rs", "src/a.rs"]);
        let text = |file| fs::read_to_string(copy.path().join(file)).unwrap();
        assert_eq!((text("src/a.rs"), text("b.rs")), ("two".to_owned(), "one".to_owned()));
    }

    #[test]
    fn a_file_of_rust_is_one_idea_and_unit_tests_are_modules() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let rust: Vec<_> = files(root).unwrap().into_iter().filter(|path| path.ends_with(".rs")).collect();
        assert!(rust.iter().filter(|path| path.starts_with("src/")).count() > 10);
        for path in rust {
            let text = fs::read_to_string(root.join(&path)).unwrap();
            assert!(text.len() <= 24 << 10, "{path}: {} bytes, so a second idea has moved in", text.len());
            let hook = |(line, next): (&str, &str)| line.trim() == "#[cfg(test)]" && !next.contains("mod ");
            let may_hook = ["lib", "model", "order", "reclaim", "sync"].map(|module| format!("src/{module}"));
            let is_algorithm = path.starts_with("src/") && !may_hook.iter().any(|it| path.starts_with(it));
            let hooked = is_algorithm && text.lines().zip(text.lines().skip(1)).any(hook);
            assert!(!hooked, "{path}: the algorithm depends on being tested");
        }
    }
}
