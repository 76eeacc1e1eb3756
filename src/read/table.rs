//! CSV and TSV: an article a row. The csv crate parses; a row with the wrong number of fields is told and passed over.

use std::cell::Cell;
use std::fmt;
use std::io::{self, Read};
use std::rc::Rc;

use csv::{ByteRecord, ErrorKind, ReaderBuilder};

use super::draft::{Draft, too_large};
use super::map::Part;
use super::{ARTICLE_LIMIT, Each, Head, Input, Source, charset, date, markup, text};
use crate::article::Meta;
use crate::problem::Reason;

/// What the columns are when none has a name that is known.
const BY_PLACE: &[Part] = &[Part::Headline, Part::Body];

/// Returns nothing: a table has no mark of its own, its name tells it.
pub fn sniff(_: &Head<'_>) -> bool {
    false
}

/// Reads a table.
pub fn read(input: &mut dyn Input, source: Source<'_>, each: Each<'_>) -> io::Result<()> {
    let delimiter = delimiter(input.fill_buf()?);
    let taken = Rc::new(Cell::new(0));
    let bounded = Bounded { input, taken: Rc::clone(&taken) };
    let mut reader = ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(bounded);
    let mut row = ByteRecord::new();
    let mut columns: Option<Vec<Option<Part>>> = None;
    let (mut number, mut width) = (0, 0);
    loop {
        taken.set(0);
        let start = reader.position().line() as u32;
        match reader.read_byte_record(&mut row) {
            Ok(false) => break,
            Ok(true) => {}
            Err(error) => match error.kind() {
                ErrorKind::UnequalLengths { pos, len, expected_len } => {
                    let line = pos.as_ref().map(|at| at.line() as u32);
                    let detail = format!("has {len} fields, and the first line {expected_len}");
                    number += 1;
                    each(Err(source.problem(line, Reason::Malformed, detail)));
                    continue;
                }
                _ => {
                    let csv::ErrorKind::Io(error) = error.into_kind() else { break };
                    if error.get_ref().is_some_and(|inner| inner.is::<LongRow>()) {
                        each(Err(source.problem(Some(start), Reason::TooLarge, LongRow.to_string())));
                        return Ok(());
                    }
                    return Err(error);
                }
            },
        }
        let line = row.position().map_or(1, |at| at.line() as u32);
        let fields: Vec<String> = row.iter().map(decoded).collect();
        let Some(parts) = &columns else {
            let (parts, is_header) = columns_of(&fields, source);
            width = fields.len();
            columns = Some(parts);
            if !is_header {
                number += 1;
                give(columns.as_deref().unwrap_or_default(), fields, number, line, source, each);
            }
            continue;
        };
        number += 1;
        give(parts, fields, number, line, source, each);
    }
    if width == 0 {
        each(Err(source.problem(None, Reason::Empty, "is empty")));
    }
    Ok(())
}

/// Says that a row is longer than an article may be, as one is whose last field is never closed.
#[derive(Debug)]
struct LongRow;

impl fmt::Display for LongRow {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "is a row of over {} MB, the limit for one article; the rest was not read", ARTICLE_LIMIT >> 20)
    }
}

impl std::error::Error for LongRow {}

/// Bytes that end with an error where one row takes too many.
struct Bounded<'a> {
    input: &'a mut dyn Input,
    /// How many were taken for this row.
    taken: Rc<Cell<usize>>,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.taken.get() > ARTICLE_LIMIT {
            return Err(io::Error::new(io::ErrorKind::InvalidData, LongRow));
        }
        let count = self.input.read(buffer)?;
        self.taken.set(self.taken.get() + count);
        Ok(count)
    }
}

fn decoded(field: &[u8]) -> String {
    let field = field.strip_prefix(b"\xef\xbb\xbf").unwrap_or(field);
    match std::str::from_utf8(field) {
        Ok(words) => words.to_owned(),
        Err(_) => charset::decode(field.to_vec(), None).text,
    }
}

/// Returns the letter between fields: the one that the first line holds most of.
fn delimiter(head: &[u8]) -> u8 {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |wanted: u8| memchr::memchr_iter(wanted, line).count();
    // Ties go to the last.
    [b'|', b';', b'\t', b','].into_iter().max_by_key(|letter| count(*letter)).unwrap_or(b',')
}

/// Returns what each column is, and whether the first row names them.
fn columns_of(first: &[String], source: Source<'_>) -> (Vec<Option<Part>>, bool) {
    let mut parts = vec![None; first.len()];
    let mut words = Vec::new();
    let map = source.options.map;
    for (part, name) in super::map::parts() {
        if let Some(place) = map.column(part, first).filter(|place| parts[*place].is_none()) {
            parts[place] = Some(part);
            words.push(format!("{name}={}", first[place]));
        }
    }
    let has = |part| parts.contains(&Some(part));
    if has(Part::Headline) || has(Part::Body) {
        (source.options.recognised)(source.path, &words.join(", "));
        return (parts, true);
    }
    (source.options.recognised)(source.path, "no line of names: headline, body by length");
    (by_look(first), false)
}

/// Returns what columns without names are, by what stands in the first row: an address, a date, the longest, the next.
fn by_look(first: &[String]) -> Vec<Option<Part>> {
    let mut parts: Vec<Option<Part>> = first
        .iter()
        .map(|field| match field.trim() {
            field if field.starts_with("http") => Some(Part::Url),
            field if date::parse(field).is_some() => Some(Part::Date),
            _ => None,
        })
        .collect();
    let mut free: Vec<usize> = (0..first.len()).filter(|place| parts[*place].is_none()).collect();
    free.sort_by_key(|place| std::cmp::Reverse(first[*place].len()));
    for (place, part) in free.into_iter().zip(BY_PLACE.iter().rev()) {
        parts[place] = Some(*part);
    }
    parts
}

fn give(parts: &[Option<Part>], fields: Vec<String>, number: u32, line: u32, source: Source<'_>, each: Each<'_>) {
    let mut draft = Draft { record: Some(number), line, ..Draft::default() };
    if fields.iter().any(|field| field.len() > ARTICLE_LIMIT) {
        return each(Err(too_large(source, Some(line))));
    }
    let mut meta = Meta::default();
    for (part, words) in parts.iter().zip(fields) {
        let words = words.trim().to_owned();
        let words = Some(words).filter(|words| !words.is_empty());
        match part {
            Some(Part::Id) => draft.id = words,
            Some(Part::Headline) => draft.headline = words,
            Some(Part::Dek) => draft.dek = words,
            Some(Part::Body) => draft.body = words.unwrap_or_default(),
            Some(Part::Date) => meta.date_raw = words,
            Some(Part::Byline) => meta.byline = words,
            Some(Part::Dateline) => meta.dateline = words,
            Some(Part::Outlet) => meta.outlet = words,
            Some(Part::Section) => meta.section = words,
            Some(Part::Url) => meta.url = words,
            Some(Part::Lang) => meta.lang = words,
            None => {}
        }
    }
    meta.date = meta.date_raw.as_deref().and_then(date::parse);
    if markup::is_markup(&draft.body) {
        draft.body = markup::text(&draft.body);
    }
    if draft.headline.is_none() && !draft.body.is_empty() {
        let plain = text::article(std::mem::take(&mut draft.body), source);
        let id = draft.id.unwrap_or_else(|| format!("{}#{number}", source.id));
        return each(plain.map(|article| crate::article::Article {
            id,
            record: Some(number),
            line,
            meta: Meta { lang: meta.lang.or(article.meta.lang.clone()), ..meta },
            ..article
        }));
    }
    draft.meta = meta;
    each(draft.article(source));
}
