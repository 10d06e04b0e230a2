//! What a thread can be given to do.

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
    /// Search what is piped in.
    StandardInput,
}

/// The tasks that the command line names. Paths that lead nowhere are reported.
pub(crate) fn from_command_line(paths: &[PathBuf], troubles: &Troubles) -> Vec<Task> {
    if paths.is_empty() {
        // The current directory, without a `./` before each path in it.
        return vec![Task::Directory(PathBuf::new())];
    }
    let task = |path: &PathBuf| {
        if path.as_os_str() == "-" {
            return Some(Task::StandardInput);
        }
        // This follows symbolic links, which a search below a directory does not.
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => Some(Task::Directory(path.clone())),
            Ok(_) => Some(Task::File(path.clone())),
            Err(error) => {
                troubles.report_at(path, error);
                None
            }
        }
    };
    // Threads take the newest of their tasks first: the path named first is to be that.
    paths.iter().rev().filter_map(task).collect()
}
