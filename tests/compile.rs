//! Misuse that must not compile, each case beside a twin that does.
//!
//! The twin shows that a case fails for the reason it is there for; what the compiler says to it is in
//! the `.stderr` file beside it. After a change of compiler, `TRYBUILD=overwrite cargo test --test compile`
//! writes these anew, to be read before they are kept.

#![cfg(not(any(loom, shuttle)))]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[path = "compile/pass/mod.rs"]
mod pass;

#[test]
fn misuse_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile/fail/*.rs");
}

#[test]
fn every_case_has_its_twin() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/compile/fail");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let cases: BTreeSet<_> =
        files.filter_map(|file| file.to_str()?.strip_suffix(".rs").map(String::from)).collect();
    assert_eq!(cases, pass::NAMES.iter().copied().map(String::from).collect());
}
