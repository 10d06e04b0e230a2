//! Errors that do not stop the search.

use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::progress::Progress;

/// Reports errors on standard error and remembers whether there were any.
pub(crate) struct Troubles {
    progress: Progress,
    any: AtomicBool,
}

impl Troubles {
    pub(crate) fn new(progress: Progress) -> Self {
        Self { progress, any: AtomicBool::new(false) }
    }

    /// Reports an error with a file or a directory; the empty path stands for the current one.
    pub(crate) fn report_at(&self, path: &Path, trouble: impl Display) {
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        self.report(format_args!("{}: {trouble}", path.display()));
    }

    /// Reports an error, but not in the middle of a file's output.
    pub(crate) fn report(&self, trouble: impl Display) {
        self.any.store(true, Ordering::Relaxed);
        let _turn = io::stdout().lock();
        self.progress.suspend(|| {
            // If standard error is closed, the exit status still reports the error.
            let _ = writeln!(io::stderr(), "search: {trouble}");
        });
    }

    /// Whether anything was reported.
    pub(crate) fn any(&self) -> bool {
        self.any.load(Ordering::Relaxed)
    }

    /// The progress bar that error messages must not garble.
    pub(crate) fn progress(&self) -> &Progress {
        &self.progress
    }
}
