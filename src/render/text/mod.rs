//! Answers as a person reads them: ranked articles, quotes, one article, what an index holds.
//!
//! In: hits and a style. Out: lines as wide as the style says. Colour helps the eye and never says anything alone.
//! Deliberately knows no other output.

pub mod check;
pub mod copies;
pub mod evidence;
pub mod hits;
pub mod identities;
pub mod quotes;
pub mod show;
pub mod stats;

use std::io::{self, Write};

use super::flow::{Indent, Pen, Piece};
use super::paint::Paint;
use super::place::place;
use super::{Style, clean, web_address};
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
    pen.link(file_link(pen, record));
    pen.put(Paint::Faint, &place)?;
    pen.unlink()?;
    pen.end_line()
}

/// Writes a headline, which leads to the article's page where it has one.
fn headline(pen: &mut Pen<'_>, indent: Indent, record: &Record, pieces: &[Piece<'_>]) -> io::Result<()> {
    pen.link(pen.links().and(web_address(record)).map(encoded));
    pen.flow(indent, pieces)?;
    pen.unlink()
}

/// Returns the address of an article's file, where there are links.
fn file_link(pen: &Pen<'_>, record: &Record) -> Option<String> {
    // Articles that came in on stdin have none.
    let folder = pen.links().filter(|_| !record.path.starts_with("-/"))?;
    let gap = if record.path.starts_with('/') { "" } else { "/" };
    let folder = if gap.is_empty() { "" } else { folder };
    Some(format!("file://{}", encoded(&format!("{folder}{gap}{}", record.path))))
}

/// Returns an address in which nothing but plain letters stands: what a terminal is told must not end early.
fn encoded(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for byte in address.bytes() {
        match byte {
            b'!'..=b'~' if !b"\"<>\\^`{|}".contains(&byte) => out.push(char::from(byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Returns whether the words fit on one line behind the indent.
fn fits(pen: &Pen<'_>, indent: usize, words: &[&str]) -> bool {
    let taken: usize = words.iter().map(|words| unicode_width::UnicodeWidthStr::width(*words)).sum();
    pen.width().is_none_or(|limit| indent + taken <= limit)
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

/// Returns how many quotes were written of all there are: `10 of 2,000 quotes`; `2,000 quotes` where it is all.
pub fn quotes_of(rows: u64, total: u64) -> String {
    let of = if rows == total { String::new() } else { format!("{} of ", grouped(rows)) };
    format!("{of}{}", counted(total, "quote"))
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
    fn addresses_hold_plain_letters() {
        assert_eq!(encoded("/a b/naïve\u{1b}.txt"), "/a%20b/na%C3%AFve%1B.txt");
        assert_eq!(encoded("https://x.org/?a=b&c=%20#d"), "https://x.org/?a=b&c=%20#d");
    }

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
}
