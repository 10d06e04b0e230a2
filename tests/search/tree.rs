//! A folder with a bit of everything.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;

use rustix::fs::{CWD, Mode, mkfifoat};
use tempfile::TempDir;

/// As many files as `plant_many` adds: more than a directory hands out at once.
pub(crate) const MANY: u64 = 2500;

/// How much of a file is read first.
pub(crate) const READ_FIRST: usize = 32 * 1024;

/// Lines of `large.txt` that hold the word. It is larger than any buffer.
pub(crate) const IN_LARGE: u64 = 2000;

/// The lines of the tree that hold the word `needle`, in files that are searched.
pub(crate) const MATCHES: u64 = 2 + 1 + 2 + 2 + 1 + 1 + IN_LARGE;

/// The files that are searched, whether they hold the word or not.
pub(crate) const TEXT_FILES: u64 = 8;

/// The folders, the tree itself included.
pub(crate) const FOLDERS: u64 = 5;

/// The files that are skipped as binary.
pub(crate) const BINARY_FILES: u64 = 2;

/// A tree of files that contain the word `needle`, hay, or nothing, with every special case that a search
/// must handle or skip.
pub(crate) fn plant() -> TempDir {
    let tree = tempfile::tempdir().expect("a temporary folder");
    let root = tree.path();
    write(root, "plain.txt", "needle one\nhay\nneedle two\n");
    write(root, "no_newline_at_the_end.txt", "hay\nneedle at the end");
    write(root, "crlf.txt", "needle\r\nhay\r\nneedle again\r\n");
    write(root, "invalid_utf8.txt", b"needle \xff\xfe\nhay \xc3\n\xe2\x28needle\n");
    write(root, "empty.txt", "");
    write(root, ".hidden/.file", "a hidden needle\n");
    write(root, "deep/er/est/leaf.txt", "hay\n\nneedle\n");
    write(root, "large.txt", large());

    write(root, "binary.bin", "needle\0needle\nneedle\n");
    write(root, "binary_at_the_last_moment.bin", with_nul_at(READ_FIRST - 1));
    symlink("plain.txt", root.join("link_to_file")).expect("a link");
    symlink("deep", root.join("link_to_folder")).expect("a link");
    symlink(".", root.join("loop")).expect("a link");
    symlink("nowhere", root.join("dangling")).expect("a link");
    // Opening the pipe would block until there is a writer.
    mkfifoat(CWD, root.join("pipe"), Mode::RUSR | Mode::WUSR).expect("a named pipe");
    UnixListener::bind(root.join("socket")).expect("a socket");
    tree
}

/// Adds a folder of many files to the tree, each with one matching line.
pub(crate) fn plant_many(root: &Path) {
    for number in 0..MANY {
        write(root, &format!("many/{number}.txt"), "hay\nneedle\nhay\n");
    }
}

/// Writes a file below `root` and creates its parent folders.
pub(crate) fn write(root: &Path, path: &str, text: impl AsRef<[u8]>) {
    let path = root.join(path);
    let folder = path.parent().expect("a file lies in a folder");
    fs::create_dir_all(folder).expect("a new folder");
    fs::write(path, text).expect("a new file");
}

/// Text that begins with a matching line and has a NUL at `position`.
pub(crate) fn with_nul_at(position: usize) -> Vec<u8> {
    let mut text = format!("needle\n{}", "hay\n".repeat(position)).into_bytes();
    text[position] = 0;
    text
}

/// Lines of many lengths, so that buffers end at all positions in a line.
fn large() -> String {
    let line = |number: u64| {
        let word = if number.is_multiple_of(10) { "needle" } else { "hay" };
        format!("{number} {} {word}\n", "straw ".repeat(number as usize % 37))
    };
    (0..10 * IN_LARGE).map(line).collect()
}
