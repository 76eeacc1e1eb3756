//! Bare words, which rank: the names of a country count as one word, and function words for nothing beside others.

use super::countries;
use super::tree::Node;
use crate::analyzer;
use crate::plan::{Clause, Manner, RankedWord, Term};
use crate::schema::{Analyzer, Field};

/// Function words that say nothing beside other words. The list is our own, of the kind search engines use.
const STOP: &[&str] = &[
    "a", "about", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do",
    "does", "for", "from", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in", "into", "is", "it", "its",
    "may", "most", "no", "not", "of", "on", "or", "our", "she", "should", "some", "such", "than", "that", "the",
    "their", "them", "then", "there", "these", "they", "this", "those", "to", "was", "we", "were", "what", "when",
    "where", "which", "who", "whom", "whose", "why", "will", "with", "would", "you",
];

/// Returns the parts of a query, those of a group that holds nothing but words among them: `(a b) c` is `a b c`.
pub fn flattened(parts: &[Node]) -> Vec<&Node> {
    let mut flat = Vec::with_capacity(parts.len());
    for part in parts {
        match part {
            Node::Group(inner) if inner.iter().all(|node| node.bare().is_some()) => flat.extend(inner),
            part => flat.push(part),
        }
    }
    flat
}

/// Returns bare words as they rank: the names of a country are one word, and function words count for nothing where
/// others are there. `WHO` is a name, unless all is in capitals.
pub fn ranked(bare: &[&Term], field: Field, others: bool, shouted: bool) -> Vec<RankedWord> {
    let mut words = Vec::with_capacity(bare.len());
    let mut rest = bare;
    while let Some(word) = rest.first() {
        let count = country(rest).map_or(1, |(count, _)| count);
        let acronym = !shouted && word.typed.len() > 1 && word.typed.bytes().all(|byte| byte.is_ascii_uppercase());
        let stop = count == 1 && word.manner == Manner::Usual && !acronym && is_stop(&word.typed);
        words.push(RankedWord { clause: named(field, &rest[..count]), stop });
        rest = &rest[count..];
    }
    if !others && words.iter().all(|word| word.stop) {
        words.iter_mut().for_each(|word| word.stop = false);
    }
    words
}

/// Returns how many words are the name of a country, and its names.
fn country(words: &[&Term]) -> Option<(usize, Vec<&'static str>)> {
    let usual = words.iter().take(countries::LONGEST).take_while(|word| word.manner == Manner::Usual);
    let typed: Vec<&str> = usual.map(|word| word.typed.as_str()).collect();
    countries::names(&typed)
}

/// Returns the condition that words stand in a field; where they name a country, under any of its names.
pub fn named(field: Field, words: &[&Term]) -> Clause {
    let found = country(words).filter(|(count, _)| *count == words.len() && field.analyzer() == Analyzer::Stemmed);
    match found {
        Some((_, names)) => Clause::Any(names.iter().map(|name| Clause::word(field, name)).collect()),
        None => Clause::Words { field, terms: words.iter().map(|word| (*word).clone()).collect() },
    }
}

/// Returns whether a word says nothing beside other words.
pub fn is_stop(word: &str) -> bool {
    STOP.contains(&analyzer::fold(word.trim_matches(|letter: char| !letter.is_alphanumeric())).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stop_word_is_folded() {
        for word in STOP {
            assert_eq!(analyzer::fold(word), *word);
        }
        assert!(STOP.is_sorted());
    }
}
