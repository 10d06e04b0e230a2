//! The project's own rules, checked over its files.

use std::path::Path;

use anyhow::{Result, bail, ensure};

use super::files::{self, Found};

mod text;
mod tokens;

/// A text file of the project.
struct File {
    /// From the project's root, with forward slashes.
    path: String,
    text: String,
}

/// Where a rule is broken, and how.
#[derive(Debug, PartialEq, Eq)]
struct Breach {
    line: usize,
    what: String,
}

/// A rule: what it finds wrong in a file.
type Rule = fn(&File) -> Vec<Breach>;

const RULES: [Rule; 8] = [
    tokens::orderings_stand_in_few_files,
    tokens::the_algorithm_knows_no_model,
    tokens::nothing_is_left_to_write,
    tokens::no_test_is_ignored,
    text::no_example_is_ignored,
    text::no_work_is_put_off,
    text::files_are_small,
    text::no_path_of_a_machine,
];

impl File {
    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// The name of the library's module that the file belongs to, if it is of the library.
    fn library_module(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        inside.split('/').next().map(|first| first.trim_end_matches(".rs"))
    }
}

/// Looks at every file of the project that git does not ignore.
pub(super) fn inspect(root: &Path) -> Result<Option<String>> {
    let files = files_of(root)?;
    let sources = files.iter().filter(|file| file.library_module().is_some()).count();
    ensure!(sources > 0, "there are no sources of the library in {}", root.display());
    let mut breaches = Vec::new();
    for file in &files {
        for breach in RULES.iter().flat_map(|rule| rule(file)) {
            breaches.push(format!("{}:{}: {}", file.path, breach.line, breach.what));
        }
    }
    if !breaches.is_empty() {
        bail!("{}", breaches.join("\n"));
    }
    Ok(Some(format!("{} files keep {} rules", files.len(), RULES.len())))
}

/// Whether `text`, which is to be a file of the project, names a folder of somebody's machine.
pub(super) fn names_a_machine(text: &str) -> bool {
    let file = File { path: String::new(), text: text.to_owned() };
    !text::no_path_of_a_machine(&file).is_empty()
}

fn files_of(root: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for Found { path, content } in files::under(root, |_| true)? {
        // What is no text is a picture or the like.
        if let Ok(text) = String::from_utf8(content) {
            files.push(File { path, text });
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) const NONE: [usize; 0] = [];

    /// What `rule` finds in a file of this name and text, by line.
    pub(super) fn lines(rule: Rule, path: &str, text: &str) -> Vec<usize> {
        let file = File { path: path.to_owned(), text: text.to_owned() };
        rule(&file).into_iter().map(|breach| breach.line).collect()
    }

    #[test]
    fn a_module_is_known_by_its_first_folder_or_file() {
        let module = |path: &str| {
            let file = File { path: path.to_owned(), text: String::new() };
            file.library_module().map(str::to_owned)
        };
        assert_eq!(module("src/order.rs").as_deref(), Some("order"));
        assert_eq!(module("src/order/mutant.rs").as_deref(), Some("order"));
        assert_eq!(module("xtask/src/main.rs"), None);
    }
}
