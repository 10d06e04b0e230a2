//! The pattern, compiled.

use std::env;

use grep_regex::{Error, RegexMatcher, RegexMatcherBuilder};

use crate::arguments::Arguments;

/// Compiles the pattern that was asked for.
///
/// # Errors
///
/// It is no regular expression.
pub(crate) fn compile(arguments: &Arguments) -> Result<RegexMatcher, Error> {
    if speaks_unicode() {
        compile_for(arguments, true)
    } else {
        // What has no meaning in bytes, such as a class of other than ASCII letters, was meant as Unicode.
        compile_for(arguments, false).or_else(|_| compile_for(arguments, true))
    }
}

fn compile_for(arguments: &Arguments, unicode: bool) -> Result<RegexMatcher, Error> {
    let alternatives: Vec<&str> = arguments.pattern.split('\n').collect();
    RegexMatcherBuilder::new()
        .unicode(unicode)
        .case_insensitive(arguments.ignore_case)
        .fixed_strings(arguments.fixed_strings)
        .multi_line(true)
        .line_terminator(Some(b'\n'))
        .build_many(&alternatives)
}

/// Whether the locale's characters are those of Unicode. Elsewhere, as in the C locale, they are bytes.
fn speaks_unicode() -> bool {
    let set = |name: &&str| env::var_os(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(set);
    let is_utf8 = |locale: String| locale.contains("utf-8") || locale.contains("utf8");
    cfg!(not(unix)) || locale.is_some_and(|locale| is_utf8(locale.to_string_lossy().to_ascii_lowercase()))
}
