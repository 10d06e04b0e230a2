//! Rules about Rust code, its comments aside.

use std::str::FromStr;

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use super::{Breach, File};

const ORDERINGS: [&str; 5] = ["Relaxed", "Acquire", "Release", "AcqRel", "SeqCst"];
const MODELS: [&str; 4] = ["loom", "shuttle", "crossbeam_loom", "crossbeam_sanitize"];

/// Where memory orderings are named.
const MAY_ORDER: [&str; 3] = ["order", "reclaim", "sync"];
/// Where it is known that there are model checkers.
const MAY_KNOW_MODELS: [&str; 5] = ["lib", "model", "order", "reclaim", "sync"];

/// A memory ordering is named at its site, and nowhere else.
pub(super) fn orderings_stand_in_few_files(file: &File) -> Vec<Breach> {
    if file.library_module().is_none_or(|module| MAY_ORDER.contains(&module)) {
        return Vec::new();
    }
    find(file, &|tokens, at| match &tokens[at] {
        TokenTree::Ident(word) if is_one_of(word, &ORDERINGS) => {
            Some(format!("the ordering `{word}` is named outside its site in src/order.rs"))
        }
        _ => None,
    })
}

/// The algorithm is written once, without a word about what runs underneath or whether it is tested.
/// A module of unit tests beside it is no part of it.
pub(super) fn the_algorithm_knows_no_model(file: &File) -> Vec<Breach> {
    if file.library_module().is_none_or(|module| MAY_KNOW_MODELS.contains(&module)) {
        return Vec::new();
    }
    find(file, &|tokens, at| {
        let (condition, rest) = condition_at(tokens, at)?;
        let words = words_of(condition);
        let model = words.iter().find(|word| is_one_of(word, &MODELS));
        let test = words.iter().find(|word| *word == "test").filter(|_| !begins_a_module(rest));
        model.or(test).map(|word| format!("the algorithm depends on cfg({word})"))
    })
}

/// Everything that is declared is written.
pub(super) fn nothing_is_left_to_write(file: &File) -> Vec<Breach> {
    find(file, &|tokens, at| match &tokens[at..] {
        [TokenTree::Ident(name), TokenTree::Punct(bang), ..]
            if bang.as_char() == '!' && is_one_of(name, &["todo", "unimplemented"]) =>
        {
            Some(format!("`{name}!` is left to write"))
        }
        _ => None,
    })
}

/// Every test runs.
pub(super) fn no_test_is_ignored(file: &File) -> Vec<Breach> {
    find(file, &|tokens, at| {
        let (attribute, _) = attribute_at(tokens, at)?;
        let words = words_of(attribute);
        let ignored = match words.first() {
            Some(first) if first == "ignore" => true,
            Some(first) if first == "cfg_attr" => words.iter().any(|word| word == "ignore"),
            _ => false,
        };
        ignored.then(|| "an ignored test tests nothing".to_owned())
    })
}

/// All places in the file where `breach` says what is wrong with the tokens from one on.
fn find(file: &File, breach: &dyn Fn(&[TokenTree], usize) -> Option<String>) -> Vec<Breach> {
    if !file.is_rust() {
        return Vec::new();
    }
    match TokenStream::from_str(&file.text) {
        Ok(stream) => {
            let mut breaches = Vec::new();
            find_in(stream, breach, &mut breaches);
            breaches
        }
        Err(error) => vec![Breach { line: error.span().start().line, what: format!("no Rust: {error}") }],
    }
}

fn find_in(
    stream: TokenStream,
    breach: &dyn Fn(&[TokenTree], usize) -> Option<String>,
    breaches: &mut Vec<Breach>,
) {
    let tokens: Vec<_> = stream.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        if let Some(what) = breach(&tokens, at) {
            breaches.push(Breach { line: token.span().start().line, what });
        }
        if let TokenTree::Group(group) = token {
            find_in(group.stream(), breach, breaches);
        }
    }
}

/// What stands in the attribute that begins here, and what follows it.
fn attribute_at(tokens: &[TokenTree], at: usize) -> Option<(TokenStream, &[TokenTree])> {
    let (group, rest) = match &tokens[at..] {
        [TokenTree::Punct(hash), TokenTree::Group(group), rest @ ..] if hash.as_char() == '#' => {
            (group, rest)
        }
        [TokenTree::Punct(hash), TokenTree::Punct(bang), TokenTree::Group(group), rest @ ..]
            if hash.as_char() == '#' && bang.as_char() == '!' =>
        {
            (group, rest)
        }
        _ => return None,
    };
    (group.delimiter() == Delimiter::Bracket).then(|| (group.stream(), rest))
}

/// The condition of the `#[cfg(…)]`, `#[cfg_attr(…)]` or `cfg!(…)` that begins here, and what follows it.
fn condition_at(tokens: &[TokenTree], at: usize) -> Option<(TokenStream, &[TokenTree])> {
    if let Some((attribute, rest)) = attribute_at(tokens, at) {
        let inside: Vec<_> = attribute.into_iter().collect();
        return match &inside[..] {
            [TokenTree::Ident(cfg), TokenTree::Group(condition)] if cfg == "cfg" => {
                Some((condition.stream(), rest))
            }
            [TokenTree::Ident(cfg_attr), TokenTree::Group(group)] if cfg_attr == "cfg_attr" => {
                let is_comma =
                    |token: &TokenTree| matches!(token, TokenTree::Punct(comma) if comma.as_char() == ',');
                Some((group.stream().into_iter().take_while(|token| !is_comma(token)).collect(), rest))
            }
            _ => None,
        };
    }
    match &tokens[at..] {
        [TokenTree::Ident(cfg), TokenTree::Punct(bang), TokenTree::Group(condition), rest @ ..]
            if cfg == "cfg" && bang.as_char() == '!' =>
        {
            Some((condition.stream(), rest))
        }
        _ => None,
    }
}

fn begins_a_module(tokens: &[TokenTree]) -> bool {
    matches!(tokens.first(), Some(TokenTree::Ident(word)) if word == "mod")
}

/// All words in there, in their order.
fn words_of(stream: TokenStream) -> Vec<Ident> {
    let mut words = Vec::new();
    for token in stream {
        match token {
            TokenTree::Ident(word) => words.push(word),
            TokenTree::Group(group) => words.extend(words_of(group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    words
}

fn is_one_of(word: &Ident, words: &[&str]) -> bool {
    words.iter().any(|candidate| word == candidate)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{NONE, lines};
    use super::*;

    #[test]
    fn an_ordering_in_the_algorithm_is_found() {
        let text = "// Acquire\n/// Release\nfn f() { WORD.load(Ordering::Acquire); }\nuse Ordering::{\n    Release,\n};\n";
        assert_eq!(lines(orderings_stand_in_few_files, "src/deque/dequeue.rs", text), [3, 5]);
    }

    #[test]
    fn an_ordering_at_its_site_or_outside_the_library_is_none_of_the_rules_business() {
        let text = "const A: Ordering = Ordering::Acquire;";
        for path in ["src/order.rs", "src/order/mutant.rs", "src/sync/with_std.rs", "tests/hostile/main.rs"] {
            assert_eq!(lines(orderings_stand_in_few_files, path, text), NONE, "{path}");
        }
        assert_eq!(lines(orderings_stand_in_few_files, "src/orderly.rs", text), [1]);
    }

    #[test]
    fn a_model_or_a_test_hook_in_the_algorithm_is_found() {
        let text = "#![cfg(not(loom))]\n#[cfg(any(test, unix))]\nfn f() {\n    if cfg!(shuttle) {}\n}\n#[cfg_attr(loom, inline)]\nfn g() {}\n";
        assert_eq!(lines(the_algorithm_knows_no_model, "src/deque/chain.rs", text), [1, 2, 4, 6]);
    }

    #[test]
    fn unit_tests_features_and_the_seam_may_be_conditional() {
        let text = "#[cfg(test)]\nmod tests {}\n#[cfg(feature = \"std\")]\nfn f() {}\n#[cfg_attr(unix, doc = \"loom\", test)]\nfn g() {}\n#[test]\nfn loom() {}";
        assert_eq!(lines(the_algorithm_knows_no_model, "src/deque/index.rs", text), NONE);
        assert_eq!(lines(the_algorithm_knows_no_model, "src/sync.rs", "#[cfg(loom)] mod a;"), NONE);
        assert_eq!(lines(the_algorithm_knows_no_model, "src/deque/index.rs", "#[cfg(loom)]\nmod a;"), [1]);
    }

    #[test]
    fn unwritten_code_is_found_and_talk_of_it_is_not() {
        let text = "fn f() {\n    todo!()\n}\n// todo!()\nfn todo() { let text = \"unimplemented!()\"; }\nfn g() { unimplemented!(\"x\") }";
        assert_eq!(lines(nothing_is_left_to_write, "examples/a.rs", text), [2, 6]);
    }

    #[test]
    fn ignored_tests_are_found() {
        let text = "#[test]\n#[ignore]\nfn a() {}\n#[ignore = \"slow\"]\nfn b() {}\n#[cfg_attr(miri, ignore)]\nfn c() {}\nfn ignore() {}";
        assert_eq!(lines(no_test_is_ignored, "tests/a.rs", text), [2, 4, 6]);
    }

    #[test]
    fn what_is_no_rust_is_told() {
        assert_eq!(lines(no_test_is_ignored, "tests/a.rs", "fn f() {}\n)"), [2]);
    }
}
