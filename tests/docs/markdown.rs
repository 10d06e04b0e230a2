//! As much of Markdown as the project's pages use.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of Markdown.
pub(crate) struct Page {
    pub(crate) path: PathBuf,
    text: String,
}

/// A fenced block of code.
pub(crate) struct Block<'a> {
    /// What stands behind the fence.
    pub(crate) language: &'a str,
    pub(crate) text: String,
    /// What the comment on the line above says.
    pub(crate) source: Option<&'a str>,
}

impl Page {
    pub(crate) fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { path: path.to_owned(), text }
    }

    /// To tell in a message.
    pub(crate) fn name(&self) -> String {
        self.path.display().to_string()
    }

    pub(crate) fn blocks(&self) -> Vec<Block<'_>> {
        let mut blocks = Vec::new();
        let mut lines = self.text.lines();
        let mut above = "";
        while let Some(line) = lines.next() {
            if let Some(language) = line.strip_prefix("```") {
                let text = lines.by_ref().take_while(|line| *line != "```").fold(String::new(), with_line);
                let source = above.strip_prefix("<!-- ").and_then(|comment| comment.strip_suffix(" -->"));
                blocks.push(Block { language, text, source });
            }
            above = line;
        }
        blocks
    }

    /// The page without its blocks of code.
    fn prose(&self) -> String {
        let outside = self.text.split("\n```").step_by(2);
        outside.collect::<Vec<_>>().join("\n")
    }

    /// What stands in backticks.
    pub(crate) fn quoted(&self) -> Vec<&str> {
        let prose = self.text.split("\n```").step_by(2);
        prose.flat_map(|part| part.split('`').skip(1).step_by(2)).collect()
    }

    /// The definitions of references: label and target.
    pub(crate) fn definitions(&self) -> Vec<(&str, &str)> {
        let lines = self.text.lines();
        lines.filter_map(|line| line.strip_prefix('[')?.split_once("]: ")).collect()
    }

    /// The targets in brackets behind a text or an image, and whether it is an image.
    fn inline(&self) -> impl Iterator<Item = (&str, bool)> {
        self.text.match_indices("](").filter_map(|(at, mark)| {
            let is_image = self.text[..at].rfind('[').is_some_and(|start| self.text[..start].ends_with('!'));
            let target = self.text[at + mark.len()..].split(')').next()?;
            Some((target, is_image))
        })
    }

    /// The targets of the links that are not references.
    pub(crate) fn inline_links(&self) -> Vec<&str> {
        self.inline().filter(|(_, is_image)| !is_image).map(|(target, _)| target).collect()
    }

    /// The targets of all links and images.
    pub(crate) fn links(&self) -> Vec<&str> {
        let defined = self.definitions().into_iter().map(|(_, target)| target);
        defined.chain(self.inline().map(|(target, _)| target)).collect()
    }

    /// The headings, as a forge and rustdoc turn them into anchors.
    pub(crate) fn anchors(&self) -> Vec<String> {
        let prose = self.prose();
        let headings = prose.lines().filter(|line| line.starts_with('#'));
        headings.map(|line| anchor(line.trim_start_matches('#').trim())).collect()
    }
}

pub(crate) fn with_line(mut text: String, line: &str) -> String {
    text.push_str(line);
    text.push('\n');
    text
}

fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.map(|letter| if letter == ' ' { '-' } else { letter.to_ascii_lowercase() }).collect()
}
