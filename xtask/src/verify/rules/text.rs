//! Rules about the text of files, comments included.

use std::sync::LazyLock;

use regex::Regex;

use super::{Breach, File};

/// A file of Rust is one idea, and one idea is not longer.
const LARGEST: usize = 24 * 1024;

/// The opening fence of an example that the compiler is told to ignore.
static IGNORED_EXAMPLE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\s*(?://[/!]|\*)?\s*(?:```|~~~)[^`]*\bignore\b"));

/// The words with which work is put off. In brackets, so that this line is not such a word itself.
static PUT_OFF: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(?:TO[D]O|FIX[M]E)\b"));

/// A folder that exists on the machine somebody works at.
static OF_A_MACHINE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"(?:^|[\s"'`(\[<=:,])/(?:root|home|Users|work|tmp)/"#));

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is right")
}

fn matches(file: &File, pattern: &Regex, what: &str) -> Vec<Breach> {
    let lines = file.text.lines().enumerate().filter(|(_, line)| pattern.is_match(line));
    lines.map(|(index, _)| Breach { line: index + 1, what: what.to_owned() }).collect()
}

/// Every example in the documentation is compiled.
pub(super) fn no_example_is_ignored(file: &File) -> Vec<Breach> {
    if file.is_rust() || file.path.ends_with(".md") {
        matches(file, &IGNORED_EXAMPLE, "an example that is ignored rots: let it compile, or call it text")
    } else {
        Vec::new()
    }
}

/// Work to be done is an issue, not a comment.
pub(super) fn no_work_is_put_off(file: &File) -> Vec<Breach> {
    if file.is_rust() { matches(file, &PUT_OFF, "work is put off") } else { Vec::new() }
}

/// A Rust file that grows past the limit has become two.
pub(super) fn files_are_small(file: &File) -> Vec<Breach> {
    if !file.is_rust() || file.text.len() <= LARGEST {
        return Vec::new();
    }
    let what = format!("{} bytes; a second idea has moved in at {LARGEST}", file.text.len());
    vec![Breach { line: file.text.lines().count(), what }]
}

/// The project means the same on every machine.
pub(super) fn no_path_of_a_machine(file: &File) -> Vec<Breach> {
    matches(file, &OF_A_MACHINE, "a path of somebody's machine")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{NONE, lines};
    use super::*;

    #[test]
    fn ignored_examples_are_found_in_comments_and_pages() {
        let text = "/// ```\n/// ```ignore\n/// ```\n//! ```rust,ignore\n   ~~~ ignore\n";
        assert_eq!(lines(no_example_is_ignored, "src/a.rs", text), [2, 4, 5]);
        assert_eq!(lines(no_example_is_ignored, "docs/a.md", "```ignore"), [1]);
        assert_eq!(lines(no_example_is_ignored, "a.toml", "```ignore"), NONE);
    }

    #[test]
    fn other_examples_and_prose_are_left_alone() {
        let text = "/// ```no_run\n/// ```compile_fail,E0277\n/// ``` text\n// cargo will ignore ``` here\n";
        assert_eq!(lines(no_example_is_ignored, "src/a.rs", text), NONE);
    }

    #[test]
    fn work_put_off_is_found() {
        let text = format!(
            "// {}: later\nfn todo_list() {{}}\n// {}\n",
            "TO".to_owned() + "DO",
            "FIX".to_owned() + "ME"
        );
        assert_eq!(lines(no_work_is_put_off, "src/a.rs", &text), [1, 3]);
    }

    #[test]
    fn a_file_may_reach_the_limit_and_not_pass_it() {
        assert_eq!(lines(files_are_small, "a.rs", &"x".repeat(LARGEST)), NONE);
        assert_eq!(lines(files_are_small, "a.rs", &"x".repeat(LARGEST + 1)), [1]);
        assert_eq!(lines(files_are_small, "a.csv", &"x".repeat(LARGEST + 1)), NONE);
    }

    #[test]
    fn paths_of_a_machine_are_found_in_any_file() {
        for folder in ["root", "home", "Users", "tmp"] {
            let text = format!("see\n`/{folder}/me/notes`\nPATH=/{folder}/bin");
            assert_eq!(lines(no_path_of_a_machine, "notes.csv", &text), [2, 3], "{folder}");
        }
    }

    #[test]
    fn addresses_and_relative_paths_are_no_paths_of_a_machine() {
        let text = "https://example.org/home/page src/home/ target/tmp/x /usr/include/stdio.h";
        assert_eq!(lines(no_path_of_a_machine, "README.md", text), NONE);
    }
}
