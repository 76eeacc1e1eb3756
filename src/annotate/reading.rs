//! An article as its annotators read it: tokens, paragraphs, sentences.

use std::ops::Range;

use super::sentences;
use super::tokens::{Token, tokenise};
use crate::article::Span;

/// A line with something in it.
#[derive(Clone, Debug)]
pub struct Paragraph {
    /// Where it stands, without the white space around it.
    pub span: Span,
    /// Its tokens.
    pub tokens: Range<usize>,
    /// Whether it is a headline or a dek, whose words are capitalised for other reasons.
    pub title: bool,
}

/// The tokens of an article and how they group.
pub struct Reading<'t> {
    /// The whole text.
    pub text: &'t str,
    /// Every token, in order.
    pub tokens: Vec<Token>,
    /// The numbers of those with a capital, in order: where names can be.
    capitals: Vec<u32>,
    /// Every paragraph, in order.
    pub paragraphs: Vec<Paragraph>,
    /// The tokens of every sentence, in order; none goes across a paragraph.
    pub sentences: Vec<Range<usize>>,
}

impl<'t> Reading<'t> {
    /// Reads parts of a text, the last of which is the body. `tokens` is a buffer to use again.
    pub fn new(text: &'t str, parts: &[Span], mut tokens: Vec<Token>) -> Reading<'t> {
        tokens.clear();
        let mut paragraphs = Vec::new();
        let mut capitals = Vec::with_capacity(text.len() / 32);
        for (number, part) in parts.iter().enumerate() {
            let title = number + 1 < parts.len();
            let mut start = part.start as usize;
            let end = part.end as usize;
            while start < end {
                let length = memchr::memchr(b'\n', &text.as_bytes()[start..end]).unwrap_or(end - start);
                let line = &text[start..start + length];
                let words = line.trim_start_matches(|letter: char| letter.is_whitespace() || letter == '\u{feff}');
                let first = start + line.len() - words.len();
                let words = words.trim_end();
                if !words.is_empty() {
                    let span = Span::new(first, first + words.len());
                    let from = tokens.len();
                    tokenise(text, span, &mut tokens);
                    let found = (from as u32..).zip(&tokens[from..]).filter(|(_, token)| token.has_capital());
                    capitals.extend(found.map(|(at, _)| at));
                    paragraphs.push(Paragraph { span, tokens: from..tokens.len(), title });
                }
                start += length + 1;
            }
        }
        let mut reading = Reading { text, tokens, capitals, paragraphs, sentences: Vec::new() };
        reading.sentences = sentences::find(&reading);
        reading
    }

    /// Returns a way through the tokens with a capital.
    pub fn capitals(&self) -> Capitals<'_> {
        Capitals { rest: &self.capitals }
    }

    /// Returns the stretch of text from the first to the last token of a range that is not empty.
    pub fn span(&self, tokens: Range<usize>) -> Span {
        match (self.tokens.get(tokens.start), self.tokens.get(tokens.end.wrapping_sub(1))) {
            (Some(first), Some(last)) if !tokens.is_empty() => Span { start: first.start, end: last.end },
            _ => Span::default(),
        }
    }

    /// Returns a token, or nothing outside of the article.
    pub fn get(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    /// Returns a token as printed.
    pub fn word(&self, at: usize) -> &'t str {
        self.tokens[at].span().of(self.text)
    }

    /// Returns the number of the sentence that holds a token.
    pub fn sentence_of(&self, token: usize) -> usize {
        self.sentences.partition_point(|sentence| sentence.end <= token)
    }

    /// Returns the tokens of the sentence that holds a token.
    pub fn sentence(&self, token: usize) -> Range<usize> {
        self.sentences.get(self.sentence_of(token)).cloned().unwrap_or(token..token)
    }

    /// Returns the number of the paragraph that holds a token.
    pub fn paragraph_of(&self, token: usize) -> usize {
        self.paragraphs.partition_point(|paragraph| paragraph.tokens.end <= token)
    }
}

/// The tokens with a capital that are still to come.
pub struct Capitals<'r> {
    rest: &'r [u32],
}

impl Capitals<'_> {
    /// Returns the first of them in a range of tokens, and forgets those before the range.
    #[inline]
    pub fn first_in(&mut self, tokens: Range<usize>) -> Option<usize> {
        while let Some((first, rest)) = self.rest.split_first() {
            let first = *first as usize;
            if first >= tokens.start {
                return (first < tokens.end).then_some(first);
            }
            self.rest = rest;
        }
        None
    }
}
