//! What stands in a stretch and beside it, laid out place by place, as its features look at it.
//!
//! In: a stretch and its words. Out: a [`View`] of each word. A place is looked at once, however many words
//! have it beside them.

use std::ops::Range;

use crate::annotate::reading::Reading;
use crate::annotate::tokens::{Shape, Token};

use super::clusters::{self, Groups};
use super::gazetteer;
use super::stretches::{Stretch, Stretches, Word, kind_of};

/// What stands at a place of the sentence, inside the stretch or not.
#[derive(Clone, Copy, Default)]
pub struct Seen {
    /// What it is.
    pub name: Name,
    /// What the word lists say of it.
    pub kind: u8,
    /// Which lists of names it has a part in, inside the stretch.
    pub lists: u32,
}

/// What stands at a place, and nothing of how it looks there: the key of a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// The key.
    pub key: u32,
    /// Whether it is that of a word.
    pub word: bool,
}

/// The place in a sentence beyond its ends.
const EDGE: Seen = Seen { name: Name { key: 1, word: false }, kind: 32, lists: 0 };

impl Name {
    /// Returns the words that keep the same company.
    #[inline]
    pub fn groups(self) -> Groups {
        if self.word { clusters::groups(self.key) } else { Groups::default() }
    }
}

/// The run of capitals around a word, by places of the stretch.
#[derive(Clone, Copy)]
struct Run {
    first: u32,
    last: u32,
}

/// A stretch as its features look at it, with buffers that are used again.
#[derive(Default)]
pub struct Context {
    /// What stands at each place from the one before the stretch to the one behind it.
    seen: Vec<Seen>,
    /// The run around each word that is capitalised.
    runs: Vec<Option<Run>>,
    casing: u32,
    /// Whether the sentence starts with the stretch.
    opens: bool,
}

impl Context {
    /// Looks at a stretch.
    pub fn look(&mut self, reading: &Reading<'_>, stretches: &Stretches, stretch: &Stretch) {
        let Range { start, end } = stretch.tokens;
        let words = stretches.words_of(stretch);
        self.casing = stretch.casing as u32;
        self.opens = start == stretch.sentence.start;
        let outside = |at: Option<usize>| {
            let token = at.filter(|at| stretch.sentence.contains(at)).map(|at| &reading.tokens[at]);
            token.map_or(EDGE, |token| Seen { name: name_of(token), kind: kind_of(token), lists: 0 })
        };
        self.seen.clear();
        self.seen.push(outside(start.checked_sub(1)));
        self.seen.extend(words.iter().map(|word| Seen {
            name: Name { key: word.key, word: word.is_word },
            kind: word.kind,
            lists: lists_of(word.hint),
        }));
        self.seen.push(outside(Some(end)));
        self.find_runs(words);
    }

    fn find_runs(&mut self, words: &[Word]) {
        self.runs.clear();
        for words in words.chunk_by(|one, other| one.capital && other.capital) {
            let (first, length) = (self.runs.len() as u32, words.len());
            let run = Run { first, last: first + length as u32 - 1 };
            self.runs.extend(std::iter::repeat_n(words[0].capital.then_some(run), length));
        }
    }

    /// Returns the views of the words of the stretch, which are these.
    pub fn views<'c>(&'c self, words: &'c [Word]) -> impl Iterator<Item = View<'c>> {
        words.iter().enumerate().map(|(at, word)| View { context: self, at, word })
    }
}

/// What a word of a stretch looks like, and what is around it.
#[derive(Clone, Copy)]
pub struct View<'c> {
    context: &'c Context,
    at: usize,
    /// The word.
    pub word: &'c Word,
}

impl<'c> View<'c> {
    /// Returns what stands at the place of the word, at the one before it (-1) or at the one behind it (1).
    #[inline]
    pub fn beside(self, step: isize) -> &'c Seen {
        &self.context.seen[(self.at + 1).wrapping_add_signed(step)]
    }

    /// Returns which lists of names the word has a part in.
    pub fn lists(self) -> u32 {
        self.beside(0).lists
    }

    /// Returns the shape of the word.
    pub fn shape(self) -> u32 {
        u32::from(self.word.shape)
    }

    /// Returns what the word looks like: its shape, how its sentence is cased, whether it is the first of it.
    pub fn look(self) -> u32 {
        self.shape() << 3 | self.context.casing << 1 | u32::from(self.context.opens && self.at == 0)
    }

    /// Returns whether the word is the only one of its run of capitals.
    #[inline]
    pub fn is_alone(self) -> bool {
        self.context.runs[self.at].is_some_and(|run| run.first == run.last)
    }

    /// Returns the run of capitals around the word, where it is one of several.
    #[inline]
    pub fn run(self) -> Option<RunView<'c>> {
        let Run { first, last } = self.context.runs[self.at].filter(|run| run.first != run.last)?;
        let (first, last) = (first as usize, last as usize);
        let place = ((self.at - first).min(3) << 4 | (last - self.at).min(3)) as u32;
        Some(RunView { last: &self.context.seen[last + 1], place })
    }
}

/// The run of several capitals around a word.
#[derive(Clone, Copy)]
pub struct RunView<'c> {
    /// What stands at its last place.
    pub last: &'c Seen,
    /// Where the word stands in it: how many words are before and behind it, three at most, four bits each.
    pub place: u32,
}

/// Returns which lists a word has a part in, whatever the part.
fn lists_of(hint: u32) -> u32 {
    gazetteer::lists_at(hint | hint >> 1 | hint >> 2 | hint >> 3)
}

fn name_of(token: &Token) -> Name {
    Name { key: token.key, word: token.looks(Shape::WORD) }
}
