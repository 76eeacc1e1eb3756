//! Who is described and not named, and keeps one identity through the article.
//!
//! "A senior administration official" is the same source as "the official" after it. A description with an indefinite
//! article, or with "another" or a number, brings a new source; one with "the" is the nearest before it with the same
//! noun whose words do not contradict ("the Egyptian official" is not "an American official").

use std::ops::Range;

use super::lexicon::Class;
use super::reading::Reading;
use super::tokens::{Shape, Token, key};

/// The most modifiers before the noun of a description.
const MODIFIERS: usize = 7;

/// A source that the article describes.
#[derive(Clone, Debug)]
pub struct Source {
    /// The fullest description, without its article.
    pub full: Range<usize>,
    /// The description as first printed, with its article.
    pub first: Range<usize>,
    /// The key of its noun.
    pub head: u32,
}

/// The described sources of an article.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Every source, in the order of their first mention.
    pub sources: Vec<Source>,
    /// Where they are mentioned: the tokens and the source, in order.
    pub mentions: Vec<(Range<usize>, usize)>,
}

const A: u32 = key("a");
const AN: u32 = key("an");
const ANOTHER: u32 = key("another");
const ONE: u32 = key("one");
const SECOND: u32 = key("second");
const OTHER: u32 = key("other");

impl Sources {
    /// Finds the described sources of an article.
    pub fn find(reading: &Reading<'_>) -> Sources {
        let room = reading.sentences.len();
        let mut sources = Sources { sources: Vec::with_capacity(room), mentions: Vec::with_capacity(room) };
        for sentence in &reading.sentences {
            for (at, token) in sentence.clone().zip(&reading.tokens[sentence.clone()]) {
                let head = token.is(Class::PERSON_NOUN) && !token.looks(Shape::CAPITALISED);
                if head && !reading.get(at + 1).is_some_and(|next| is_part(token, next)) {
                    sources.mention(reading, at, sentence.start);
                }
            }
        }
        sources
    }

    fn mention(&mut self, reading: &Reading<'_>, head: usize, from: usize) {
        let mut start = head;
        while start > from && head - start < MODIFIERS && is_modifier(reading, start - 1) {
            start -= 1;
        }
        let Some(opening) = start.checked_sub(1).filter(|opening| *opening >= from) else {
            return self.bare(reading, start, head);
        };
        let determiner = &reading.tokens[opening];
        if !determiner.is(Class::DETERMINER.or(Class::NUMBER_WORD)) {
            return self.bare(reading, start, head);
        }
        let is = |word: u32| determiner.word(word);
        let new = is(A)
            || is(AN)
            || is(ANOTHER)
            || is(ONE)
            || determiner.is(Class::NUMBER_WORD)
            || reading.tokens[start].word(SECOND)
            || reading.tokens[start].word(OTHER);
        self.add(reading, opening..head + 1, start..head + 1, new);
    }

    /// A description without an article: plural ("Officials said"), or capitalised by a headline.
    fn bare(&mut self, reading: &Reading<'_>, start: usize, head: usize) {
        let plural = reading.word(head).ends_with('s');
        self.add(reading, start..head + 1, start..head + 1, !plural);
    }

    fn add(&mut self, reading: &Reading<'_>, whole: Range<usize>, words: Range<usize>, new: bool) {
        let head = reading.tokens[words.end - 1].key;
        let same = if new { None } else { self.nearest(reading, &words, head) };
        let source = match same {
            Some(source) => {
                let known = &mut self.sources[source];
                if words.len() > known.full.len() {
                    known.full = words;
                }
                source
            }
            None => {
                self.sources.push(Source { full: words, first: whole.clone(), head });
                self.sources.len() - 1
            }
        };
        self.mentions.push((whole, source));
    }

    /// Returns the nearest source before with the same noun whose words do not contradict.
    fn nearest(&self, reading: &Reading<'_>, words: &Range<usize>, head: u32) -> Option<usize> {
        let modifiers = words.start..words.end - 1;
        self.mentions.iter().rev().take(60).map(|(_, source)| *source).find(|source| {
            let known = &self.sources[*source];
            known.head == head
                && modifiers
                    .clone()
                    .all(|at| known.full.clone().any(|other| reading.tokens[other].key == reading.tokens[at].key))
        })
    }

    /// Returns the source mentioned in a range of tokens.
    pub fn within(&self, tokens: &Range<usize>) -> Option<usize> {
        let first = self.mentions.partition_point(|(mention, _)| mention.start < tokens.start);
        self.mentions[first..]
            .iter()
            .take_while(|(mention, _)| mention.start < tokens.end)
            .map(|(_, source)| *source)
            .next()
    }
}

/// Returns whether a noun for a person is only a part of what the next word names: "party chairman", "senior aide".
fn is_part(token: &Token, next: &Token) -> bool {
    let small = next.looks(Shape::WORD) && !next.looks(Shape::CAPITALISED) || next.is(Class::DEMONYM);
    let noun = next.is(Class::PERSON_NOUN)
        || token.is(Class::RANK) && !next.is(Class::FUNCTION.or(Class::FINITE).or(Class::VERB));
    small && noun
}

/// Returns whether a word can stand between an article and the noun of a description.
fn is_modifier(reading: &Reading<'_>, at: usize) -> bool {
    let token = &reading.tokens[at];
    if token.looks(Shape::POSSESSIVE) || !token.looks(Shape::WORD) || token.is(Class::FUNCTION.or(Class::PREPOSITION)) {
        return false;
    }
    let verb = token.is(Class::FINITE.or(Class::VERB))
        && !token.is(Class::NOUNISH.or(Class::RANK).or(Class::TITLE).or(Class::GROUP_NOUN));
    let number = token.is(Class::NUMBER_WORD) && !token.word(SECOND);
    !verb && !number && !token.is(Class::ADVERB)
}
