//! All words over an alphabet.

/// All words of `longest` letters at most, the empty one first, the shorter before the longer.
pub(crate) fn words<T: Clone>(alphabet: &[T], longest: usize) -> Vec<Vec<T>> {
    let mut all = vec![Vec::new()];
    let mut of_last_length = 0..1;
    for _ in 0..longest {
        let begin = all.len();
        for shorter in of_last_length {
            for letter in alphabet {
                let mut word = all[shorter].clone();
                word.push(letter.clone());
                all.push(word);
            }
        }
        of_last_length = begin..all.len();
    }
    all
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn all_words_are_there_in_order_of_length() {
        let words: Vec<String> = words(&['a', 'b'], 2).into_iter().map(String::from_iter).collect();
        assert_eq!(words, ["", "a", "b", "aa", "ab", "ba", "bb"]);
    }
}
