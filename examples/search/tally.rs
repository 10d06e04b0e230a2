//! Counts of what was searched and found.

use std::ops::AddAssign;

/// One thread's counts, or the sum over all threads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Text files that were searched.
    pub(crate) files: u64,
    /// Files with a matching line.
    pub(crate) files_with_matches: u64,
    /// Binary files, which were skipped.
    pub(crate) binary_files: u64,
    /// Directories that were listed.
    pub(crate) directories: u64,
    /// Bytes of text that were searched.
    pub(crate) bytes: u64,
    /// Lines that matched.
    pub(crate) matching_lines: u64,
}

impl AddAssign<&Tally> for Tally {
    fn add_assign(&mut self, other: &Tally) {
        self.files += other.files;
        self.files_with_matches += other.files_with_matches;
        self.binary_files += other.binary_files;
        self.directories += other.directories;
        self.bytes += other.bytes;
        self.matching_lines += other.matching_lines;
    }
}
