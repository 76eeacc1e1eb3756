//! Tables for a spreadsheet: CSV as RFC 4180 has it, and TSV without any quoting, both in UTF-8 with a heading row.
//!
//! In: hits and quotes. Out: one line a row; white space inside a value runs together, so that a row never spans
//! lines and a value never holds a tab. Only articles with all the words are written: an export means all of them.
//! Deliberately knows no terminal but that its text must not command one.

use std::io::{self, Write};

use csv::{QuoteStyle, Writer, WriterBuilder};

use super::columns::{Picked, Row, pick};
use super::template::plain;
use super::{BatchQuery, HitRows, NameList, QuoteRows, Sheet, Style};
use crate::hits::{Hit, Hits, QuoteHit};
use crate::identity::Row as Identity;
use crate::problem::Problem;

/// The columns of ranked articles.
const HIT_COLUMNS: &[&str] = &["rank", "score", "date", "outlet", "headline", "path", "line", "id", "url", "excerpt"];

/// The columns of quotes.
const QUOTE_COLUMNS: &[&str] = &[
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

/// Writes those who speak or are named, one a row.
///
/// # Errors
/// When the writer fails.
pub fn names(rows: &[Identity], list: &NameList, out: &mut dyn Write) -> io::Result<()> {
    whole(rows, commas(), list.style, out)
}

/// Writes the same with tabs between the values.
///
/// # Errors
/// When the writer fails.
pub fn names_by_tab(rows: &[Identity], list: &NameList, out: &mut dyn Write) -> io::Result<()> {
    whole(rows, tabs(), list.style, out)
}

/// Starts a list of ranked articles, one a row.
pub fn hits<'w>(sheet: Sheet<'_>, out: &'w mut dyn Write) -> io::Result<Box<dyn HitRows + 'w>> {
    Ok(Box::new(Table::<Hit>::new(HIT_COLUMNS, commas(), sheet, out)?))
}

/// Starts a list of quotes, one a row.
pub fn quotes<'w>(sheet: Sheet<'_>, out: &'w mut dyn Write) -> io::Result<Box<dyn QuoteRows + 'w>> {
    Ok(Box::new(Table::<QuoteHit>::new(QUOTE_COLUMNS, commas(), sheet, out)?))
}

/// Starts a list of ranked articles, one a row, with tabs between the values.
pub fn hits_by_tab<'w>(sheet: Sheet<'_>, out: &'w mut dyn Write) -> io::Result<Box<dyn HitRows + 'w>> {
    Ok(Box::new(Table::<Hit>::new(HIT_COLUMNS, tabs(), sheet, out)?))
}

/// Starts a list of quotes, one a row, with tabs between the values.
pub fn quotes_by_tab<'w>(sheet: Sheet<'_>, out: &'w mut dyn Write) -> io::Result<Box<dyn QuoteRows + 'w>> {
    Ok(Box::new(Table::<QuoteHit>::new(QUOTE_COLUMNS, tabs(), sheet, out)?))
}

/// Writes what was left out of an index, one file or record a row.
///
/// # Errors
/// When the writer fails.
pub fn skipped(problems: &[Problem], style: Style, out: &mut dyn Write) -> io::Result<()> {
    whole(problems, commas(), style, out)
}

/// Writes the same with tabs between the values.
///
/// # Errors
/// When the writer fails.
pub fn skipped_by_tab(problems: &[Problem], style: Style, out: &mut dyn Write) -> io::Result<()> {
    whole(problems, tabs(), style, out)
}

/// Writes a table of every value that such rows have of their own.
fn whole<R: Row>(rows: &[R], builder: WriterBuilder, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let names: Vec<&str> = R::COLUMNS.iter().map(|column| column.name).collect();
    let mut table = Table::<R>::new(&names, builder, style.into(), out)?;
    rows.iter().try_for_each(|row| table.write(row))?;
    table.writer.flush()
}

fn commas() -> WriterBuilder {
    WriterBuilder::new()
}

fn tabs() -> WriterBuilder {
    let mut builder = WriterBuilder::new();
    builder.delimiter(b'\t').quote_style(QuoteStyle::Never);
    builder
}

/// Returns the error of the system inside, so that a broken pipe is known as one.
fn plain_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

struct Table<'w, R: 'static> {
    writer: Writer<&'w mut dyn Write>,
    columns: Vec<Picked<R>>,
    /// What a batch calls the query, which is the first column there.
    query: Option<String>,
    style: Style,
}

impl<'w, R: Row> Table<'w, R> {
    /// Returns a table with its heading row.
    fn new(
        names: &[&str],
        builder: WriterBuilder,
        sheet: Sheet<'_>,
        out: &'w mut dyn Write,
    ) -> io::Result<Table<'w, R>> {
        let mut writer = builder.from_writer(out);
        let query = sheet.batch.then_some("query");
        writer.write_record(query.iter().chain(names)).map_err(plain_error)?;
        let columns = names.iter().map(|name| pick(name)).collect::<Result<_, _>>().map_err(io::Error::other)?;
        Ok(Table { writer, columns, query: query.map(str::to_owned), style: sheet.style })
    }

    fn write(&mut self, row: &R) -> io::Result<()> {
        if let Some(query) = &self.query {
            self.writer.write_field(plain(query.as_str().into(), self.style).as_bytes()).map_err(plain_error)?;
        }
        for column in &self.columns {
            self.writer.write_field(plain(column.value(row), self.style).as_bytes()).map_err(plain_error)?;
        }
        self.writer.write_record(None::<&[u8]>).map_err(plain_error)
    }
}

impl HitRows for Table<'_, Hit> {
    fn begin(&mut self, query: &BatchQuery<'_>) -> io::Result<()> {
        self.query = Some(query.id.to_owned());
        Ok(())
    }

    fn part(&mut self, hits: &Hits) -> io::Result<()> {
        hits.hits.iter().filter(|hit| hit.complete).try_for_each(|hit| self.write(hit))
    }

    fn end(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl QuoteRows for Table<'_, QuoteHit> {
    fn row(&mut self, hit: &QuoteHit) -> io::Result<()> {
        self.write(hit)
    }

    fn end(&mut self, _: u64) -> io::Result<()> {
        self.writer.flush()
    }
}
