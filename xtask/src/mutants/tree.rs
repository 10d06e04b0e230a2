//! The copy of the project that mutants are made in.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use anyhow::{Context, Result, ensure};
use ignore::WalkBuilder;
use regex::{Captures, Regex};

/// The word that a function's `unsafe` is.
static UNSAFE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\bunsafe(\s+fn\b)").expect("the pattern is right"));

/// Copies the project, in place of the last copy, and makes the library's functions safe there.
pub(super) fn lay_out(root: &Path, tree: &Path) -> Result<()> {
    if tree.exists() {
        fs::remove_dir_all(tree).with_context(|| format!("cannot empty {}", tree.display()))?;
    }
    let mut made_safe = 0;
    let mut walk = WalkBuilder::new(root);
    walk.hidden(false).parents(false).require_git(false);
    for entry in walk.filter_entry(|entry| entry.file_name() != ".git").build() {
        let entry = entry?;
        let path = entry.path().strip_prefix(root)?;
        let copy = tree.join(path);
        if entry.file_type().is_some_and(|kind| kind.is_dir()) {
            fs::create_dir_all(&copy)?;
        } else if path.starts_with("src") {
            let source = fs::read_to_string(entry.path())?;
            let safe = without_unsafe(&source);
            made_safe += usize::from(safe != source);
            fs::write(&copy, safe)?;
        } else {
            fs::copy(entry.path(), &copy)?;
        }
    }
    ensure!(made_safe > 0, "the library in {} has no unsafe function left", root.display());
    Ok(())
}

/// The same source with safe functions in place of unsafe ones, each still at its line and column.
///
/// cargo-mutants leaves unsafe functions as they are, and the producer's half of the library is made
/// of them. They are called in unsafe blocks, which do no harm around a safe call; and their bodies
/// have blocks of their own.
fn without_unsafe(source: &str) -> String {
    let blank = |word: &Captures<'_>| format!("      {}", &word[1]);
    UNSAFE.replace_all(source, blank).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_become_safe_where_they_stand() {
        let source =
            "pub unsafe fn a() {}\n    unsafe fn b() { unsafe { a() } }\nunsafe impl Send for S {}\n";
        let safe = "pub        fn a() {}\n           fn b() { unsafe { a() } }\nunsafe impl Send for S {}\n";
        assert_eq!(without_unsafe(source), safe);
    }

    #[test]
    fn a_safe_function_stays_as_it_is() {
        let source = "fn unsafe_fn() {}\nconst fn a() {}\n";
        assert_eq!(without_unsafe(source), source);
    }
}
