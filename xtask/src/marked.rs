//! A part of a page that a command writes, between two marks.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The marks, each a comment that no reader of the page sees.
pub(crate) struct Marks<'a> {
    pub(crate) begin: &'a str,
    pub(crate) end: &'a str,
}

impl Marks<'_> {
    /// Puts `text` between the marks of the page in the file, in place of the old text.
    pub(crate) fn save(&self, path: &Path, text: &str) -> Result<()> {
        let page = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let page = self.replaced(&page, text).with_context(|| {
            format!("{} has no place for it: {} … {}", path.display(), self.begin, self.end)
        })?;
        fs::write(path, page).with_context(|| path.display().to_string())
    }

    /// The page with `text` between the marks; nothing if it lacks them.
    pub(crate) fn replaced(&self, page: &str, text: &str) -> Option<String> {
        let Self { begin, end } = self;
        let (before, rest) = page.split_once(begin)?;
        let (_, after) = rest.split_once(end)?;
        Some(format!("{before}{begin}\n\n{text}\n{end}{after}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARKS: Marks<'_> = Marks { begin: "<!-- begin -->", end: "<!-- end -->" };

    #[test]
    fn what_stands_around_the_marks_is_kept() {
        let page = "before\n<!-- begin -->\nold\n<!-- end -->\nafter\n";
        let page = MARKS.replaced(page, "new\n").unwrap_or_default();
        assert_eq!(page, "before\n<!-- begin -->\n\nnew\n\n<!-- end -->\nafter\n");
        assert_eq!(MARKS.replaced(&page, "new\n"), Some(page), "a second time changes nothing");
    }

    #[test]
    fn a_page_without_the_marks_is_refused() {
        assert_eq!(MARKS.replaced("nothing here", "new"), None);
        assert_eq!(MARKS.replaced("<!-- end --> before <!-- begin -->", "new"), None);
    }
}
