//! `--stats`.

use std::collections::HashMap;

use crate::program::{Ended, run};
use crate::tree::{self, BINARY_FILES, FOLDERS, MANY, MATCHES, TEXT_FILES};

/// The statistics on standard error, by name.
fn statistics(ended: &Ended) -> HashMap<&str, &str> {
    // Names and values are in two columns.
    let columns = |line| str::split_at_checked(line, 21).map(|(name, value)| (name.trim(), value.trim()));
    ended.stderr.lines().map(|line| columns(line).unwrap_or_else(|| panic!("{line:?}"))).collect()
}

#[test]
fn the_statistics_match_the_tree() {
    let tree = tree::plant();
    tree::plant_many(tree.path());
    for threads in [1, 2, 8] {
        let ended = run(tree.path(), ["--stats", "--count", "-j", &threads.to_string(), "needle"]);
        assert_eq!((ended.count(), ended.status), (MATCHES + MANY, 0));
        let values = statistics(&ended);
        let figure = |name: &str| -> u64 { values[name].parse().expect("a whole number") };
        assert_eq!(figure("files searched"), TEXT_FILES + MANY);
        assert_eq!(figure("with matches"), TEXT_FILES + MANY - 1);
        assert_eq!(figure("binary files skipped"), BINARY_FILES);
        assert_eq!(figure("directories"), FOLDERS + 1);
        assert_eq!(figure("bytes searched"), bytes(tree.path()));
        assert_eq!(figure("matching lines"), MATCHES + MANY);
        let speed: f64 = values["MB/s"].parse().expect("a number");
        assert!(speed > 0.0 && speed.is_finite() && values.contains_key("seconds"), "{values:?}");

        let tasks_of_threads: Vec<u64> =
            values["of each thread"].split(' ').map(|tasks| tasks.parse().expect("a number")).collect();
        assert_eq!(tasks_of_threads.len(), threads);
        assert_eq!(tasks_of_threads.iter().sum::<u64>(), figure("tasks"));
        // The large folder is listed in parts, one task each.
        let parts = MANY / 1024;
        assert_eq!(figure("tasks"), TEXT_FILES + MANY + BINARY_FILES + FOLDERS + 1 + parts);

        let batches: Vec<(&str, u64)> = values
            .iter()
            .filter_map(|(name, number)| Some((name.strip_prefix("batches of ")?, number.parse().ok()?)))
            .collect();
        assert_eq!(batches.iter().map(|(_, number)| number).sum::<u64>(), figure("steals"));
        let smallest = |sizes: &str| sizes.split('-').next().and_then(|size| size.parse().ok());
        let at_least: u64 =
            batches.iter().map(|(sizes, number)| smallest(sizes).unwrap_or(0_u64) * number).sum();
        assert!(at_least >= figure("steals") && at_least <= figure("tasks stolen"), "{values:?}");
        assert!(figure("sleeps") >= 1, "the last thread sleeps before the end: {values:?}");
        if threads == 1 {
            assert_eq!((figure("steals"), figure("tasks stolen"), figure("sleeps")), (0, 0, 1));
        }

        // Each file is read into a buffer from the pool, and no thread uses two at once.
        let files = figure("files searched") + figure("binary files skipped");
        assert_eq!(figure("buffers used"), files);
        assert_eq!(figure("made") + figure("private") + figure("shared"), files);
        assert_eq!(figure("idle now"), figure("made"), "one was lost: {values:?}");
        assert!((1..=threads as u64).contains(&figure("made")), "{values:?}");
    }
}

/// The total size of the text files below a folder, not following links.
fn bytes(folder: &std::path::Path) -> u64 {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
    let size = |entry: std::fs::DirEntry| {
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            return bytes(&entry.path());
        }
        let is_text = kind.is_file() && !entry.file_name().to_string_lossy().ends_with(".bin");
        if is_text { entry.metadata().expect("a size").len() } else { 0 }
    };
    entries.map(size).sum()
}

#[test]
fn the_statistics_do_not_mix_with_the_output() {
    let tree = tree::plant();
    let ended = run(tree.path(), ["--stats", "two"]);
    assert_eq!(ended.stdout, "plain.txt:3:needle two\n");
    assert_eq!(statistics(&ended)["matching lines"], "1");
}
