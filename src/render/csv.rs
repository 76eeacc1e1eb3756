//! Tables for a spreadsheet: CSV as RFC 4180 has it, in UTF-8, with a heading row.
//!
//! In: hits and quotes. Out: one line a row; white space inside a value runs together, so that a row never spans
//! lines. Only articles with all the words are written: an export means all of them. Deliberately knows no terminal but
//! that its text must not command one.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::Writer;

use super::place::{line_of, one_line, quoted_words};
use super::{HitRows, QuoteRows, Style, clean};
use crate::hits::{Hit, Hits, QuoteHit};
use crate::identity::{Row, Together};
use crate::problem::Problem;

/// The columns of ranked articles.
const HIT_COLUMNS: [&str; 10] = ["rank", "score", "date", "outlet", "headline", "path", "line", "id", "url", "excerpt"];

/// The columns of quotes.
const QUOTE_COLUMNS: [&str; 14] = [
    "date",
    "outlet",
    "speaker",
    "printed",
    "description",
    "roles",
    "kind",
    "quote",
    "headline",
    "path",
    "line",
    "id",
    "url",
    "rule",
];

/// The columns of identities.
const IDENTITY_COLUMNS: [&str; 15] = [
    "name", "type", "quotes", "direct", "mixed", "indirect", "articles", "first", "last", "roles", "variants",
    "wikidata", "both", "score", "with",
];

/// Writes identities, one a row.
///
/// # Errors
/// When the writer fails.
pub fn identities(rows: &[Row], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new(IDENTITY_COLUMNS, style, out)?;
    rows.iter().try_for_each(|row| table.write(identity_row(row)))?;
    table.writer.flush()
}

fn identity_row(row: &Row) -> [Cow<'_, str>; IDENTITY_COLUMNS.len()] {
    let count = &row.count;
    let [direct, mixed, indirect] = count.quotes;
    let (first, last) = match count.dates {
        Some((first, last)) => (first.to_string(), last.to_string()),
        None => Default::default(),
    };
    let roles: Vec<&str> = row.roles.iter().map(|role| role.name()).collect();
    let variants: Vec<&str> = row.variants.iter().map(|(name, ..)| name.as_str()).collect();
    let together = |value: &dyn Fn(Together) -> String| row.together.map(value).unwrap_or_default().into();
    [
        row.name.as_str().into(),
        row.kind.map_or("", |kind| kind.name()).into(),
        count.said().to_string().into(),
        direct.to_string().into(),
        mixed.to_string().into(),
        indirect.to_string().into(),
        count.articles.to_string().into(),
        first.into(),
        last.into(),
        roles.join(" ").into(),
        variants.join("; ").into(),
        given(&row.wikidata),
        together(&|together| together.both.to_string()),
        together(&|together| format!("{:.2}", together.score())),
        together(&|together| together.other.to_string()),
    ]
}

/// Starts a list of ranked articles, one a row.
pub fn hits<'w>(style: Style, out: &'w mut dyn Write) -> io::Result<Box<dyn HitRows + 'w>> {
    Ok(Box::new(Table::new(HIT_COLUMNS, style, out)?))
}

impl HitRows for Table<'_> {
    fn part(&mut self, hits: &Hits) -> io::Result<()> {
        hits.hits.iter().filter(|hit| hit.complete).try_for_each(|hit| self.write(hit_row(hit)))
    }

    fn end(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

fn hit_row(hit: &Hit) -> [Cow<'_, str>; HIT_COLUMNS.len()] {
    let record = &hit.record;
    let excerpts: Vec<&str> = hit.excerpts.iter().map(|excerpt| excerpt.span.of(&record.text)).collect();
    let byte = hit.excerpts.first().map_or(0, |excerpt| excerpt.span.start);
    [
        hit.rank.to_string().into(),
        hit.score.to_string().into(),
        record.meta.date.map(|date| date.to_string()).unwrap_or_default().into(),
        given(&record.meta.outlet),
        record.headline.map_or("", |span| span.of(&record.text)).into(),
        record.path.as_str().into(),
        line_of(record, byte).to_string().into(),
        record.id.as_str().into(),
        given(&record.meta.url),
        excerpts.join(" … ").into(),
    ]
}

/// Starts a list of quotes, one a row.
pub fn quotes<'w>(style: Style, out: &'w mut dyn Write) -> io::Result<Box<dyn QuoteRows + 'w>> {
    Ok(Box::new(Table::new(QUOTE_COLUMNS, style, out)?))
}

impl QuoteRows for Table<'_> {
    fn row(&mut self, hit: &QuoteHit) -> io::Result<()> {
        self.write(quote_row(hit))
    }

    fn end(&mut self, _: u64) -> io::Result<()> {
        self.writer.flush()
    }
}

fn quote_row(hit: &QuoteHit) -> [Cow<'_, str>; QUOTE_COLUMNS.len()] {
    let (record, quote) = (&*hit.record, hit.quote());
    let speaker = quote.speaker.as_ref();
    let roles: Vec<&str> = speaker.iter().flat_map(|speaker| speaker.roles.iter()).map(|role| role.name()).collect();
    [
        record.meta.date.map(|date| date.to_string()).unwrap_or_default().into(),
        given(&record.meta.outlet),
        speaker.map_or("", |speaker| &speaker.name).into(),
        speaker.map_or("", |speaker| speaker.span.of(&record.text)).into(),
        speaker.and_then(|speaker| speaker.description.as_deref()).unwrap_or_default().into(),
        roles.join(" ").into(),
        quote.kind.name().into(),
        quoted_words(quote, &record.text).into(),
        record.headline.map_or("", |span| span.of(&record.text)).into(),
        record.path.as_str().into(),
        line_of(record, quote.span().start).to_string().into(),
        record.id.as_str().into(),
        given(&record.meta.url),
        quote.rule.as_ref().into(),
    ]
}

/// Writes what was left out of an index, one file or record a row.
pub fn skipped(problems: &[Problem], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new(["path", "line", "reason", "detail"], style, out)?;
    for Problem { path, line, reason, detail } in problems {
        let line = line.map(|line| line.to_string()).unwrap_or_default();
        table.write([path.into(), line.into(), reason.name().into(), detail.into()])?;
    }
    table.writer.flush()
}

fn given(value: &Option<String>) -> Cow<'_, str> {
    value.as_deref().unwrap_or_default().into()
}

/// Returns the error of the system inside, so that a broken pipe is known as one.
fn plain_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

struct Table<'w> {
    writer: Writer<&'w mut dyn Write>,
    style: Style,
}

impl<'w> Table<'w> {
    /// Returns a table with its heading row.
    fn new<const N: usize>(columns: [&str; N], style: Style, out: &'w mut dyn Write) -> io::Result<Table<'w>> {
        let mut table = Table { writer: Writer::from_writer(out), style };
        table.write(columns.map(Cow::Borrowed))?;
        Ok(table)
    }

    fn write<const N: usize>(&mut self, values: [Cow<'_, str>; N]) -> io::Result<()> {
        for value in &values {
            self.writer.write_field(self.plain(value).as_bytes()).map_err(plain_error)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(plain_error)
    }

    /// Returns the value on one line and, for a terminal, without anything it would obey.
    fn plain<'v>(&self, value: &'v str) -> Cow<'v, str> {
        let is_plain = !value.contains(|letter: char| letter.is_control());
        match (is_plain, self.style.terminal) {
            (true, false) => Cow::Borrowed(value),
            (true, true) => clean(value),
            (false, false) => Cow::Owned(one_line(value)),
            (false, true) => Cow::Owned(clean(&one_line(value)).into_owned()),
        }
    }
}
