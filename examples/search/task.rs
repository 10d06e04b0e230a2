//! The tasks that threads run.

use std::fs;
use std::path::PathBuf;

use crate::directory::Listing;
use crate::troubles::Troubles;

/// A part of the search.
pub(crate) enum Task {
    /// List a directory.
    Directory(PathBuf),
    /// List the rest of a large directory.
    RestOfDirectory(Box<Listing>),
    /// Search a file.
    File(PathBuf),
    /// Search standard input.
    StandardInput,
}

/// The tasks for the paths on the command line. Paths that do not exist are reported.
pub(crate) fn from_command_line(paths: &[PathBuf], troubles: &Troubles) -> Vec<Task> {
    if paths.is_empty() {
        // The current directory as an empty path, so that its entries are printed without `./`.
        return vec![Task::Directory(PathBuf::new())];
    }
    let task = |path: &PathBuf| {
        if path.as_os_str() == "-" {
            return Some(Task::StandardInput);
        }
        // `metadata` follows symbolic links; the search below a directory does not.
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => Some(Task::Directory(path.clone())),
            Ok(_) => Some(Task::File(path.clone())),
            Err(error) => {
                troubles.report_at(path, error);
                None
            }
        }
    };
    // Threads take their newest task first; the reversed order starts with the first path.
    paths.iter().rev().filter_map(task).collect()
}
