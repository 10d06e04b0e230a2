//! `docs/orderings.md`, generated from the sites and tested to be current.
//!
//! After a change of `src/order.rs`: `UPDATE_DOCS=1 cargo test --lib orderings_page`.

#![cfg(not(any(loom, shuttle)))]

use core::fmt::Write as _;
use core::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::string::String;
use std::vec::Vec;
use std::{env, format, fs};

use super::{ENTRIES, Entry};

/// The source files with atomics in them, each with the types whose functions it holds.
const SOURCES: &[(&[&str], &str)] = &[
    (&["Slot"], include_str!("../slot.rs")),
    (&["PoolDequeue"], include_str!("../dequeue.rs")),
    (&["PoolChain"], include_str!("../chain.rs")),
    (&["Ring"], include_str!("../chain/ring.rs")),
    (&["Pool"], include_str!("../pool.rs")),
    (&["State"], concat!(include_str!("../pool/state.rs"), include_str!("../pool/ageing.rs"))),
    (&["Table"], include_str!("../pool/table.rs")),
    (&["PerSlot", "Block"], include_str!("../pool/per_slot.rs")),
    (&["Local"], include_str!("../pool/local.rs")),
    (&["Slots"], include_str!("../pool/thread_slots.rs")),
    (&["Private"], include_str!("../pool/private.rs")),
    (&["OwnerFlag", "Inside", "Revoked", "owner_flag"], include_str!("../pool/owner_flag.rs")),
    (&["NonEmpty"], include_str!("../pool/non_empty.rs")),
    (&["registry"], include_str!("../pool/registry.rs")),
    (&["Number"], include_str!("../pool/number.rs")),
    (&["Counter"], include_str!("../pool/counters.rs")),
];

const INTRODUCTION: &str = "\
# The memory orderings

This page is generated from `src/order.rs`, and a test fails when the two differ. After a change
there, write it anew with `UPDATE_DOCS=1 cargo test --lib orderings_page`.

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
    let owned_by = |owners: &[&str]| {
        ENTRIES.iter().filter(|entry| owners.contains(&split_function(entry).0)).collect::<Vec<_>>()
    };
    let (ring, chain) = (owned_by(&["Slot", "PoolDequeue"]), owned_by(&["Ring", "PoolChain"]));
    let is_elsewhere = |entry: &&Entry| !ring.iter().chain(&chain).any(|other| other.name == entry.name);
    let pool = ENTRIES.iter().filter(is_elsewhere).collect();
    [("the ring", ring), ("the chain", chain), ("the pool", pool)]
}

/// How many sites have which ordering.
fn census() -> String {
    let count = |ordering: &str| {
        let of_this_kind = ENTRIES.iter().filter(|entry| format!("{:?}", entry.ordering) == ordering);
        format!("{} {ordering}", of_this_kind.count())
    };
    ["Relaxed", "Acquire", "Release", "AcqRel", "SeqCst"].map(count).join(", ")
}

/// The facts that the documentation of `src/order.rs` begins with, word for word.
fn three_facts() -> String {
    let lines = include_str!("../order.rs").lines();
    let prose: Vec<_> = lines
        .skip_while(|line| !line.starts_with("//! Three facts"))
        .take_while(|line| !line.starts_with("//! Under a model checker"))
        .map(|line| line.trim_start_matches("//!").strip_prefix(' ').unwrap_or_default())
        .collect();
    String::from(prose.join("\n").trim_end())
}

fn row(entry: &Entry) -> String {
    let Entry { name, ordering, operation, function, .. } = entry;
    let partners: Vec<_> = partners_of(entry).into_iter().map(|partner| link_to(partner.name)).collect();
    let partners = if partners.is_empty() { String::from("–") } else { partners.join(", ") };
    format!("| {} | {ordering:?} | {operation} | `{function}` | {partners} |\n", link_to(name))
}

fn section(entry: &Entry) -> String {
    let Entry { name, what, ordering, operation, function, pairs, without } = entry;
    format!(
        "\n### `{name}`\n\n{}\n\n- **{ordering:?}**, {operation} in `{function}`.\n- **Pairs with** {pairs}\n- \
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

/// The type and the function that a site says it is in.
fn split_function(entry: &Entry) -> (&'static str, &'static str) {
    entry.function.split_once("::").expect("a site names its place as `Type::function`")
}

/// The text of `function`, up to the next one.
fn body_of<'a>(source: &'a str, function: &str) -> Option<&'a str> {
    let (_, rest) = ["(", "<"].iter().find_map(|next| source.split_once(&format!("fn {function}{next}")))?;
    let end = rest.find("fn ").unwrap_or(rest.len());
    Some(&rest[..end])
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
        "docs/orderings.md is not what src/order.rs says: UPDATE_DOCS=1 cargo test --lib orderings_page"
    );
}

#[test]
fn every_site_is_used_once_and_in_the_function_it_names() {
    for entry in ENTRIES {
        let (owner, function) = split_function(entry);
        let (_, source) = SOURCES
            .iter()
            .find(|(owners, _)| owners.contains(&owner))
            .unwrap_or_else(|| panic!("{} names no type of ours: {owner}", entry.name));
        let body = body_of(source, function).unwrap_or_else(|| {
            panic!("{} names a function that is not there: {owner}::{function}", entry.name)
        });
        let usage = format!("order::{}.get()", entry.name);
        assert!(body.contains(&usage), "{} is not used in {owner}::{function}", entry.name);
        let uses: usize = SOURCES.iter().map(|(_, source)| source.matches(&usage).count()).sum();
        assert_eq!(uses, 1, "{} is not one place", entry.name);
    }
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
    let of_the_deques = |owner| ["Slot", "PoolDequeue", "PoolChain", "Ring"].contains(&owner);
    for entry in ENTRIES {
        if of_the_deques(split_function(entry).0) {
            assert_ne!(entry.ordering, SeqCst, "{}", entry.name);
        }
    }
    for (owners, source) in SOURCES {
        if owners.iter().any(|owner| of_the_deques(owner)) {
            assert!(!source.contains("fence("), "{owners:?}");
        }
    }
}
