//! Transcripts: paragraphs that open with a name in capitals and a colon, and stand in no marks.

use std::ops::Range;

use crate::annotate::reading::{Paragraph, Reading};
use crate::annotate::speakers::Speakers;
use crate::annotate::tokens::Shape;
use crate::article::Span;
use crate::layers::{Quote, QuoteKind};

/// One such line is a headline or a list; from so many on it is a transcript.
const LINES: usize = 2;
/// The longest name before the colon, in tokens.
const LONGEST_NAME: usize = 4;

/// Adds what is said in the lines of a transcript; quotes found inside of one are a part of it.
pub fn attribute(reading: &Reading<'_>, speakers: &mut Speakers<'_>, quotes: &mut Vec<Quote>) {
    let lines = reading.paragraphs.iter().enumerate().filter_map(|(number, paragraph)| {
        let colon = label(reading, paragraph)?;
        Some((number, paragraph.tokens.start..colon, colon + 1..paragraph.tokens.end))
    });
    let lines: Vec<(usize, Range<usize>, Range<usize>)> = lines.collect();
    if lines.len() < LINES {
        return;
    }
    let said: Vec<Span> = lines.iter().map(|(_, _, said)| reading.span(said.clone())).collect();
    quotes.retain(|quote| {
        let span = quote.span();
        let next = said.partition_point(|line| line.end <= span.start);
        !said.get(next).is_some_and(|line| line.overlaps(span))
    });
    for ((number, name, _), span) in lines.into_iter().zip(said) {
        quotes.push(Quote {
            kind: QuoteKind::Direct,
            spans: vec![span],
            paragraph: number as u32,
            speaker: Some(speakers.resolve(name)),
            cue: None,
            rule: "transcript".into(),
        });
    }
    // The reports look them up in the order of the text.
    quotes.sort_by_key(|quote| quote.span().start);
}

/// Returns the colon behind a name in capitals at the head of a paragraph that says something after it.
fn label(reading: &Reading<'_>, paragraph: &Paragraph) -> Option<usize> {
    let Range { start, end } = paragraph.tokens;
    let colon = (start..end.min(start + LONGEST_NAME + 1)).find(|at| reading.tokens[*at].sign(':'))?;
    let named = (start..colon).all(|at| {
        let token = &reading.tokens[at];
        token.looks(Shape::CAPITALS) && token.looks(Shape::WORD) || token.sign('.')
    });
    let longest = (start..colon).map(|at| reading.word(at).chars().count()).max()?;
    let marked = reading.get(colon + 1).is_some_and(|next| next.looks(Shape::MARK));
    let words = (colon + 1..end).filter(|at| reading.tokens[*at].looks(Shape::WORD)).count();
    (!paragraph.title && named && longest > 2 && !marked && words > 0).then_some(colon)
}
