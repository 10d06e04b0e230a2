//! A short word for the state of some files.

use std::fs;
use std::path::Path;

use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::project::files;

/// Files that have a say in what is built, beside the sources.
pub(crate) const BUILD: [&str; 4] = ["Cargo.lock", "Cargo.toml", "build.rs", "rust-toolchain.toml"];

/// A short word that another content of one of these files changes, and any other word of `also`.
pub(crate) fn fingerprint(root: &Path, is_wanted: impl Fn(&str) -> bool, also: &[&str]) -> Result<String> {
    let mut hash = Sha256::new();
    let mut add = |part: &[u8]| {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    };
    for path in files(root)?.iter().filter(|path| is_wanted(path)) {
        add(path.as_bytes());
        add(&fs::read(root.join(path))?);
    }
    also.iter().for_each(|word| add(word.as_bytes()));
    Ok(hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_a_content_or_a_boundary_that_moves_changes_the_fingerprint() {
        let of = |files: &[(&str, &str)], also: &[&str]| {
            let folder = tempfile::tempdir().unwrap();
            files.iter().for_each(|(path, text)| fs::write(folder.path().join(path), text).unwrap());
            fingerprint(folder.path(), |path| path.ends_with(".rs"), also).unwrap()
        };
        let before = of(&[("a.rs", "ab"), ("b.rs", "c")], &["de"]);
        assert_eq!(
            (before.len(), &before),
            (16, &of(&[("a.rs", "ab"), ("b.rs", "c"), ("b.md", "")], &["de"]))
        );
        for others in [
            of(&[("a.rs", "ab"), ("c.rs", "c")], &["de"]),
            of(&[("a.rs", "a"), ("b.rs", "bc")], &["de"]),
            of(&[("a.rs", "ab")], &["de"]),
            of(&[("a.rs", "ab"), ("b.rs", "c")], &["d", "e"]),
            of(&[("a.rs", "ab"), ("b.rs", "c")], &[]),
        ] {
            assert_ne!(others, before);
        }
    }
}
