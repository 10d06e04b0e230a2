//! `docs/orderings.md`, generated from the sites in `src/orderings.rs` and tested to be current; and what holds of the
//! sites and of the lines that use them.
//!
//! After a change of `src/orderings.rs`, or of a function that uses a site: `UPDATE_DOCS=1 cargo test --test orderings`.

#![cfg(not(any(loom, shuttle)))]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::{env, fs};

#[path = "../src/orderings.rs"]
#[allow(dead_code, unreachable_pub, reason = "the library uses the sites; here they are described")]
mod orderings;

use orderings::{ENTRIES, Entry, Part};

const INTRODUCTION: &str = "\
# The memory orderings

This page is generated from `src/orderings.rs`, and a test fails when the two differ. After a change
there, regenerate it with `UPDATE_DOCS=1 cargo test --test orderings`.

No atomic in this crate is touched with a bare ordering. Each access names a *site*; the site has the
ordering, says which other site it pairs with, and what could happen if it were weaker. An acquire
that reads what a release wrote, or what a later read-modify-write made of it, sees all that the
releasing thread had done before. A relaxed access orders nothing but the one atomic it touches.

Go's atomics are all sequentially consistent; [what else differs][differences] is a page of its own, and
[the algorithm][algorithm] another.
";

const LINKS: &str = "
[algorithm]: algorithm.md
[differences]: differences.md
";

/// The whole page.
fn page() -> String {
    let mut page = String::from(INTRODUCTION);
    let _ = write!(page, "\n## What most arguments rest on\n\n{}\n", three_facts());
    let _ = write!(page, "\n## All sites\n\nThere are {} of them: {}.\n", ENTRIES.len(), census());
    for (title, entries) in parts() {
        let _ = write!(page, "\n### Sites of {title}\n\n");
        page.push_str("| site | ordering | operation | in | pairs with |\n|---|---|---|---|---|\n");
        for entry in &entries {
            page.push_str(&row(entry));
        }
    }
    for (title, entries) in parts() {
        let _ = write!(page, "\n## Reasons: {title}\n");
        for entry in &entries {
            page.push_str(&section(entry));
        }
    }
    page.push_str(LINKS);
    page
}

/// The sites of the ring, those of the chain, and those of the pool.
fn parts() -> [(&'static str, Vec<&'static Entry>); 3] {
    [("the ring", Part::Ring), ("the chain", Part::Chain), ("the pool", Part::Pool)]
        .map(|(title, part)| (title, ENTRIES.iter().filter(|entry| entry.part == part).collect()))
}

/// How many sites have which ordering.
fn census() -> String {
    let count = |ordering: &str| {
        let of_this_kind = ENTRIES.iter().filter(|entry| format!("{:?}", entry.ordering) == ordering);
        format!("{} {ordering}", of_this_kind.count())
    };
    ["Relaxed", "Acquire", "Release", "AcqRel", "SeqCst"].map(count).join(", ")
}

/// The facts that the documentation of `src/orderings.rs` begins with, word for word.
fn three_facts() -> String {
    let lines = include_str!("../src/orderings.rs").lines();
    let prose: Vec<_> = lines
        .skip_while(|line| !line.starts_with("//! Three facts"))
        .take_while(|line| !line.starts_with("//! Under a model checker"))
        .map(|line| line.trim_start_matches("//!").strip_prefix(' ').unwrap_or_default())
        .collect();
    String::from(prose.join("\n").trim_end())
}

fn row(entry: &Entry) -> String {
    let Entry { name, ordering, operation, .. } = entry;
    let function = use_of(entry).function;
    let partners: Vec<_> = partners_of(entry).into_iter().map(|partner| link_to(partner.name)).collect();
    let partners = if partners.is_empty() { String::from("–") } else { partners.join(", ") };
    format!("| {} | {ordering:?} | {operation} | `{function}` | {partners} |\n", link_to(name))
}

fn section(entry: &Entry) -> String {
    let Entry { name, what, ordering, operation, pairs, without, .. } = entry;
    let Use { function, file, .. } = use_of(entry);
    format!(
        "\n### `{name}`\n\n{}\n\n- **{ordering:?}**, {operation} in `{function}`, `{file}`.\n- **Pairs with** {pairs}\n- \
         **Weaker:** {without}\n",
        what.trim()
    )
}

fn link_to(name: &str) -> String {
    format!("[`{name}`](#{})", name.to_lowercase())
}

/// The sites that `entry` is said to pair with: what comes before the explanation names them, and one
/// side of a pair acquires what the other releases, or both are fences of one order.
fn partners_of(entry: &Entry) -> Vec<&'static Entry> {
    let named = entry.pairs.split(['(', ')']).step_by(2).collect::<String>();
    let named = sites_named_in(named.split(':').next().unwrap_or_default());
    let meet = |one: &Entry, other: &Entry| {
        matches!((one.ordering, other.ordering), (Acquire | AcqRel, Release | AcqRel) | (SeqCst, SeqCst))
    };
    ENTRIES
        .iter()
        .filter(|other| named.contains(&other.name) && (meet(entry, other) || meet(other, entry)))
        .collect()
}

/// The names in backticks that are written as a site's: capitals and underscores.
fn sites_named_in(prose: &str) -> Vec<&str> {
    let quoted = prose.split('`').skip(1).step_by(2);
    quoted.filter(|name| name.chars().all(|letter| letter.is_ascii_uppercase() || letter == '_')).collect()
}

/// Where a site is used.
struct Use {
    /// The file, below the crate's root.
    file: String,
    /// The function, with its type or its module: `PoolChain::grow`, `registry::tick_all`.
    function: String,
    /// The line before the one that names the site.
    line_before: String,
}

/// The one place that uses a site.
#[track_caller]
fn use_of(entry: &Entry) -> Use {
    let usage = format!("orderings::{}.get()", entry.name);
    let mut uses = sources().into_iter().flat_map(|(file, text)| {
        text.match_indices(&usage).map(|(at, _)| use_at(&file, &text[..at])).collect::<Vec<_>>()
    });
    let first = uses.next().unwrap_or_else(|| panic!("{} is not used", entry.name));
    assert_eq!(uses.count(), 0, "{} is used more than once", entry.name);
    first
}

/// The place in `file` that `before` leads up to.
fn use_at(file: &str, before: &str) -> Use {
    let is_method = |line: &&str| line.starts_with("    ") && declared_function(line).is_some();
    let declaration =
        before.lines().rfind(|line| declared_function(line).is_some()).expect("an access is in a function");
    let function = declared_function(declaration).expect("it was found by its name");
    let owner = match Some(declaration).filter(is_method) {
        Some(_) => type_of_impl(
            before.lines().rfind(|line| line.starts_with("impl")).expect("a method is in an `impl`"),
        ),
        None => {
            Path::new(file).file_stem().and_then(|stem| stem.to_str()).expect("a file has a name").to_owned()
        }
    };
    let line_before = before.lines().rev().nth(1).unwrap_or_default().trim().to_owned();
    Use { file: file.to_owned(), function: format!("{owner}::{function}"), line_before }
}

/// The name of the function that a line declares.
fn declared_function(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once("fn ")?;
    let is_declaration = before
        .split_whitespace()
        .all(|word| ["pub", "pub(crate)", "pub(super)", "const", "unsafe"].contains(&word));
    is_declaration.then(|| rest.split(['(', '<']).next().unwrap_or_default())
}

/// The name of the type that a line begins an `impl` of.
fn type_of_impl(line: &str) -> String {
    let subject = line.rsplit(" for ").next().unwrap_or_default();
    let subject = subject.split(" where").next().unwrap_or_default().trim_end_matches(" {");
    let subject = subject.strip_prefix("impl").unwrap_or(subject).trim();
    // The parameters of `impl<T> Name<T>` come before the name.
    let subject =
        if subject.starts_with('<') { subject.split_once("> ").expect("`impl<T> Name`").1 } else { subject };
    subject.split('<').next().unwrap_or_default().to_owned()
}

/// The library's source files but the one that declares the sites, each with its text.
fn sources() -> Vec<(String, String)> {
    fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder can be read") {
            let path = entry.expect("a folder can be listed").path();
            if path.is_dir() { collect(&path, files) } else { files.push(path) }
        }
    }

    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    collect(&root.join("src"), &mut files);
    files.sort();
    files
        .into_iter()
        .filter(|path| !path.ends_with("src/orderings.rs"))
        .map(|path| {
            let name = path.strip_prefix(root).expect("it is below the root").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).expect("a source file is text"))
        })
        .collect()
}

/// What the line above the use of a site says.
fn comment_on(entry: &Entry) -> String {
    let partners: Vec<_> = partners_of(entry).iter().map(|partner| partner.name).collect();
    if partners.is_empty() {
        return format!("// {:?}: ", entry.ordering);
    }
    format!("// {:?}: pairs with {}.", entry.ordering, partners.join(", "))
}

#[test]
fn orderings_page_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/orderings.md");
    let page = page();
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path, &page).expect("docs/orderings.md can be written");
    }
    let written = fs::read_to_string(path).expect("docs/orderings.md can be read");
    assert!(
        written == page,
        "docs/orderings.md is not what src/orderings.rs says: UPDATE_DOCS=1 cargo test --test orderings"
    );
}

#[test]
fn every_site_is_used_once_and_the_line_above_says_what_it_pairs_with() {
    for entry in ENTRIES {
        let Use { file, function, line_before } = use_of(entry);
        let comment = comment_on(entry);
        assert!(
            line_before.starts_with(&comment),
            "{file}: {function} uses {} below a line that does not begin with: {comment}",
            entry.name
        );
    }
}

#[test]
fn declarations_are_told_from_other_lines() {
    assert_eq!(declared_function("    pub(crate) unsafe fn grow(&self) {"), Some("grow"));
    assert_eq!(declared_function("fn pin<R>(action: impl FnOnce() -> R) {"), Some("pin"));
    assert_eq!(declared_function("    /// a fn of something("), None);
    assert_eq!(type_of_impl("impl<T: Send> PoolChain<T> {"), "PoolChain");
    assert_eq!(type_of_impl("impl<T> Drop for PoolChain<T> {"), "PoolChain");
    assert_eq!(type_of_impl("impl OwnerFlag {"), "OwnerFlag");
    assert_eq!(type_of_impl("impl Revoked<'_> {"), "Revoked");
}

#[test]
fn every_site_that_the_prose_names_exists() {
    let exists = |name: &&str| ENTRIES.iter().any(|entry| entry.name == *name);
    for entry in ENTRIES {
        for prose in [entry.what, entry.pairs, entry.without] {
            let missing: Vec<_> = sites_named_in(prose).into_iter().filter(|name| !exists(name)).collect();
            assert!(missing.is_empty(), "{} speaks of sites that do not exist: {missing:?}", entry.name);
        }
    }
}

#[test]
fn every_site_has_a_partner_unless_it_is_relaxed() {
    for entry in ENTRIES {
        let alone = partners_of(entry).is_empty();
        assert_eq!(alone, entry.ordering == Relaxed, "{} pairs with {}", entry.name, entry.pairs);
    }
}

/// As docs/differences.md has it.
#[test]
fn the_deques_have_no_fences_and_no_sequentially_consistent_accesses() {
    for entry in ENTRIES.iter().filter(|entry| entry.part != Part::Pool) {
        assert_ne!(entry.ordering, SeqCst, "{}", entry.name);
    }
    for (file, text) in sources().iter().filter(|(file, _)| file.starts_with("src/deque")) {
        let mut code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        assert!(!code.any(|line| line.contains("fence(")), "{file}");
    }
}
