//! JSON Lines, version 1: one object a line, its `type` first of all.
//!
//! In: hits, quotes, articles with their layers, counts. Out: lines. The contract is `schema.json` beside this file;
//! fields may be added, none changes its meaning within a version. Offsets `start` and `end` count Unicode code
//! points of the article's text, `bytes` its UTF-8 bytes, both with the end exclusive. Deliberately knows no terminal, yet nothing
//! in a line can command one: control characters are always escaped.

mod evidence;
mod factors;
mod index;
mod rows;
mod skipped;
mod story;
mod summary;

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::Formatter;

use self::index::{CheckRow, QueryRow, StatsRow};
use self::rows::{Article, HitRow, IdentityRow, QuoteRow, Shown};
use self::skipped::SkippedRow;
use self::story::ToldRow;
use self::summary::Summary;
use super::place::Characters;
use super::{BatchQuery, HitRows, NameList, QuoteRows, Sheet, Style};
use crate::hits::{Hits, QuoteHit, Soundness, Stats, Story};
use crate::identity::Row;
use crate::layers::{Evidence, Layers};
use crate::problem::Problem;
use crate::schema::Record;

/// The written contract: a JSON Schema of every line.
pub const SCHEMA: &str = include_str!("schema.json");

/// Starts a list of ranked articles, one a line, and a summary.
pub fn hits<'w>(_: Sheet<'_>, out: &'w mut dyn Write) -> io::Result<Box<dyn HitRows + 'w>> {
    Ok(Box::new(Articles { out, rows: 0, counts: Hits::default() }))
}

struct Articles<'w> {
    out: &'w mut dyn Write,
    rows: u64,
    /// The answer without its articles.
    counts: Hits,
}

impl HitRows for Articles<'_> {
    fn begin(&mut self, query: &BatchQuery<'_>) -> io::Result<()> {
        self.rows = 0;
        line(&QueryRow::new(query), self.out)
    }

    fn part(&mut self, hits: &Hits) -> io::Result<()> {
        self.rows += hits.hits.len() as u64;
        self.counts = Hits { hits: Vec::new(), ..*hits };
        hits.hits.iter().try_for_each(|hit| line(&HitRow::new(hit, &Characters::of(&hit.record.text)), self.out))
    }

    fn end(&mut self) -> io::Result<()> {
        line(&Summary::of_articles(&self.counts, self.rows), self.out)
    }
}

/// Starts a list of quotes, one a line, and a summary.
pub fn quotes<'w>(_: Sheet<'_>, out: &'w mut dyn Write) -> io::Result<Box<dyn QuoteRows + 'w>> {
    Ok(Box::new(Quotes { out, rows: 0 }))
}

struct Quotes<'w> {
    out: &'w mut dyn Write,
    rows: u64,
}

impl QuoteRows for Quotes<'_> {
    fn row(&mut self, hit: &QuoteHit) -> io::Result<()> {
        self.rows += 1;
        line(&QuoteRow::new(hit, &Characters::of(&hit.record.text)), self.out)
    }

    fn end(&mut self, total: u64) -> io::Result<()> {
        line(&Summary::of_rows(total, self.rows), self.out)
    }
}

/// Writes one article with what was found in it: the line of `extract`; with the evidence of each quote, if there is any.
pub fn article(
    article: &crate::article::Article,
    layers: &Layers,
    evidence: &[Evidence],
    out: &mut dyn Write,
) -> io::Result<()> {
    line(&Article::new(article, layers, evidence, &Characters::of(&article.text)), out)
}

/// Writes one article of an index with its text and quotes.
pub fn shown(record: &Record, out: &mut dyn Write) -> io::Result<()> {
    line(&Shown::new(record, &Characters::of(&record.text)), out)
}

/// Writes the articles of a story, with what each changed if that is wanted, and a summary.
pub fn story(story: &Story, with_changes: bool, out: &mut dyn Write) -> io::Result<()> {
    for number in 0..story.articles.len() {
        line(&ToldRow::new(story, number, with_changes), out)?;
    }
    line(&Summary::of_copies(story.articles.len() as u64), out)
}

/// Writes what an index holds.
pub fn stats(stats: &Stats, out: &mut dyn Write) -> io::Result<()> {
    line(&StatsRow::new(stats), out)
}

/// Writes whether an index is sound.
pub fn check(check: &Soundness, out: &mut dyn Write) -> io::Result<()> {
    line(&CheckRow::new(check), out)
}

/// Writes those who speak or are named, one a line, and a summary.
///
/// # Errors
/// When the writer fails.
pub fn names(rows: &[Row], list: &NameList, out: &mut dyn Write) -> io::Result<()> {
    rows.iter().try_for_each(|row| line(&IdentityRow::new(row, list.row), out))?;
    line(&Summary::of_rows(list.total as u64, rows.len() as u64), out)
}

/// Writes what was left out of an index, and why.
///
/// # Errors
/// When the writer fails.
pub fn skipped(problems: &[Problem], _: Style, out: &mut dyn Write) -> io::Result<()> {
    problems.iter().try_for_each(|problem| line(&SkippedRow::new(problem), out))
}

/// Writes one object and a line end.
fn line(row: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    row.serialize(&mut serde_json::Serializer::with_formatter(&mut *out, Harmless))?;
    out.write_all(b"\n")
}

/// Compact JSON that escapes DEL and the C1 controls too, which some terminals obey.
struct Harmless;

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        let is_control = |letter: char| matches!(letter, '\u{7F}'..='\u{9F}');
        if !fragment.bytes().any(|byte| byte == 0x7F || byte == 0xC2) {
            return out.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some(at) = rest.find(is_control) {
            out.write_all(&rest.as_bytes()[..at])?;
            let control = rest[at..].chars().next().unwrap_or('\u{7F}');
            write!(out, "\\u{:04x}", u32::from(control))?;
            rest = &rest[at + control.len_utf8()..];
        }
        out.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests;
