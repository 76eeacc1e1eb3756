//! Answers as a person reads them: ranked articles, quotes, one article, what an index holds.
//!
//! In: hits and a style. Out: lines as wide as the style says. Colour helps the eye and never says anything alone.
//! Deliberately knows no other output.

pub mod copies;
pub mod hits;
pub mod identities;
pub mod quotes;
pub mod show;
pub mod stats;

use std::io::{self, Write};

use super::flow::{Pen, Piece};
use super::paint::Paint;
use super::place::place;
use super::{Style, clean};
use crate::article::Span;
use crate::problem::Problem;
use crate::schema::Record;

/// Writes what was left out of an index, one file or record a line.
pub fn skipped(problems: &[Problem], style: Style, out: &mut dyn Write) -> io::Result<()> {
    for problem in problems {
        let words = problem.to_string();
        let words = if style.terminal { clean(&words) } else { words.as_str().into() };
        writeln!(out, "{words}")?;
    }
    Ok(())
}

/// Returns a stretch of text cut into pieces, the marked ones in their own paint.
fn marked<'t>(text: &'t str, span: Span, marks: &[Span], paint: Paint) -> Vec<Piece<'t>> {
    let mut pieces = Vec::with_capacity(marks.len() * 2 + 1);
    let mut at = span.start;
    for mark in marks.iter().filter(|mark| span.contains(**mark)) {
        if mark.start < at {
            continue;
        }
        pieces.push((paint, Span { start: at, end: mark.start }.of(text)));
        pieces.push((Paint::Mark, mark.of(text)));
        at = mark.end;
    }
    pieces.push((paint, Span { start: at, end: span.end }.of(text)));
    pieces
}

/// Writes the line that says where an article comes from: `outlet · date · path:line`.
///
/// The path is never broken; where the line is too short for all three it has one of its own.
fn source_line(pen: &mut Pen<'_>, indent: usize, record: &Record, byte: u32) -> io::Result<()> {
    let date = record.meta.date.map(|date| date.to_string());
    let known: Vec<&str> = [record.meta.outlet.as_deref(), date.as_deref()].into_iter().flatten().collect();
    let known = known.join(" · ");
    let place = place(record, byte);
    pen.pad(indent)?;
    if !known.is_empty() {
        pen.put(Paint::Faint, &known)?;
        if fits(pen, indent, &[&known, " · ", &place]) {
            pen.put(Paint::Faint, " · ")?;
        } else {
            pen.end_line()?;
            pen.pad(indent)?;
        }
    }
    pen.line(Paint::Faint, &place)
}

/// Returns whether the words fit on one line behind the indent.
fn fits(pen: &Pen<'_>, indent: usize, words: &[&str]) -> bool {
    let taken: usize = words.iter().map(|words| unicode_width::UnicodeWidthStr::width(*words)).sum();
    pen.width().is_none_or(|limit| indent + taken <= limit)
}

/// Returns the headline, or the article's id where it has none.
fn title(record: &Record) -> (&str, Span) {
    match record.headline {
        Some(span) => (&record.text, span),
        None => (&record.id, Span::new(0, record.id.len())),
    }
}

/// Returns a number with commas between thousands.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Returns a number and its noun, as many as there are: `1 quote`, `2,000 quotes`.
pub fn counted(number: u64, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", grouped(number))
}

/// Returns how many stories and articles there are: `9 stories, 12 articles`; articles alone where none is a copy.
pub fn stories(articles: u64, copies: u64) -> String {
    match articles - copies {
        _ if copies == 0 => counted(articles, "article"),
        1 => format!("1 story, {}", counted(articles, "article")),
        stories => format!("{} stories, {}", grouped(stories), counted(articles, "article")),
    }
}

/// Returns bytes in the unit a person would use: `512 bytes`, `5.3 MB`.
pub fn sized(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if bytes < 1000 {
        return counted(bytes, "byte");
    }
    let mut size = bytes as f64 / 1000.0;
    let mut unit = 0;
    while size >= 999.95 && unit + 1 < UNITS.len() {
        size /= 1000.0;
        unit += 1;
    }
    format!("{size:.1} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_numbers() {
        assert_eq!(
            ["0", "999", "1,000", "1,234,567"],
            [0, 999, 1000, 1_234_567].map(grouped).each_ref().map(String::as_str)
        );
        assert_eq!(counted(1, "quote"), "1 quote");
        assert_eq!(counted(0, "quote"), "0 quotes");
        assert_eq!(sized(999), "999 bytes");
        assert_eq!(sized(999_990), "1.0 MB");
        assert_eq!(sized(5_300_000), "5.3 MB");
    }

    #[test]
    fn cuts_text_at_marks() {
        let text = "a ceasefire in Gaza";
        let marks = [Span::new(2, 11), Span::new(15, 19)];
        let pieces = marked(text, Span::new(2, 19), &marks, Paint::Plain);
        let words: Vec<&str> = pieces.iter().map(|(_, words)| *words).collect();
        assert_eq!(words, ["", "ceasefire", " in ", "Gaza", ""]);
    }
}
