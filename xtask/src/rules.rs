//! `cargo xtask rules`: the project's own rules, over all its files.

use std::fs;
use std::process::ExitCode;
use std::sync::LazyLock;

use anyhow::{Context, Result};
use regex::Regex;
use serde::Deserialize;

use crate::project::{Project, files};
use crate::results::{Record, tell};

/// A file of Rust is one idea, and one idea is not longer.
const LARGEST: usize = 24 * 1024;

/// `rules.toml`.
#[derive(Deserialize)]
struct Rules {
    rule: Vec<Rule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rule {
    what: String,
    files: String,
    except: Option<String>,
    #[serde(default)]
    code: bool,
    pattern: String,
}

/// A comment, or a literal that could look like one or like code.
static NO_CODE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r##"(?s)//[^\n]*|/\*.*?\*/|\bb?r#".*?"#|\bb?r"[^"]*"|"(?:[^"\\]|\\.)*"|'(?:[^'\\\n]|\\[^\n']+|\\')'"##)
        .expect("the pattern is right")
});

impl Rule {
    /// The lines of the file that break it.
    fn broken_by(&self, path: &str, text: &str) -> Result<Vec<usize>> {
        let except = self.except.as_deref().map(Regex::new).transpose()?;
        if !Regex::new(&self.files)?.is_match(path) || except.is_some_and(|except| except.is_match(path)) {
            return Ok(Vec::new());
        }
        let text = if self.code { code_of(text) } else { text.to_owned() };
        let line = |found: regex::Match<'_>| text[..found.start()].matches('\n').count() + 1;
        Ok(Regex::new(&self.pattern)?.find_iter(&text).map(line).collect())
    }
}

/// The text with blanks in place of comments and literals.
fn code_of(text: &str) -> String {
    let blank = |found: &regex::Captures<'_>| found[0].replace(|letter| letter != '\n', " ");
    NO_CODE.replace_all(text, blank).into_owned()
}

fn rules() -> Result<Vec<Rule>> {
    let Rules { rule } = toml::from_str(include_str!("rules.toml")).context("rules.toml cannot be read")?;
    Ok(rule)
}

/// Where a file breaks which of the `rules`.
fn breaches(rules: &[Rule], path: &str, text: &str) -> Result<Vec<String>> {
    let mut breaches = Vec::new();
    for rule in rules {
        breaches
            .extend(rule.broken_by(path, text)?.iter().map(|line| format!("{path}:{line}: {}", rule.what)));
    }
    if path.ends_with(".rs") && text.len() > LARGEST {
        breaches.push(format!("{path}: {} bytes; a second idea has moved in at {LARGEST}", text.len()));
    }
    Ok(breaches)
}

/// Whether `text`, which is to be a file of the project, names a folder of somebody's machine.
pub(crate) fn names_a_machine(text: &str) -> Result<bool> {
    Ok(!breaches(&rules()?, "", text)?.is_empty())
}

/// Looks at every file of the project that git does not ignore.
pub(crate) fn run() -> Result<ExitCode> {
    let (root, rules) = (Project::find()?.root, rules()?);
    let mut broken = Vec::new();
    let mut seen = 0;
    for path in files(&root)? {
        // What is no text is a picture or the like.
        if let Ok(text) = String::from_utf8(fs::read(root.join(&path))?) {
            broken.extend(breaches(&rules, &path, &text)?);
            seen += 1;
        }
    }
    broken.iter().for_each(|breach| println!("{breach}"));
    if broken.is_empty() {
        let what = format!("{seen} files keep {} rules", rules.len() + 1);
        println!("{what}");
        tell(&Record::Note { what })?;
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of a file in which something is wrong.
    fn lines(path: &str, text: &str) -> Vec<usize> {
        let breaches = breaches(&rules().unwrap(), path, text).unwrap();
        breaches
            .iter()
            .map(|breach| breach.split(':').nth(1).and_then(|line| line.parse().ok()).unwrap_or(0))
            .collect()
    }

    const NONE: [usize; 0] = [];

    #[test]
    fn an_ordering_in_the_algorithm_is_found() {
        let text = "// Acquire\n/// Release\nfn f() { WORD.load(Ordering::Acquire); \"SeqCst\" }\nuse Ordering::{\n    Release,\n};\n";
        assert_eq!(lines("src/dequeue.rs", text), [3, 5]);
        assert_eq!(lines("src/orderly.rs", text), [3, 5]);
        for path in ["src/order.rs", "src/order/mutant.rs", "src/sync/with_std.rs", "tests/hostile/main.rs"] {
            assert_eq!(lines(path, text), NONE, "{path}");
        }
    }

    #[test]
    fn a_model_or_a_test_hook_in_the_algorithm_is_found() {
        let text = "#![cfg(not(loom))]\n#[cfg(any(test, unix))]\nfn f() {\n    if cfg!(shuttle) {}\n}\n#[cfg_attr(loom, inline)]\nfn g() {}\n";
        let mut found = lines("src/chain.rs", text);
        found.sort_unstable();
        assert_eq!(found, [1, 2, 4, 6]);
        let may_be =
            "#[cfg(test)]\nmod tests {}\n#[cfg(feature = \"std\")]\nfn f() {}\n#[test]\nfn loom() {}";
        assert_eq!(lines("src/index.rs", may_be), NONE);
        assert_eq!(lines("src/sync.rs", "#[cfg(loom)] mod a;"), NONE);
        assert_eq!(lines("src/index.rs", "#[cfg(loom)]\nmod a;"), [1]);
    }

    #[test]
    fn ignored_tests_and_examples_and_work_put_off_are_found() {
        let text = "#[test]\n#[ignore]\nfn a() {}\n#[ignore = \"slow\"]\nfn b() {}\n#[cfg_attr(miri, ignore)]\nfn ignore() {}";
        assert_eq!(lines("tests/a.rs", text), [2, 4, 6]);
        let text = "/// ```\n/// ```ignore\n/// ```\n//! ```rust,ignore\n   ~~~ ignore\n/// ```no_run\n// may ignore ``` here\n";
        assert_eq!(lines("src/a.rs", text), [2, 4, 5]);
        assert_eq!((lines("docs/a.md", "```ignore"), lines("a.toml", "```ignore")), (vec![1], vec![]));
        assert_eq!(lines("src/a.rs", &format!("fn todo_list() {{}}\n// {}\n", "FIX".to_owned() + "ME")), [2]);
    }

    #[test]
    fn a_file_may_reach_the_limit_and_not_pass_it() {
        assert_eq!(lines("a.rs", &"x".repeat(LARGEST)), NONE);
        assert_eq!(lines("a.rs", &"x".repeat(LARGEST + 1)), [0]);
        assert_eq!(lines("a.csv", &"x".repeat(LARGEST + 1)), NONE);
    }

    #[test]
    fn paths_of_a_machine_are_found_in_any_file_and_addresses_are_none() {
        for folder in ["root", "home", "Users", "tmp"] {
            let text = format!("see\n`/{folder}/me/notes`\nPATH=/{folder}/bin");
            assert_eq!(lines("notes.csv", &text), [2, 3], "{folder}");
        }
        let text = "https://example.org/home/page src/home/ target/tmp/x /usr/include/stdio.h";
        assert_eq!(lines("README.md", text), NONE);
    }
}
