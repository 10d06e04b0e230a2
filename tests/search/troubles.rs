//! Errors are reported, and the search goes on.

use std::fs::{self, File, OpenOptions, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::thread;

use crate::program::run;
use crate::tree;

#[test]
fn a_missing_path_is_reported_and_the_others_are_searched() {
    let tree = tree::plant();
    for nowhere in ["no/such/file", "dangling", "plain.txt/below"] {
        let ended = run(tree.path(), ["two", nowhere, "plain.txt"]);
        assert_eq!(ended.stdout, "plain.txt:3:needle two\n");
        assert!(ended.stderr.starts_with(&format!("search: {nowhere}: ")), "{ended:?}");
        assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
        assert_eq!(ended.status, 2);

        let ended = run(tree.path(), ["--count", "needle", nowhere, "plain.txt"]);
        assert_eq!((ended.count(), ended.status), (2, 2));
    }
}

#[test]
fn an_unreadable_file_or_folder_in_the_tree_is_reported_and_the_rest_is_searched() {
    let tree = tree::plant();
    tree::write(tree.path(), "locked_folder/file", "needle two\n");
    tree::write(tree.path(), "locked_file", "needle two\n");
    lock(&tree.path().join("locked_folder"));
    lock(&tree.path().join("locked_file"));
    let ended = run(tree.path(), ["two"]);
    let mut troubles: Vec<&str> = ended.stderr.lines().collect();
    troubles.sort_unstable();
    if File::open(tree.path().join("locked_file")).is_ok() {
        eprintln!("this user may read every file: locked files were searched instead");
        let expected =
            ["locked_file:1:needle two", "locked_folder/file:1:needle two", "plain.txt:3:needle two"];
        assert_eq!(ended.sorted_lines(), expected);
        assert_eq!((troubles.len(), ended.status), (0, 0), "{ended:?}");
    } else {
        assert_eq!(ended.stdout, "plain.txt:3:needle two\n");
        assert_eq!((troubles.len(), ended.status), (2, 2), "{ended:?}");
        assert!(troubles[0].starts_with("search: locked_file: "), "{ended:?}");
        assert!(troubles[1].starts_with("search: locked_folder: "), "{ended:?}");
    }
    unlock(&tree.path().join("locked_folder"));
}

fn lock(path: &Path) {
    fs::set_permissions(path, Permissions::from_mode(0o000)).expect("it is ours");
}

fn unlock(path: &Path) {
    fs::set_permissions(path, Permissions::from_mode(0o700)).expect("it is ours");
}

#[test]
fn a_path_longer_than_path_max_is_reported_and_the_rest_is_searched() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    tree::write(folder.path(), "file", "needle\n");
    let name = "d".repeat(200);
    let mut directory: rustix::fd::OwnedFd = File::open(folder.path()).expect("it is ours").into();
    // 40 names of 200 bytes are more than PATH_MAX, 4,096.
    for _ in 0..40 {
        use rustix::fs::{Mode, OFlags, mkdirat, openat};
        mkdirat(&directory, &*name, Mode::RWXU).expect("a folder can be made");
        directory = openat(&directory, &*name, OFlags::DIRECTORY, Mode::empty()).expect("it is ours");
    }
    let ended = run(folder.path(), ["--count", "needle"]);
    assert_eq!((ended.count(), ended.status), (1, 2), "{ended:?}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended:?}");
}

#[test]
fn a_file_whose_reading_fails_is_reported_and_the_others_are_searched() {
    // This file, the process's own memory, can be opened, but offset 0 is not mapped.
    let unreadable = Path::new("/proc/self/mem");
    if !unreadable.exists() {
        eprintln!("not tested: {} does not exist", unreadable.display());
        return;
    }
    let tree = tree::plant();
    for arguments in [&["needle", "/proc/self/mem", "deep"][..], &["-c", "needle", "/proc/self/mem", "deep"]]
    {
        let ended = run(tree.path(), arguments);
        assert!(ended.stderr.starts_with("search: /proc/self/mem: "), "{ended:?}");
        assert_eq!((ended.stdout.lines().count(), ended.status), (1, 2), "{ended:?}");
    }
}

/// Files are read, not mapped, so a truncated file cannot cause a SIGBUS.
#[test]
fn files_that_change_during_the_search_do_no_harm() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    fs::write(folder.path().join("steady"), "a needle\n").expect("a file can be written");
    let changing: Vec<_> = (0..30).map(|number| folder.path().join(format!("changing-{number}"))).collect();
    let text = "no match\n".repeat(20_000);
    thread::scope(|scope| {
        let searches =
            scope.spawn(|| (0..20).map(|_| run(folder.path(), ["-c", "needle"])).collect::<Vec<_>>());
        for file in changing.iter().cycle().take_while(|_| !searches.is_finished()) {
            // The file grows, shrinks and vanishes.
            fs::write(file, &text).expect("a file can be written");
            let opened = OpenOptions::new().write(true).open(file).expect("a file can be opened");
            opened.set_len(10).expect("a file can be cut");
            fs::remove_file(file).expect("a file can be removed");
        }
        for ended in searches.join().expect("the program can be run") {
            // A file that vanished before it was opened may have been reported.
            assert!(ended.status == 0 || ended.status == 2, "{ended:?}");
            assert_eq!(ended.count(), 1, "{ended:?}");
        }
    });
}

#[test]
fn an_invalid_pattern_is_reported_and_nothing_is_searched() {
    let tree = tree::plant();
    for pattern in ["(", "[z-a]", "*", r"\"] {
        let ended = run(tree.path(), [pattern]);
        assert!(ended.stderr.starts_with("search: "), "{ended:?}");
        assert_eq!((ended.stdout.as_str(), ended.status), ("", 2), "{pattern}");
    }
}

#[test]
fn invalid_arguments_are_rejected() {
    let tree = tree::plant();
    for arguments in [&[][..], &["--threads", "0", "x"], &["--threads", "some", "x"], &["--no-such", "x"]] {
        let ended = run(tree.path(), arguments);
        assert_eq!((ended.stdout.as_str(), ended.status), ("", 2), "{arguments:?}");
        assert!(ended.stderr.starts_with("error: ") && ended.stderr.contains("--help"), "{ended:?}");
    }
}
