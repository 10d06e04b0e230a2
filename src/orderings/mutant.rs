//! Ordering mutants: any site, weakened while a model runs, without a rebuild.
//!
//! A model checker runs all the threads of a model on one OS thread, so the mutant under test is a thread-local of the
//! standard library: models that other tests run at the same time keep the declared orderings.

use core::sync::atomic::Ordering;
use std::cell::Cell;

use super::{ENTRIES, Part};

std::thread_local! {
    static MUTANT: Cell<Option<(&'static str, Ordering)>> = const { Cell::new(None) };
}

/// A site's name and its declared ordering.
#[derive(Clone, Copy, Debug)]
pub struct SiteInfo {
    /// The name in `src/orderings.rs`.
    pub name: &'static str,
    /// The ordering declared there.
    pub ordering: Ordering,
    /// The part of the crate it belongs to.
    pub part: Part,
}

/// All sites, in the order of `src/orderings.rs`.
pub fn catalogue() -> impl ExactSizeIterator<Item = SiteInfo> {
    ENTRIES.iter().map(|entry| SiteInfo { name: entry.name, ordering: entry.ordering, part: entry.part })
}

/// Runs `models` with the site called `name` using `ordering` in place of its own.
///
/// # Panics
///
/// If there is no site of that name.
pub fn weaken<R>(name: &str, ordering: Ordering, models: impl FnOnce() -> R) -> R {
    struct Restore(Option<(&'static str, Ordering)>);
    impl Drop for Restore {
        fn drop(&mut self) {
            MUTANT.set(self.0);
        }
    }

    let site = catalogue().find(|site| site.name == name);
    let name = site.unwrap_or_else(|| panic!("no ordering site is called {name}")).name;
    let _restore = Restore(MUTANT.replace(Some((name, ordering))));
    models()
}

/// The ordering by which the mutant under test replaces the site's own.
pub(super) fn replacement(name: &str) -> Option<Ordering> {
    MUTANT.get().filter(|(mutant, _)| *mutant == name).map(|(_, ordering)| ordering)
}
