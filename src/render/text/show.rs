//! One article, its quotes and speakers marked, and a list of who said what below it.

use std::io::{self, Write};

use super::{counted, headline, source_line};
use crate::article::Span;
use crate::render::Style;
use crate::render::flow::{Indent, Pen, Piece};
use crate::render::paint::Paint;
use crate::render::place::{line_of, printed_segments};
use crate::render::words::{SaidBy, title, words};
use crate::schema::Record;

/// Writes one article.
pub fn write(record: &Record, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut pen = Pen::new(style, out);
    let (text, span) = title(record);
    headline(&mut pen, Indent::default(), record, &[(Paint::Strong, span.of(text))])?;
    source_line(&mut pen, 0, record, record.headline.map_or(record.body.start, |headline| headline.start))?;
    for (label, value) in about(record) {
        pen.flow(Indent::default(), &[(Paint::Faint, label), (Paint::Faint, value)])?;
    }
    let layers = painted(record);
    let parts = record.dek.into_iter().chain(paragraphs(record));
    for part in parts {
        pen.end_line()?;
        pen.flow(Indent::default(), &pieces(record, part, &layers))?;
    }
    quotes(&mut pen, record)
}

/// Returns what the source said about the article, beside outlet and date.
fn about(record: &Record) -> impl Iterator<Item = (&'static str, &str)> {
    let meta = &record.meta;
    let rows = [("by ", &meta.byline), ("credits ", &meta.agency), ("section ", &meta.section), ("", &meta.url)];
    rows.into_iter().filter_map(|(label, value)| value.as_deref().map(|value| (label, value)))
}

/// Returns the paragraphs of the body.
fn paragraphs(record: &Record) -> Vec<Span> {
    let body = record.body.of(&record.text);
    let mut spans = Vec::new();
    let mut start = None;
    let mut end = 0;
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        if line.trim().is_empty() {
            spans.extend(start.take().map(|start| (start, end)));
        } else {
            start.get_or_insert(at);
            end = at + line.trim_end().len();
        }
        at += line.len();
    }
    spans.extend(start.map(|start| (start, end)));
    let from = record.body.start as usize;
    spans.into_iter().map(|(start, end)| Span::new(from + start, from + end)).collect()
}

/// Returns the stretches that have a paint of their own, in text order, not overlapping.
fn painted(record: &Record) -> Vec<(Span, Paint)> {
    let mut layers = Vec::new();
    for quote in &record.quotes {
        layers.extend(quote.speaker.as_ref().map(|speaker| (speaker.span, Paint::Speaker)));
        layers.extend(printed_segments(quote, &record.text).into_iter().map(|span| (span, Paint::Quote)));
    }
    layers.sort_by_key(|(span, _)| (span.start, span.end));
    let mut end = 0;
    layers.retain(|(span, _)| {
        let free = span.start >= end;
        if free {
            end = span.end;
        }
        free
    });
    layers
}

/// Returns a paragraph cut into pieces.
fn pieces<'t>(record: &'t Record, part: Span, layers: &[(Span, Paint)]) -> Vec<Piece<'t>> {
    let text = &record.text;
    let mut pieces = Vec::new();
    let mut at = part.start;
    for (span, paint) in layers.iter().filter(|(span, _)| span.overlaps(part)) {
        let start = span.start.max(at);
        let end = span.end.min(part.end);
        pieces.push((Paint::Plain, Span { start: at, end: start }.of(text)));
        pieces.push((*paint, Span { start, end }.of(text)));
        at = end;
    }
    pieces.push((Paint::Plain, Span { start: at, end: part.end }.of(text)));
    pieces
}

/// Lists the quotes below the article: line, speaker, words.
fn quotes(pen: &mut Pen<'_>, record: &Record) -> io::Result<()> {
    if record.quotes.is_empty() {
        return Ok(());
    }
    pen.end_line()?;
    pen.border(&counted(record.quotes.len() as u64, "quote"))?;
    for quote in &record.quotes {
        let line = format!("line {}", line_of(record, quote.span().start));
        let said_by = SaidBy::new(quote, &record.text);
        let mut pieces = vec![(Paint::Faint, line.as_str()), (Paint::Faint, " · ")];
        pieces.extend(said_by.pieces());
        pen.end_line()?;
        pen.flow(Indent { first: 0, taken: 0, rest: 2 }, &pieces)?;
        pen.flow(Indent::all(2), &words(quote, &record.text, &[]))?;
    }
    Ok(())
}
