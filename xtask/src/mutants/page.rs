//! The page about the mutants: docs/code-mutants.md.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use comfy_table::presets::ASCII_MARKDOWN;

use super::listing::{Entry, Sorted};
use super::results::Results;
use super::tool::{Mutant, VERSION};

/// Where it is, from the project's root.
pub(super) const FILE: &str = "docs/code-mutants.md";

/// What stands above the figures, behind the version of cargo-mutants.
const INTRODUCTION: &str = "\
changes the library's code in small ways, one at a time: a function does nothing and returns a made-up
value, an operator becomes another, the guard of a match is always true. Each of these mutants must make
a test fail. One that survives all tests shows a line that nobody looks at, or is listed below with the
reason why no test can tell it from the code as it is.

It leaves unsafe functions alone, of which the producer's half of the library is made. So it works on a
copy of the project in which they are called safe: the word is not part of what they do. Left alone, too,
is what stands in a macro's braces, here the chain's `new` and `with_capacity`, and memory orderings,
which have mutants of their own.
";

/// What stands above the mutants that hung.
const HUNG: &str = "\
## Mutants that hang

With these the tests go round in circles, or wait for what never comes. In a run of the tests nobody
would overlook that either.";

/// Writes the page anew.
pub(super) fn write(path: &Path, sorted: &Sorted, results: &Results) -> Result<()> {
    fs::write(path, page(sorted, results)).with_context(|| path.display().to_string())
}

fn page(sorted: &Sorted, results: &Results) -> String {
    let mut page = String::from("# Code mutants\n\n");
    let _ = writeln!(
        page,
        "This page is written by `cargo xtask mutants`, which repeats all of it; the reasons are those of\n\
         `.cargo/mutants.toml`.\n\ncargo-mutants {VERSION} {INTRODUCTION}"
    );
    let _ = writeln!(page, "## The passes\n");
    for pass in &results.passes {
        let minutes = pass.took.as_secs().div_ceil(60);
        let _ = writeln!(page, "- {} mutants in {minutes} minutes: `{}`", pass.fates.len(), pass.command);
    }
    let mut table = results.table(&sorted.all_listed());
    table.load_preset(ASCII_MARKDOWN).force_no_tty();
    let _ = writeln!(page, "\n## The figures\n\n{table}\n\n{HUNG}\n\n{}", list(&results.hung()));
    let _ = writeln!(page, "## Listed mutants\n");
    for (why, mutants) in &sorted.listed {
        let _ = writeln!(page, "{}\n  {why}\n", list(mutants));
    }
    let _ = writeln!(page, "## Files left out\n");
    for Entry { what, why } in &sorted.files {
        let _ = writeln!(page, "- `{what}`: {why}");
    }
    page
}

/// What the mutants change and where, without the lines, which move.
fn list(mutants: &[Mutant]) -> String {
    let mut changes = BTreeMap::new();
    for mutant in mutants {
        *changes.entry((&mutant.file, mutant.change())).or_insert(0) += 1;
    }
    let mut list = String::new();
    for ((file, change), times) in changes {
        let times = if times == 1 { String::new() } else { format!(", {times} times") };
        let _ = writeln!(list, "- `{file}`: `{change}`{times}");
    }
    list
}

#[cfg(test)]
mod tests {
    use super::super::listing::{self, Listing};
    use super::super::results::tests::results;
    use super::super::tool::tests::mutant;
    use super::*;

    #[test]
    fn a_page_tells_the_figures_the_commands_and_the_reasons() {
        let name = |column| mutant(&format!("src/a.rs:1:{column}: replace < with <= in T::a"));
        let sorted = Sorted {
            unlisted: Vec::new(),
            listed: vec![("Nobody can tell.".into(), vec![name(2), name(9)])],
            files: vec![Entry { what: "src/model.rs".into(), why: "A model's.".into() }],
        };
        let page = page(&sorted, &results());
        for part in [
            "\n- 5 mutants in 2 minutes: `cargo std`\n",
            "\n| src/a.rs | ",
            "\n- `src/a.rs`: `replace < with <= in T::a`, 2 times\n\n  Nobody can tell.\n",
            "\n- `src/model.rs`: A model's.\n",
        ] {
            assert!(page.contains(part), "{part} in\n{page}");
        }
    }

    #[test]
    fn the_page_has_the_reasons_of_the_listing() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the project");
        let page = fs::read_to_string(root.join(FILE)).expect("the page can be read");
        let listing = Listing::read(&root.join(listing::FILE)).expect("the listing can be read");
        for why in listing.reasons() {
            assert!(page.contains(why), "{FILE} is older than {}: {why}", listing::FILE);
        }
    }
}
