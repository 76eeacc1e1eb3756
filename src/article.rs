//! The article: a text that never changes after it was read, and what its source said about it.
//!
//! In: nothing. Out: plain data. Deliberately knows no format, no annotation and no index.
//! Everything found in an article is a [`Span`] of its text.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A stretch of an article's text: byte offsets on character boundaries, end exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// Returns the span from `start` to `end`, in bytes.
    ///
    /// # Panics
    /// When an offset does not fit 32 bits; readers refuse articles of that size.
    pub fn new(start: usize, end: usize) -> Span {
        debug_assert!(start <= end, "a span ends before it starts: {start}..{end}");
        let narrow = |offset: usize| u32::try_from(offset).expect("readers refuse articles over 4 GiB");
        Span { start: narrow(start), end: narrow(end) }
    }

    /// Returns the offsets as a range for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Returns the words of `text` that the span covers.
    pub fn of(self, text: &str) -> &str {
        &text[self.range()]
    }

    /// Returns the length in bytes.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    /// Returns whether the span covers nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// Returns whether `other` lies wholly inside this span.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Returns whether the two spans share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// A calendar date as precise as its source gave it: a year, a month or a day.
///
/// Orders by time; a month sorts before its days, a year before its months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Date {
    /// Year of the common era, 1 to 9999.
    pub year: u16,
    /// Month, 1 to 12; 0 where the source gave none.
    pub month: u8,
    /// Day of the month, 1 to 31; 0 where the source gave none.
    pub day: u8,
}

impl Date {
    /// Returns the date as one sortable number, `yyyymmdd`, zeros where it is not precise.
    pub fn number(self) -> u32 {
        u32::from(self.year) * 10_000 + u32::from(self.month) * 100 + u32::from(self.day)
    }

    /// Returns the date that [`Date::number`] made.
    pub fn from_number(number: u32) -> Date {
        Date { year: (number / 10_000) as u16, month: (number / 100 % 100) as u8, day: (number % 100) as u8 }
    }

    /// Returns the first and the last day number (`yyyymmdd`) that the date can mean, both inclusive.
    pub fn interval(self) -> (u32, u32) {
        let year = u32::from(self.year) * 10_000;
        match (self.month, self.day) {
            (0, _) => (year + 101, year + 1231),
            (month, 0) => (year + u32::from(month) * 100 + 1, year + u32::from(month) * 100 + 31),
            _ => (self.number(), self.number()),
        }
    }
}

impl Date {
    /// Returns the number of the last day that the date can mean, counted from a day long ago.
    pub fn day_count(self) -> i64 {
        let month = if self.month == 0 { 12 } else { i64::from(self.month) };
        let day = if self.day == 0 { 31 } else { i64::from(self.day) };
        // Years begin in March here: the day that leap years add is then their last.
        let year = i64::from(self.year) - i64::from(month < 3);
        let month = (month + 9) % 12;
        year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day
    }
}

impl fmt::Display for Date {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}", self.year)?;
        if self.month > 0 {
            write!(out, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(out, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

/// One news article: its text, where its parts stand, and what the source said about it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Article {
    /// The source's own id, or the file name without its extension; not always unique.
    pub id: String,
    /// Where it came from, as walked; bytes that are not UTF-8 are written as `\xNN`.
    pub path: String,
    /// The record's number inside a file that holds several, from 1.
    pub record: Option<u32>,
    /// The line of the file on which the text starts, from 1.
    pub line: u32,
    /// The whole text: for plain text the file, to the letter; for records the parts joined by blank lines.
    pub text: String,
    /// The headline.
    pub headline: Option<Span>,
    /// The line under the headline.
    pub dek: Option<Span>,
    /// The paragraphs after headline and dek, as one stretch.
    pub body: Span,
    /// What the source said about the article.
    pub meta: Meta,
}

/// What a source says about an article, each part only where it was given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// Who wrote it.
    pub byline: Option<String>,
    /// The place and day line that opens the body ("WASHINGTON, Sept 19").
    pub dateline: Option<String>,
    /// The newspaper, agency or site.
    pub outlet: Option<String>,
    /// The news agency that the article credits with its text.
    pub agency: Option<String>,
    /// The desk or page.
    pub section: Option<String>,
    /// The address on the web.
    pub url: Option<String>,
    /// The language, as an ISO 639-1 code.
    pub lang: Option<String>,
    /// The day of publication.
    pub date: Option<Date>,
    /// The date as the source printed it.
    pub date_raw: Option<String>,
}

impl Article {
    /// Returns the words of the headline, or nothing.
    pub fn headline_text(&self) -> &str {
        self.headline.map_or("", |span| span.of(&self.text))
    }
}
