//! What was verified, as a short word that another file content changes.

use std::path::Path;

use anyhow::{Result, ensure};
use sha2::{Digest, Sha256};

use super::files::{self, Found};

/// Files that have a say in what the models are, beside the sources.
const BUILD: [&str; 4] = ["Cargo.lock", "Cargo.toml", "build.rs", "rust-toolchain.toml"];

/// The fingerprint of what the scenarios explore.
pub(super) fn of_the_models(root: &Path) -> Result<String> {
    of(&files::under(root, is_of_the_models)?)
}

/// The fingerprint of all that is compiled or run.
pub(super) fn of_the_code(root: &Path) -> Result<String> {
    of(&files::under(root, is_code)?)
}

fn is_of_the_models(path: &str) -> bool {
    path.starts_with("src/") || path.starts_with("loom-tests/") || BUILD.contains(&path)
}

/// Pages explain; what they say of the code is the business of the ordinary steps.
fn is_code(path: &str) -> bool {
    !path.starts_with("docs/") && !path.ends_with(".md")
}

fn of(files: &[Found]) -> Result<String> {
    ensure!(!files.is_empty(), "there are no sources");
    let mut hash = Sha256::new();
    for Found { path, content } in files {
        for part in [path.as_bytes(), content] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
    }
    let hash = hash.finalize();
    Ok(hash[..8].iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fingerprint(files: &[(&str, &str)]) -> String {
        let files = files
            .iter()
            .map(|(path, content)| Found { path: (*path).to_owned(), content: content.as_bytes().to_vec() });
        of(&files.collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn a_name_a_content_or_a_boundary_that_moves_changes_it() {
        let before = fingerprint(&[("src/a.rs", "ab"), ("src/b.rs", "c")]);
        assert_eq!(before.len(), 16);
        assert_eq!(before, fingerprint(&[("src/a.rs", "ab"), ("src/b.rs", "c")]));
        let others = [
            fingerprint(&[("src/a.rs", "ab"), ("src/c.rs", "c")]),
            fingerprint(&[("src/a.rs", "ab"), ("src/b.rs", "d")]),
            fingerprint(&[("src/a.rs", "a"), ("src/b.rs", "bc")]),
            fingerprint(&[("src/a.rs", "absrc/b.rsc")]),
        ];
        assert!(others.iter().all(|other| *other != before));
    }

    #[test]
    fn what_is_explored_is_of_the_models_and_pages_are_no_code() {
        for path in ["src/deque/chain.rs", "loom-tests/src/program.rs", "Cargo.lock"] {
            assert!(is_of_the_models(path) && is_code(path), "{path}");
        }
        for path in ["tests/hostile/main.rs", "xtask/src/main.rs", "xtask/Cargo.toml"] {
            assert!(!is_of_the_models(path) && is_code(path), "{path}");
        }
        for path in ["README.md", "docs/reports/deep.json", "docs/performance.svg"] {
            assert!(!is_of_the_models(path) && !is_code(path), "{path}");
        }
    }

    #[test]
    fn nothing_has_no_fingerprint() {
        assert!(of(&[]).is_err());
    }
}
