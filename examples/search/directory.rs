//! Listing a directory: its files and directories become tasks.

use std::fs::{self, DirEntry, ReadDir};
use std::io;
use std::path::{Path, PathBuf};

use crate::task::Task;
use crate::troubles::Troubles;

/// Number of entries that become tasks at once. The rest of a larger directory is a task of its own, so
/// that other threads need not wait for the end of the listing, and so that it need not all be in memory.
const LARGEST_PART: usize = 1024;

/// A directory that is being listed.
pub(crate) struct Listing {
    path: PathBuf,
    entries: ReadDir,
}

impl Listing {
    /// Begins to list a directory; the empty path is the current one.
    ///
    /// # Errors
    ///
    /// It cannot be read.
    pub(crate) fn begin(path: &Path) -> io::Result<Self> {
        let entries = fs::read_dir(if is_current(path) { Path::new(".") } else { path })?;
        Ok(Self { path: path.to_path_buf(), entries })
    }

    /// Adds tasks for what comes next in the directory, and one for the rest of it if there may be any.
    pub(crate) fn proceed(mut self: Box<Self>, tasks: &mut Vec<Task>, troubles: &Troubles) {
        for _ in 0..LARGEST_PART {
            let Some(entry) = self.entries.next() else { return };
            match entry.and_then(|entry| self.task(&entry)) {
                Ok(task) => tasks.extend(task),
                Err(error) => troubles.report_at(&self.path, error),
            }
        }
        // The rest goes first, so that this thread searches what it has found before it lists more.
        let newest = tasks.len();
        tasks.push(Task::RestOfDirectory(self));
        tasks.swap(0, newest);
    }

    /// None for symbolic links, pipes, sockets and devices.
    fn task(&self, entry: &DirEntry) -> io::Result<Option<Task>> {
        let kind = entry.file_type()?;
        let path = || if is_current(&self.path) { entry.file_name().into() } else { entry.path() };
        Ok(if kind.is_dir() {
            Some(Task::Directory(path()))
        } else if kind.is_file() {
            Some(Task::File(path()))
        } else {
            None
        })
    }
}

/// Whether this is the empty path, which stands for the current directory when the command line names none.
fn is_current(path: &Path) -> bool {
    path.as_os_str().is_empty()
}
