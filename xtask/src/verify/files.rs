//! The project's files: all that git does not ignore.

use std::fs;
use std::path::Path;

use anyhow::Result;
use ignore::WalkBuilder;

/// A file of the project.
pub(super) struct Found {
    /// From the project's root, with forward slashes.
    pub(super) path: String,
    pub(super) content: Vec<u8>,
}

/// The files under `root`, by name, as far as `wanted` wants them.
pub(super) fn under(root: &Path, wanted: impl Fn(&str) -> bool) -> Result<Vec<Found>> {
    let mut walk = WalkBuilder::new(root);
    walk.hidden(false).parents(false).require_git(false);
    walk.filter_entry(|entry| entry.file_name() != ".git").sort_by_file_path(Path::cmp);
    let mut files = Vec::new();
    for entry in walk.build() {
        let entry = entry?;
        if !entry.file_type().is_some_and(|kind| kind.is_file()) {
            continue;
        }
        let path = entry.path().strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        if wanted(&path) {
            files.push(Found { path, content: fs::read(entry.path())? });
        }
    }
    Ok(files)
}
