//! The breaks there are.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use regex::{NoExpand, Regex};
use serde::Deserialize;

/// Where the orderings are declared.
const ORDERINGS: &str = "src/orderings.rs";

/// The library made wrong on purpose.
#[derive(Debug, Deserialize)]
pub(super) struct Break {
    pub(super) name: String,
    /// What is wrong with it.
    pub(super) what: String,
    #[serde(rename = "edit")]
    pub(super) edits: Vec<Edit>,
    /// Whether it is an ordering that is too weak, which sequential consistency cannot show.
    #[serde(skip)]
    pub(super) is_ordering: bool,
}

/// A piece of a file, and its replacement.
#[derive(Debug, Deserialize)]
pub(super) struct Edit {
    pub(super) file: String,
    old: String,
    new: String,
}

impl Edit {
    /// `text` with the edit made.
    pub(super) fn apply(&self, text: &str) -> Result<String> {
        let old = self.pattern()?;
        let found = old.find_iter(text).count();
        ensure!(found == 1, "{}: found {found} times, not once:\n{}", self.file, self.old);
        Ok(old.replace(text, NoExpand(&self.new)).into_owned())
    }

    /// Finds the code of `old`, whatever comments stand between its lines.
    fn pattern(&self) -> Result<Regex> {
        let code = self.old.split('\n').filter(|line| !line.trim_start().starts_with("//"));
        let lines: Vec<_> = code.map(regex::escape).collect();
        Ok(Regex::new(&lines.join(r"(?:\n[ \t]*//[^\n]*)*\n"))?)
    }
}

/// The breaks that are written down, and every ordering of `order`, the file that declares them, one
/// step weaker.
pub(super) fn all(order: &str) -> Result<Vec<Break>> {
    let written: BTreeMap<String, Vec<Break>> =
        toml::from_str(include_str!("breaks.toml")).context("breaks.toml cannot be read")?;
    let mut breaks: Vec<_> = written.into_values().flatten().collect();
    let orderings = weaker_orderings(order)?;
    ensure!(!orderings.is_empty(), "{ORDERINGS} declares no ordering that could be weaker");
    breaks.extend(orderings);
    Ok(breaks)
}

fn weaker_orderings(order: &str) -> Result<Vec<Break>> {
    let declaration = Regex::new(r"(?m)^    ([A-Z_]+): (AcqRel|Acquire|Release), ")?;
    let mut breaks = Vec::new();
    for found in declaration.captures_iter(order) {
        let (site, ordering) = (&found[1], &found[2]);
        let weaker: &[&str] = if ordering == "AcqRel" { &["Acquire", "Release"] } else { &["Relaxed"] };
        for weaker in weaker {
            // Not from the line before on: what stands in between, the documentation of the site, would be gone.
            let [old, new] = [ordering, weaker].map(|ordering| format!("    {site}: {ordering}, "));
            breaks.push(Break {
                name: format!("{site}_to_{weaker}"),
                what: format!("`{site}` is `{weaker}` in place of `{ordering}`"),
                edits: vec![Edit { file: ORDERINGS.to_owned(), old, new }],
                is_ordering: true,
            });
        }
    }
    Ok(breaks)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    fn source(file: &str) -> String {
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)).unwrap()
    }

    #[test]
    fn every_break_applies_to_the_sources_as_they_are() {
        for Break { name, edits, is_ordering, .. } in all(&source(ORDERINGS)).unwrap() {
            let mut files = BTreeMap::new();
            for edit in &edits {
                let text = files.entry(&edit.file).or_insert_with(|| source(&edit.file));
                let broken = edit.apply(text).unwrap_or_else(|why| panic!("{name}: {why}"));
                assert_ne!(broken, *text, "{name}");
                let changed = text.lines().zip(broken.lines()).filter(|(old, new)| old != new).count();
                let same_lines = text.lines().count() == broken.lines().count();
                assert!(
                    !is_ordering || (same_lines && changed == 1),
                    "{name} changes more than its ordering"
                );
                *text = broken;
            }
        }
    }

    #[test]
    fn breaks_are_told_apart_by_name() {
        let all = all(&source(ORDERINGS)).unwrap();
        let names: BTreeSet<_> = all.iter().map(|it| &it.name).collect();
        assert_eq!(names.len(), all.len());
    }

    #[test]
    fn each_ordering_is_made_weaker_by_one_step_and_a_relaxed_one_is_left() {
        let order = "    ONE: Acquire, \"load\"\n    TWO: AcqRel, \"swap\"\n    THREE: Relaxed, \"load\"\n";
        let names: Vec<_> = weaker_orderings(order).unwrap().into_iter().map(|it| it.name).collect();
        assert_eq!(names, ["ONE_to_Relaxed", "TWO_to_Acquire", "TWO_to_Release"]);
    }

    #[test]
    fn what_is_not_there_once_is_not_replaced() {
        let edit = Edit { file: "a.rs".to_owned(), old: "one".to_owned(), new: "two".to_owned() };
        assert_eq!(edit.apply("one").unwrap(), "two");
        assert!(edit.apply("none of it, one and one").is_err());
        assert!(edit.apply("nothing").is_err());
    }

    #[test]
    fn comments_between_the_lines_do_not_matter() {
        let edit =
            Edit { file: "a.rs".to_owned(), old: "one();\n// Gone.\ntwo(".to_owned(), new: "$1(".to_owned() };
        assert_eq!(edit.apply("// A.\none();\n  // B.\n  // C.\ntwo(3)").unwrap(), "// A.\n$1(3)");
        assert!(edit.apply("one();\nand();\ntwo(3)").is_err());
    }
}
