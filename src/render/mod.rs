//! Turns hits into bytes: one file an output.
//!
//! In: articles, quotes and counts, and a [`Style`]. Out: bytes to a writer, row by row; nothing here collects an
//! answer. Deliberately knows no engine, no query and no terminal: what the terminal is like stands in the style.
//! To add an output, add a file and its row in [`OUTPUTS`].

pub mod columns;
pub mod csv;
mod flow;
pub mod html;
pub mod json;
pub mod markdown;
mod paint;
pub mod paths;
mod place;
pub mod rss;
pub mod template;
pub mod text;
pub mod toml;
pub mod trec;
mod words;

use std::io::{self, Write};

use crate::hits::{Hits, QuoteHit};
use crate::identity::Row;
use crate::problem::Problem;
use crate::schema::Record;

pub use self::paint::clean;

/// What the reader's side is like, settled before anything is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Whether colours may be used.
    pub colour: bool,
    /// Columns to wrap text to; nothing leaves lines as long as they are.
    pub width: Option<usize>,
    /// Whether a terminal reads the bytes, so that no text of an article may reach it as a command.
    pub terminal: bool,
    /// Whether text links places to files and headlines to pages, and from which folder files are seen.
    pub links: Option<&'static str>,
    /// Whether text shows the score of each hit.
    pub scores: bool,
}

/// What an output is opened with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sheet<'s> {
    /// What the reader's side is like.
    pub style: Style,
    /// What was asked, in words, for outputs that have a heading of their own.
    pub title: &'s str,
    /// Whether several queries are answered, so that each answer must say whose it is.
    pub batch: bool,
}

impl From<Style> for Sheet<'_> {
    fn from(style: Style) -> Self {
        Sheet { style, ..Sheet::default() }
    }
}

/// A way to write an answer.
pub struct Output {
    /// What a user types after `--format`.
    pub name: &'static str,
    /// What it is, in a few words.
    pub help: &'static str,
    /// Whether it is made to be carried away whole: all that answers, and nothing that only comes near.
    pub is_export: bool,
    /// Starts a list of ranked articles.
    pub hits: OpenHits,
    /// Starts a list of quotes, where the output can hold one.
    pub quotes: Option<OpenQuotes>,
    /// Writes a list of those who speak or are named, where the output can hold one.
    pub names: Option<WriteNames>,
    /// Writes a list of what was left out of an index, where the output can hold one.
    pub skipped: Option<WriteSkipped>,
}

/// Starts a list of ranked articles on a writer.
pub type OpenHits = for<'w> fn(Sheet<'_>, &'w mut dyn Write) -> io::Result<Box<dyn HitRows + 'w>>;

/// Starts a list of quotes on a writer.
pub type OpenQuotes = for<'w> fn(Sheet<'_>, &'w mut dyn Write) -> io::Result<Box<dyn QuoteRows + 'w>>;

/// Writes those who speak or are named to a writer.
pub type WriteNames = fn(&[Row], &NameList, &mut dyn Write) -> io::Result<()>;

/// Writes what was left out of an index to a writer.
pub type WriteSkipped = fn(&[Problem], Style, &mut dyn Write) -> io::Result<()>;

/// What a list of those who speak or are named is.
#[derive(Clone, Copy, Debug)]
pub struct NameList {
    /// How many answer, shown or not.
    pub total: usize,
    /// The type of a line of JSON.
    pub row: &'static str,
    /// What the last line of the text calls one of them.
    pub noun: &'static str,
    /// Whether they speak, or are named.
    pub said: bool,
    /// What the reader's side is like.
    pub style: Style,
}

impl NameList {
    /// A list that nobody is in.
    pub const EMPTY: NameList = NameList {
        total: 0,
        row: "",
        noun: "",
        said: false,
        style: Style { colour: false, width: None, terminal: false, links: None, scores: false },
    };
}

/// Every output that `--format` can name, the default first.
#[rustfmt::skip]
pub const OUTPUTS: &[Output] = &[
    Output { name: "text",  help: "for people",                                     is_export: false, hits: text::hits::open, quotes: Some(text::quotes::open), names: Some(text::identities::write), skipped: Some(text::skipped) },
    Output { name: "json",  help: "one object a line, as `onrecord schema` has it", is_export: false, hits: json::hits, quotes: Some(json::quotes), names: Some(json::names), skipped: Some(json::skipped) },
    Output { name: "jsonl", help: "the same as json",                               is_export: false, hits: json::hits, quotes: Some(json::quotes), names: Some(json::names), skipped: Some(json::skipped) },
    Output { name: "csv",   help: "a table, for spreadsheets",                      is_export: true,  hits: csv::hits, quotes: Some(csv::quotes), names: Some(csv::names), skipped: Some(csv::skipped) },
    Output { name: "tsv",   help: "a table with tabs between values, never inside", is_export: true,  hits: csv::hits_by_tab, quotes: Some(csv::quotes_by_tab), names: Some(csv::names_by_tab), skipped: Some(csv::skipped_by_tab) },
    Output { name: "md",    help: "Markdown, to paste",                             is_export: false, hits: markdown::hits, quotes: Some(markdown::quotes), names: None, skipped: None },
    Output { name: "html",  help: "one page, whole in itself",                      is_export: false, hits: html::hits, quotes: Some(html::quotes), names: None, skipped: None },
    Output { name: "rss",   help: "a feed, for readers of news",                    is_export: false, hits: rss::hits, quotes: Some(rss::quotes), names: None, skipped: None },
    Output { name: "trec",  help: "a run, for scorers of ranking",                  is_export: false, hits: trec::hits, quotes: None, names: None, skipped: None },
];

/// Writes ranked articles part by part: a long answer comes in several, so that none of it waits in memory.
pub trait HitRows {
    /// Begins the answer of one query of a batch. A lone query has none.
    fn begin(&mut self, _: &BatchQuery<'_>) -> io::Result<()> {
        Ok(())
    }

    /// Writes the next articles of the answer.
    fn part(&mut self, hits: &Hits) -> io::Result<()>;

    /// Writes what comes after the last one of a query.
    fn end(&mut self) -> io::Result<()>;

    /// Writes what comes after the last query.
    fn close(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One query of a batch.
#[derive(Clone, Copy, Debug)]
pub struct BatchQuery<'q> {
    /// What the batch calls it.
    pub id: &'q str,
    /// The query as typed.
    pub words: &'q str,
}

/// Writes quotes one by one, in constant memory.
pub trait QuoteRows {
    /// Writes one quote.
    fn row(&mut self, hit: &QuoteHit) -> io::Result<()>;

    /// Writes what comes after the last one; `total` is how many there are, written or not.
    fn end(&mut self, total: u64) -> io::Result<()>;
}

/// Returns the article's address, where it is one of the web: what else calls itself an address may be a command.
fn web_address(record: &Record) -> Option<&str> {
    let url = record.meta.url.as_deref()?;
    let is_web = ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme));
    (is_web && !url.contains(|letter: char| letter.is_whitespace() || letter.is_control())).then_some(url)
}

#[cfg(test)]
mod tests;
