//! Compiling the pattern.

use std::env;

use grep_regex::{Error, RegexMatcher, RegexMatcherBuilder};

use crate::arguments::Arguments;

/// Compiles the pattern from the command line.
///
/// # Errors
///
/// The pattern is not a valid regular expression.
pub(crate) fn compile(arguments: &Arguments) -> Result<RegexMatcher, Error> {
    if speaks_unicode() {
        compile_for(arguments, true)
    } else {
        // A pattern that is invalid for bytes, such as a class of non-ASCII letters, was meant as Unicode.
        compile_for(arguments, false).or_else(|_| compile_for(arguments, true))
    }
}

fn compile_for(arguments: &Arguments, unicode: bool) -> Result<RegexMatcher, Error> {
    let pattern = arguments.pattern.as_encoded_bytes();
    let alternatives: Vec<String> =
        pattern.split(|byte| *byte == b'\n').map(|line| spell(line, arguments.fixed_strings)).collect();
    RegexMatcherBuilder::new()
        .unicode(unicode)
        .case_insensitive(arguments.ignore_case)
        .multi_line(true)
        .line_terminator(Some(b'\n'))
        .build_many(&alternatives)
}

/// A line of the pattern as a regular expression. Bytes that are not UTF-8 become escapes.
fn spell(line: &[u8], is_fixed_string: bool) -> String {
    line.utf8_chunks().fold(String::new(), |mut spelled, chunk| {
        if is_fixed_string {
            spelled.push_str(&regex_syntax::escape(chunk.valid()));
        } else {
            spelled.push_str(chunk.valid());
        }
        for byte in chunk.invalid() {
            spelled.push_str(&format!(r"(?-u:\x{byte:02x})"));
        }
        spelled
    })
}

/// Whether the locale's character encoding is UTF-8. In others, such as the C locale, characters are bytes.
fn speaks_unicode() -> bool {
    let set = |name: &&str| env::var_os(name).filter(|value| !value.is_empty());
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(set);
    let is_utf8 = |locale: String| locale.contains("utf-8") || locale.contains("utf8");
    cfg!(not(unix)) || locale.is_some_and(|locale| is_utf8(locale.to_string_lossy().to_ascii_lowercase()))
}
