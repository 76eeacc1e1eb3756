//! Turns hits into bytes: one file an output.
//!
//! In: articles, quotes and counts, and a [`Style`]. Out: bytes to a writer, row by row; nothing here collects an
//! answer. Deliberately knows no engine, no query and no terminal: what the terminal is like stands in the style.
//! To add an output, add a file and its row in [`OUTPUTS`].

pub mod csv;
mod flow;
pub mod json;
mod paint;
pub mod paths;
mod place;
pub mod text;
pub mod trec;

use std::io::{self, Write};

use crate::hits::{Hits, QuoteHit};

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
    /// Whether text shows the score of each hit.
    pub scores: bool,
}

/// A way to write an answer.
pub struct Output {
    /// What a user types after `--format`.
    pub name: &'static str,
    /// Starts a list of ranked articles.
    pub hits: OpenHits,
    /// Starts a list of quotes, where the output can hold one.
    pub quotes: Option<OpenQuotes>,
}

/// Starts a list of ranked articles on a writer.
pub type OpenHits = for<'w> fn(Style, &'w mut dyn Write) -> io::Result<Box<dyn HitRows + 'w>>;

/// Starts a list of quotes on a writer.
pub type OpenQuotes = for<'w> fn(Style, &'w mut dyn Write) -> io::Result<Box<dyn QuoteRows + 'w>>;

/// Every output that `--format` can name, the default first.
pub const OUTPUTS: &[Output] = &[
    Output { name: "text", hits: text::hits::open, quotes: Some(text::quotes::open) },
    Output { name: "json", hits: json::hits, quotes: Some(json::quotes) },
    Output { name: "csv", hits: csv::hits, quotes: Some(csv::quotes) },
    Output { name: "trec", hits: trec::hits, quotes: None },
];

/// Writes ranked articles part by part: a long answer comes in several, so that none of it waits in memory.
pub trait HitRows {
    /// Writes the next articles of the answer.
    fn part(&mut self, hits: &Hits) -> io::Result<()>;

    /// Writes what comes after the last one.
    fn end(&mut self) -> io::Result<()>;
}

/// Writes quotes one by one, in constant memory.
pub trait QuoteRows {
    /// Writes one quote.
    fn row(&mut self, hit: &QuoteHit) -> io::Result<()>;

    /// Writes what comes after the last one; `total` is how many there are, written or not.
    fn end(&mut self, total: u64) -> io::Result<()>;
}

#[cfg(test)]
mod tests;
