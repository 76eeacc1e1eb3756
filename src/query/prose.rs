//! Questions in plain language: pasted or typed as a sentence, without any sign of the query language. Their question
//! marks, parentheses and slashes are punctuation.

use super::bare::is_stop;
use crate::analyzer;
use crate::plan::{Phrasing, RankedWord};

/// A question has at least so many words.
const WORDS: usize = 8;

/// So many of them are function words: a list of search words has none.
const FUNCTION_WORDS: usize = 2;

/// Words that open a question, sorted.
const ASKING: &[&str] = &[
    "are", "can", "could", "did", "do", "does", "had", "has", "have", "how", "is", "should", "was", "were", "what",
    "when", "where", "which", "who", "whom", "whose", "why", "will", "would",
];

/// Returns how bare words are put. Two function words make a sentence of three words or more: an article that answers it
/// rarely has every word.
pub fn phrasing(typed: &str, words: &[RankedWord]) -> Phrasing {
    let function_words = words.iter().filter(|word| word.stop).count();
    let first = analyzer::words(typed).next().map(|word| analyzer::fold(&typed[word])).unwrap_or_default();
    let asks = typed.trim_end().ends_with('?') || ASKING.contains(&first.as_str());
    match (asks, function_words) {
        (true, 1..) if words.len() - function_words > 2 => Phrasing::Question,
        (false, 2..) if words.len() - function_words > 2 => Phrasing::Sentence,
        _ => Phrasing::Words,
    }
}

/// Returns whether a query is a sentence rather than a list of conditions.
pub fn is_prose(typed: &str) -> bool {
    let (mut words, mut function_words) = (0, 0);
    for piece in typed.split_whitespace() {
        if is_sign(piece) {
            return false;
        }
        for word in analyzer::words(piece) {
            words += 1;
            function_words += usize::from(is_stop(&piece[word]));
        }
    }
    words >= WORDS && function_words >= FUNCTION_WORDS
}

/// Returns whether a piece between two spaces can only be meant as a part of the query language.
fn is_sign(piece: &str) -> bool {
    let marks = ['"', '\u{201C}', '\u{201D}', '\u{201E}', '\u{201F}', '«', '»', '\u{FF02}', '*', '~', '=', ':', '|'];
    let excludes = piece.strip_prefix(['-', '\u{2212}', '\u{2013}', '!', '+']);
    let operator = piece.trim_matches(['(', ')']);
    let near = operator.split_once('/').is_some_and(|(name, reach)| {
        matches!(name.to_ascii_lowercase().as_str(), "w" | "pre" | "near")
            && (matches!(reach, "s" | "p" | "S" | "P") || reach.parse::<u32>().is_ok())
    });
    let called = piece.find('(').is_some_and(|at| {
        let name = piece[..at].trim_end_matches(|letter: char| letter.is_ascii_digit());
        ["atleast", "lead", "hlead", "said", "by"].contains(&name)
    });
    matches!(operator, "OR" | "AND" | "NOT")
        || near
        || called
        || piece.contains(marks)
        || piece.starts_with('/') && piece.len() > 1
        || excludes.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_alphanumeric() || letter == '('))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{parse, resolve};

    #[test]
    fn sentences_are_told_from_conditions() {
        for typed in [
            "what is the effect of the shape of the drag polar of a lifting spacecraft (the?slip? effect).",
            "Who won the election in Norvika, and when was the second round held?",
            "can the three-dimensional problem of a cross-border strike and/or blockade be solved?",
        ] {
            assert!(is_prose(typed), "{typed}");
        }
        for typed in [
            "who won?",
            "gaza rafah doha cairo ceasefire truce hostages talks",
            "the talks in Doha or in Cairo on a \"permanent ceasefire\" and the hostages",
            "the talks in Doha OR the talks in Cairo on hostages",
            "the talks in Doha on a truce and the hostages -hamas",
            "the talks in Doha w/5 a truce and the hostages of war",
            "headline:the talks in Doha on a truce and the hostages",
            "the talks in Doha on a truce and cease* of the fire",
            "the talks in Doha on a truce and atleast3(gaza) of it",
        ] {
            assert!(!is_prose(typed), "{typed}");
        }
    }

    #[test]
    fn questions_are_told_from_words() {
        let today = jiff::civil::Date::constant(2024, 9, 19);
        for (typed, expected) in [
            ("ceasefire talks doha", Phrasing::Words),
            ("the ceasefire in Gaza", Phrasing::Words),
            ("ceasefire talks in doha", Phrasing::Words),
            ("the talks on a truce in Doha", Phrasing::Sentence),
            ("who met the mediators in Doha?", Phrasing::Question),
            ("did mediators meet the envoy", Phrasing::Question),
            ("mediators envoy doha?", Phrasing::Words),
        ] {
            let query = parse(typed).query.expect("a query");
            assert_eq!(resolve(&query, today).expect("a plan").phrasing, expected, "{typed}");
        }
    }

    #[test]
    fn asking_words_are_sorted() {
        assert!(ASKING.is_sorted());
    }
}
