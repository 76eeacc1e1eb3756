//! Who is named in the article, and under which forms.
//!
//! A name is a run of capitalised words, less the titles before it. Names of two words and more make people; a surname
//! or a first name alone, or a title with a surname, is one of them where there is one. What ends in a word for a body
//! ("Ministry") or is in the list of places is no person. Nothing is known from outside but lists of first names,
//! titles, places and words for bodies.

mod mentions;
mod people;

use std::ops::Range;

use super::marks::Run;
use super::reading::Reading;

use self::mentions::find_mentions;
use self::people::Finder;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A person, by number in [`Names::people`].
    Person(usize),
    /// An organisation.
    Body,
    /// A place.
    Place,
    /// A nationality or faith.
    People,
    /// Cannot be told.
    Unknown,
}

/// A name where it stands.
#[derive(Clone, Debug)]
pub struct Mention {
    /// Its tokens, titles left out.
    pub tokens: Range<usize>,
    /// The titles before it; empty where there are none.
    pub title: Range<usize>,
    /// What it stands for.
    pub kind: Kind,
}

/// Man or woman, as far as the article says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gender {
    /// He.
    Male,
    /// She.
    Female,
}

/// A person of the article.
#[derive(Clone, Debug)]
pub struct Person {
    /// The tokens of the fullest form.
    pub full: Range<usize>,
    /// Man or woman.
    pub gender: Option<Gender>,
    /// What the article calls the person: titles before the name, words in commas behind it, in text order.
    pub descriptions: Vec<Range<usize>>,
    /// The key of the "Mr." or the like that stands before the surname, or 0.
    pub courtesy: u32,
    /// How often the person is named.
    pub times: usize,
    /// Whether a title or a known first name says that this is a person.
    pub sure: bool,
}

impl Person {
    /// Returns the words that say best what the person is: the first ones in commas, or else the first title.
    pub fn description(&self) -> Option<Range<usize>> {
        let behind = self.descriptions.iter().find(|words| words.start >= self.full.end || words.end + 1 < words.start);
        behind.or(self.descriptions.first()).cloned()
    }
}

/// The names of an article.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Every name, in order, not overlapping.
    pub mentions: Vec<Mention>,
    /// Every person, in the order of their first full form.
    pub people: Vec<Person>,
}

impl Names {
    /// Finds the names of an article.
    pub fn find(reading: &Reading<'_>, runs: &[Run]) -> Names {
        let mentions = find_mentions(reading);
        let people = Vec::with_capacity(mentions.len() / 4);
        let mut names = Names { mentions, people };
        let mut finder = Finder::new(reading, &names.mentions, runs);
        // Headlines capitalise what is no name: they name nobody that the text does not.
        let title = |mention: &Mention| {
            let paragraph = reading.paragraphs.get(reading.paragraph_of(mention.tokens.start));
            paragraph.is_some_and(|paragraph| paragraph.title)
        };
        let titles: Vec<bool> = names.mentions.iter().map(title).collect();
        for wanted in [false, true] {
            for (at, in_title) in titles.iter().enumerate().filter(|(_, in_title)| **in_title == wanted) {
                finder.full_form(reading, &mut names, at, *in_title);
            }
        }
        for (at, in_title) in titles.iter().enumerate() {
            finder.short_form(reading, &mut names, at, *in_title);
        }
        names
    }

    /// Returns the mentions that lie inside a range of tokens.
    pub fn within(&self, tokens: Range<usize>) -> &[Mention] {
        let first = self.mentions.partition_point(|mention| mention.tokens.start < tokens.start);
        let last = self.mentions.partition_point(|mention| mention.tokens.start < tokens.end);
        &self.mentions[first..last.max(first)]
    }

    /// Returns the last mentions before a token, the nearest first.
    pub fn before(&self, token: usize) -> impl Iterator<Item = &Mention> {
        let end = self.mentions.partition_point(|mention| mention.tokens.end <= token);
        self.mentions[..end].iter().rev()
    }
}
