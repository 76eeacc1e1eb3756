//! Bytes to articles, one file a format.
//!
//! In: the bytes of a file and where they came from. Out: articles, and a [`Problem`] for each record that gives none.
//! Readers touch no disk, clock or terminal. To add one, add its file, its `mod` line and its row in [`READERS`].

mod date;
mod json;
mod lines;
mod text;

use std::io::{self, BufRead};
use std::path::Path;

use crate::article::Article;
use crate::problem::{Problem, Reason};

pub use lines::read as read_lines;

/// The longest article, in bytes.
pub const ARTICLE_LIMIT: usize = 32 << 20;

/// Takes what a reader gives, in the order of the file.
pub type Each<'a> = &'a mut dyn FnMut(Result<Article, Problem>);

/// Where bytes came from.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The file, as walked.
    pub path: &'a str,
    /// The id of an article that brings none: the file name without its extension.
    pub id: &'a str,
    /// How many bytes to expect, as far as that is known.
    pub size: usize,
}

impl Source<'_> {
    fn problem(self, line: Option<u32>, reason: Reason, detail: impl Into<String>) -> Problem {
        Problem { path: self.path.to_owned(), line, reason, detail: detail.into() }
    }
}

/// A format and how it is read.
pub struct Reader {
    /// What the format is called.
    pub name: &'static str,
    /// The extensions of its files, in lower case.
    pub extensions: &'static [&'static str],
    /// One line of help.
    pub help: &'static str,
    /// Reads a file; an error of the system ends it.
    pub read: fn(&mut dyn BufRead, Source<'_>, Each<'_>) -> io::Result<()>,
}

/// Every format that can be read.
#[rustfmt::skip]
pub const READERS: &[Reader] = &[
    Reader { name: "text",       extensions: &["txt", "text"],     help: "headline, a short line, paragraphs",   read: text::read },
    Reader { name: "markdown",   extensions: &["md", "markdown"],  help: "the same, with a # before the headline", read: text::read },
    Reader { name: "json lines", extensions: &["jsonl", "ndjson"], help: "one article a line",                   read: lines::read },
    Reader { name: "json",       extensions: &["json"],            help: "one article, or a list of them",       read: json::read },
];

/// Returns the reader for a file, by the extension of its name.
pub fn reader_for(path: &Path) -> Option<&'static Reader> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    READERS.iter().find(|reader| reader.extensions.contains(&extension.as_str()))
}
