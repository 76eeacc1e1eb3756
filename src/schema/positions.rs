//! Where everything found in an article stands in its text field, as positions of words.
//!
//! In: an article. Out: its words, cut once for all who ask, and for any place the position of the first word at or
//! behind it. A place is looked up in a row of bits, one for each byte of a part, set where a word starts.

use std::ops::Range;

use super::PartsAt;
use crate::analyzer;
use crate::article::{Article, Span};
use crate::copies::{Signature, Signer};

/// The words of an article and where they stand.
pub struct Positions {
    /// Where the parts start in the text field.
    pub at: PartsAt,
    /// Where the words of the parts stand in their part.
    pub cut: Vec<Span>,
    /// The signature of the body, whose words are gone through anyway.
    pub signature: Option<Signature>,
    parts: Vec<Part>,
    starts: Vec<Starts>,
}

/// A part of an article.
struct Part {
    span: Span,
    /// Which of the words are its.
    words: Range<u32>,
    /// The position of its first word.
    first: u32,
    /// Where its row begins in the starts.
    row: usize,
}

/// Where words start in [`STRETCH`] bytes of a part, and how many do in all of it before.
#[derive(Clone, Copy, Default)]
struct Starts {
    bits: u64,
    before: u32,
}

/// How many bytes one number has bits for.
const STRETCH: usize = u64::BITS as usize;

impl Positions {
    /// Cuts the parts of an article into words.
    pub fn of(article: &Article) -> Positions {
        let length = article.text.len();
        let mut positions = Positions {
            at: PartsAt::default(),
            cut: Vec::with_capacity(length / 5),
            signature: None,
            parts: Vec::with_capacity(3),
            starts: Vec::with_capacity(length / STRETCH + 3),
        };
        if let Some(headline) = article.headline {
            positions.at.dek = 2 * positions.add(headline, 0, article, &mut |_, _| ());
        }
        positions.at.body = positions.at.dek;
        if let Some(dek) = article.dek {
            positions.at.body += positions.add(dek, positions.at.dek, article, &mut |_, _| ());
        }
        let mut signer = Signer::default();
        positions.add(article.body, positions.at.body, article, &mut |text, word| signer.add(text, word));
        positions.signature = signer.finish();
        positions
    }

    /// Adds a part whose first word has a position; returns how many positions it takes: its words and the gap behind
    /// them.
    fn add(&mut self, span: Span, first: u32, article: &Article, each: &mut impl FnMut(&str, Range<usize>)) -> u32 {
        let part = span.of(&article.text);
        let (row, start) = (self.starts.len(), self.cut.len() as u32);
        self.starts.resize(row + part.len() / STRETCH + 1, Starts::default());
        let starts = &mut self.starts[row..];
        for word in analyzer::words(part) {
            starts[word.start / STRETCH].bits |= 1 << (word.start % STRETCH);
            self.cut.push(Span::new(word.start, word.end));
            each(part, word);
        }
        let mut before = 0;
        for stretch in starts {
            stretch.before = before;
            before += stretch.bits.count_ones();
        }
        self.parts.push(Part { span, words: start..self.cut.len() as u32, first, row });
        before + 1
    }

    /// Returns which of the words are those of a part.
    pub fn words_of(&self, part: Span) -> Range<u32> {
        self.parts.iter().find(|other| other.span == part).map_or(0..0, |part| part.words.clone())
    }

    /// Returns the position of the first word at or behind a place; 0 behind the last part.
    pub fn at(&self, place: u32) -> u32 {
        let Some(part) = self.parts.iter().find(|part| place <= part.span.end) else { return 0 };
        let within = place.saturating_sub(part.span.start) as usize;
        let Starts { bits, before } = self.starts[part.row + within / STRETCH];
        part.first + before + (bits & ((1 << (within % STRETCH)) - 1)).count_ones()
    }

    /// Returns the position of the first word that starts in a span, and how many do.
    pub fn within(&self, span: Span) -> (u32, u32) {
        let first = self.at(span.start);
        (first, self.at(span.end).saturating_sub(first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_the_position_of_the_next_word() {
        let long = "Ada Finch’s boat, the U.N. said, carried 1,000.5 tonnes — or was it less? ".repeat(9);
        for text in
            [format!("The boat\n\nA short line\n\n{long}"), "Head\n\nDek\n\n".to_owned(), format!("{long}\n\n\n\n")]
        {
            let ends: Vec<usize> = text.match_indices("\n\n").map(|(at, _)| at).collect();
            let parts = [Span::new(0, ends[0]), Span::new(ends[0] + 2, ends[1]), Span::new(ends[1] + 2, text.len())];
            let [headline, dek, body] = parts;
            let article = Article { text, headline: Some(headline), dek: Some(dek), body, ..Article::default() };
            let positions = Positions::of(&article);
            let mut first = 0;
            let mut behind = 0;
            for (number, part) in parts.into_iter().enumerate() {
                let words: Vec<Range<usize>> = analyzer::words(part.of(&article.text)).collect();
                let cut = positions.words_of(part);
                let cut = positions.cut[cut.start as usize..cut.end as usize].iter().map(|word| word.range());
                assert!(cut.eq(words.iter().cloned()), "{part:?}");
                for place in behind..=part.end {
                    let before = words.iter().filter(|word| part.start + (word.start as u32) < place).count() as u32;
                    assert_eq!(positions.at(place), first + before, "{place}");
                }
                let taken = words.len() as u32 + 1;
                first += if number == 0 { 2 * taken } else { taken };
                behind = part.end + 1;
            }
            assert_eq!(positions.at(behind), 0);
        }
    }
}
