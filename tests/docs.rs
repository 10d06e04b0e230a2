//! What `docs/` and the README say is what the code says: excerpts, worked examples, names and links.
//!
//! An excerpt is a block of `rs` below a comment `<!-- excerpt: src/file.rs, name -->`: what the file has
//! between `// docs: name` and `// docs: end`. `UPDATE_DOCS=1 cargo test --test docs` puts it in. A worked example is a
//! block of `text` below a comment `<!-- replay: ring 4 from 0 -->` or `<!-- replay: chain from 8 -->`.

#![cfg(not(any(loom, shuttle)))]

use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "docs/markdown.rs"]
mod markdown;
#[path = "docs/replay.rs"]
mod replay;

use markdown::{Block, Page, with_line};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The pages of `docs/`, and the README.
fn pages() -> Vec<Page> {
    let docs = fs::read_dir(root().join("docs")).expect("docs/ can be read");
    let mut paths: Vec<PathBuf> = docs.map(|entry| entry.expect("docs/ can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.push(root().join("README.md"));
    paths.sort();
    paths.iter().map(|path| Page::read(path)).collect()
}

/// The texts of all files below `folder` with one of these endings.
fn texts_below(folder: &Path, endings: &[&str]) -> Vec<String> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() {
            texts.extend(texts_below(&path, endings));
        } else if endings.iter().any(|ending| path.extension().is_some_and(|one| one == *ending)) {
            texts.push(fs::read_to_string(&path).expect("a source file is text"));
        }
    }
    texts
}

/// What `source` has between `// docs: NAME` and `// docs: end`, moved to the left.
fn excerpt_of(source: &str, name: &str) -> Option<String> {
    let begin = format!("// docs: {name}");
    let mut lines = source.lines().skip_while(|line| line.trim() != begin);
    let indentation = lines.next()?.find('/')?;
    let lines = lines.take_while(|line| line.trim() != "// docs: end");
    Some(lines.map(|line| line.get(indentation..).unwrap_or_default()).fold(String::new(), with_line))
}

#[test]
fn every_excerpt_is_what_its_file_has_now() {
    let mut excerpts = 0;
    for page in pages() {
        let mut text = fs::read_to_string(&page.path).expect("a page can be read");
        for block in page.blocks().iter().filter(|block| block.language == "rs") {
            let place = block.source.and_then(|comment| comment.strip_prefix("excerpt: ")?.split_once(", "));
            let (file, name) = place.unwrap_or_else(|| {
                panic!("{}: an excerpt does not say where it is from:\n{}", page.name(), block.text)
            });
            let source = fs::read_to_string(root().join(file))
                .unwrap_or_else(|error| panic!("{}: {file}: {error}", page.name()));
            let excerpt = excerpt_of(&source, name)
                .unwrap_or_else(|| panic!("{}: {file} has no `// docs: {name}`", page.name()));
            assert!(!excerpt.is_empty(), "{file}: nothing between `// docs: {name}` and `// docs: end`");
            if env::var_os("UPDATE_DOCS").is_some() {
                let fence = |code: &str| format!("{file}, {name} -->\n```rs\n{code}```");
                text = text.replace(&fence(&block.text), &fence(&excerpt));
                fs::write(&page.path, &text).expect("a page can be written");
            } else {
                assert_eq!(block.text, excerpt, "{}: UPDATE_DOCS=1 cargo test --test docs", page.name());
            }
            excerpts += 1;
        }
    }
    assert!(excerpts >= 13, "only {excerpts} excerpts were found");
}

#[test]
fn an_excerpt_is_cut_out_by_its_markers() {
    let source =
        "fn one() {\n    // docs: two lines\n    let a = 1;\n        let b = 2;\n    // docs: end\n}\n";
    assert_eq!(excerpt_of(source, "two lines").as_deref(), Some("let a = 1;\n    let b = 2;\n"));
    assert_eq!(excerpt_of(source, "one line"), None);
}

#[test]
fn every_worked_example_happens_as_told() {
    let mut operations = 0;
    for page in pages() {
        for Block { text, source, .. } in page.blocks() {
            if let Some(subject) = source.and_then(|comment| comment.strip_prefix("replay: ")) {
                operations += replay::check(subject, &text);
            }
        }
    }
    assert!(operations >= 28, "only {operations} operations were replayed");
}

/// What stands in the `impl` blocks of `owner`; `None` if there are none.
fn members_of(owner: &str, source: &str) -> Option<String> {
    let (generic, plain) = (format!(" {owner}<"), format!(" {owner} "));
    let mut lines = source.lines();
    let mut members = None;
    while let Some(line) = lines.next() {
        if line.starts_with("impl") && (line.contains(&generic) || line.contains(&plain)) {
            let block = lines.by_ref().take_while(|line| *line != "}").flat_map(|line| [line, "\n"]);
            members.get_or_insert_with(String::new).extend(block);
        }
    }
    members
}

#[test]
fn every_function_and_file_that_is_named_exists() {
    let source = texts_below(&root().join("src"), &["rs"]).concat();
    let mut functions = 0;
    for page in pages() {
        for quoted in page.quoted() {
            if quoted.starts_with("src/") || quoted.starts_with("docs/") {
                assert!(root().join(quoted).exists(), "{}: there is no {quoted}", page.name());
            }
            let mut path = quoted.trim_end_matches("()").rsplit("::");
            let (Some(name), Some(owner)) = (path.next(), path.next()) else { continue };
            let Some(members) = members_of(owner, &source) else { continue };
            let declarations = ["(", "<", ":"].map(|end| format!(" {name}{end}"));
            let found = declarations.iter().any(|declaration| members.contains(declaration));
            assert!(found, "{}: there is no {quoted}", page.name());
            functions += 1;
        }
    }
    assert!(functions >= 50, "only {functions} functions were looked up");
}

#[test]
fn every_check_that_a_promise_or_a_fault_names_exists() {
    let folders = ["tests", "loom-tests/src", "loom-tests/tests", "proptests/tests", "xtask/src/breaks"];
    let mut sources: String =
        folders.iter().flat_map(|folder| texts_below(&root().join(folder), &["rs", "toml"])).collect();
    let of_the_library = texts_below(&root().join("src"), &["rs"]);
    sources.extend(
        of_the_library.iter().filter_map(|text| text.split_once("mod tests {")).map(|(_, tests)| tests),
    );
    let mut checks = 0;
    for page in pages()
        .iter()
        .filter(|page| ["promises.md", "verification.md"].iter().any(|name| page.path.ends_with(name)))
    {
        let text = fs::read_to_string(&page.path).expect("a page can be read");
        // In the tables of promises and of faults the checks are in the last column.
        let table = text.split("## Faults found from outside").last().unwrap_or_default();
        let rows = table.lines().take_while(|line| !line.starts_with("## What it does not prove"));
        for row in rows.filter(|line| line.starts_with("| ") && !line.contains("---")) {
            let cell = row.trim_end_matches('|').rsplit(" | ").next().unwrap_or_default();
            for name in cell.split('`').skip(1).step_by(2).filter(|name| !name.contains(['/', ' '])) {
                let declarations = [
                    format!("fn {name}("),
                    format!("fn {name}<"),
                    format!("\"{name}\""),
                    format!(" {name}:"),
                    format!("{name}/"),
                ];
                let exists = declarations.iter().any(|declaration| sources.contains(declaration));
                assert!(exists, "{}: there is no {name}", page.name());
                checks += 1;
            }
        }
    }
    assert!(checks >= 150, "only {checks} checks were looked up");
}

#[test]
fn every_link_within_the_project_leads_somewhere() {
    let mut links = 0;
    for page in pages() {
        for target in page.links() {
            if target.starts_with("http") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let folder = page.path.parent().expect("a page lies in a folder");
            let path = if file.is_empty() { page.path.clone() } else { folder.join(file) };
            assert!(path.exists(), "{}: {target} leads nowhere", page.name());
            if !anchor.is_empty() {
                let anchors = Page::read(&path).anchors();
                assert!(anchors.iter().any(|one| one == anchor), "{}: no heading {target}", page.name());
            }
            links += 1;
        }
    }
    assert!(links >= 60, "only {links} links were followed");
}

#[test]
fn every_reference_is_defined_for_rustdoc_too() {
    let docs = fs::read_to_string(root().join("src/docs.rs")).expect("src/docs.rs can be read");
    for page in pages() {
        let file = page.path.file_name().expect("a page is a file").to_string_lossy().into_owned();
        let Some((before, _)) = docs.split_once(&format!("include_str!(\"../docs/{file}\")")) else {
            assert_eq!(file, "README.md", "src/docs.rs leaves {file} out");
            continue;
        };
        let module = before.rsplit("pub mod ").next().unwrap_or_default();
        for (label, target) in page.definitions() {
            let is_known = target.starts_with("http")
                || module.contains(&format!("[{label}]: crate::"))
                || module.contains(&format!("include_str!(\"../docs/{target}.ref\")"));
            assert!(is_known, "src/docs.rs does not say what [{label}] is in docs/{file}");
        }
        for target in page.inline_links() {
            assert!(
                target.starts_with(['#', 'h']),
                "docs/{file}: {target} is right on a forge alone; use a reference, and define it in src/docs.rs"
            );
        }
    }
}
