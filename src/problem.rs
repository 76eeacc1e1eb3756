//! What went wrong with one file or one record: reported with place and reason, counted, and the work goes on.
//!
//! In: nothing. Out: plain data. An `Error` that ends a job is not here: each room has its own.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a file or record was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Reason {
    /// Bytes that are no UTF-8 text.
    InvalidUtf8,
    /// Holds NUL bytes: no text at all.
    Binary,
    /// Nothing but white space.
    Empty,
    /// Over the size limit.
    TooLarge,
    /// A record that cannot be parsed.
    Malformed,
    /// A record without any text.
    NoText,
    /// The system refused to open or read it.
    Unreadable,
    /// A symbolic link that leads back to a folder above it.
    Loop,
    /// A symbolic link, which is followed only when asked.
    Link,
    /// No reader for this kind of file.
    UnknownFormat,
    /// It was there when the folder was listed and gone when it was opened, or changed meanwhile.
    Changed,
    /// A rule of the user says not to look at it.
    Ignored,
    /// Its name stands for something that is never an article.
    NoArticle,
    /// An annotator failed; the article is there without its quotes and names.
    NotAnnotated,
    /// A page of a crawl that holds no article, as most fronts and indexes do.
    BarePage,
}

impl Reason {
    /// Returns the words for the summary ("3 files skipped: 2 empty, 1 binary").
    pub fn name(self) -> &'static str {
        match self {
            Reason::InvalidUtf8 => "invalid UTF-8",
            Reason::Binary => "binary",
            Reason::Empty => "empty",
            Reason::TooLarge => "too large",
            Reason::Malformed => "malformed",
            Reason::NoText => "no text",
            Reason::Unreadable => "unreadable",
            Reason::Loop => "symlink loop",
            Reason::Link => "symbolic link",
            Reason::UnknownFormat => "unknown format",
            Reason::Changed => "changed while read",
            Reason::Ignored => "ignored",
            Reason::NoArticle => "no article",
            Reason::NotAnnotated => "not annotated",
            Reason::BarePage => "page without an article",
        }
    }

    /// Returns whether something that may have been wanted is missing: what was left out on purpose is no trouble.
    pub fn is_trouble(self) -> bool {
        !matches!(self, Reason::Ignored | Reason::NoArticle | Reason::BarePage)
    }
}

/// One file or record that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The file, as walked.
    pub path: String,
    /// The line in it, from 1, where the trouble has one.
    pub line: Option<u32>,
    /// The class of trouble, for counting.
    pub reason: Reason,
    /// One clause for the reader: lower case, no full stop, the value in backticks.
    pub detail: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.path)?;
        if let Some(line) = self.line {
            write!(out, ":{line}")?;
        }
        write!(out, ": {}", self.detail)
    }
}
