//! The canonical names of an index: two columns of strings, one of speakers on quotes, one of names on articles.
//!
//! A value is the word under which a name is kept, what it stands for there, and the name, so that the sorted dictionary
//! of a column keeps those of one surname together: all that may be one person is found without reading the rest. The
//! names of an article stand in the order of their numbers, which the places of names refer to (see `family`).

use std::collections::BTreeSet;
use std::fmt::Write;
use std::ops::Range;

use rustc_hash::FxHashMap;
use tantivy::columnar::StrColumn;
use tantivy::index::SegmentReader;
use tantivy::{DocId, Searcher};

use super::fields::SEPARATOR;
use crate::identity::{self, Known, Name, Short};
use crate::layers::EntityKind;
use crate::schema::Field;

/// What stands before a short form.
const SHORT: char = '=';
/// What stands before a pronoun that nobody could trace.
const UNKNOWN: char = 'u';
/// How speakers are known, in the order of [`Name::quotes`].
const KNOWN: [char; 3] = ['p', 'w', 'd'];

/// A space that does not break.
const NO_BREAK: [u8; 2] = [0xc2, 0xa0];

/// Writes the value of a quote's speaker behind `out`.
pub fn push_speaker(known: Known, name: &str, out: &mut String) {
    if known == Known::Unknown {
        return push(UNKNOWN, name, out);
    }
    identity::push_key(name, out);
    push(KNOWN[known as usize], name, out);
}

/// Writes the value of a name behind `out`.
pub fn push_entity(kind: EntityKind, name: &str, out: &mut String) {
    identity::push_key(name, out);
    push(char::from(b'0' + kind as u8), name, out);
}

/// Writes the value of a short form and the name it stands for behind `out`.
pub fn push_short(short: &str, long: &str, out: &mut String) {
    identity::push_key(short, out);
    push(SHORT, short, out);
    out.push(SEPARATOR);
    push_words(long, out);
}

fn push(sign: char, name: &str, out: &mut String) {
    out.push(SEPARATOR);
    out.push(sign);
    push_words(name, out);
}

/// Writes a name behind `out`, one space between its words whatever the article has there.
fn push_words(name: &str, out: &mut String) {
    let bytes = name.as_bytes();
    let is_odd = |(at, byte): (usize, &u8)| match *byte {
        b' ' => bytes.get(at + 1) == Some(&b' '),
        0xa0 => bytes[..=at].ends_with(&NO_BREAK),
        byte => byte < b' ',
    };
    if !bytes.iter().enumerate().any(is_odd) {
        return out.push_str(name);
    }
    for (number, word) in name.split_whitespace().enumerate() {
        if number > 0 {
            out.push(' ');
        }
        out.push_str(word);
    }
}

/// What a value of one of the columns says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'v> {
    /// A speaker, by how it is known.
    Speaker(usize, &'v str),
    /// A name, by what it stands for.
    Entity(usize, &'v str),
    /// A short form and what it stands for.
    Short(&'v str, &'v str),
    /// Nobody that is known.
    Unknown,
}

impl Value<'_> {
    /// Reads a value of a column.
    pub fn read(value: &[u8]) -> Value<'_> {
        let value = std::str::from_utf8(value).ok().and_then(|value| value.split_once(SEPARATOR));
        let Some((_, rest)) = value else { return Value::Unknown };
        let Some(sign) = rest.chars().next() else { return Value::Unknown };
        let name = &rest[sign.len_utf8()..];
        match sign {
            '0'..='3' => Value::Entity(sign as usize - '0' as usize, name),
            SHORT => name.split_once(SEPARATOR).map_or(Value::Unknown, |(short, long)| Value::Short(short, long)),
            sign => match KNOWN.iter().position(|known| *known == sign) {
                Some(known) => Value::Speaker(known, name),
                None => Value::Unknown,
            },
        }
    }
}

/// The canonical names of an index, or those kept under some words, and how often they stand for somebody.
#[derive(Debug, Default)]
pub struct Table {
    /// The names, in no order.
    pub names: Vec<Name>,
    /// The short forms.
    pub shorts: Vec<Short>,
    /// What the values of each segment are.
    pub(super) segments: Vec<Ords>,
}

/// What the values of the two columns of a segment are, by their number there.
#[derive(Debug, Default)]
pub struct Ords {
    pub(super) speakers: Ranges,
    pub(super) entities: Ranges,
}

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A name, by its number in the table, and how it is known or what it stands for.
    Name(u32, u8),
    /// A short form, by its number in the table.
    Short(u32),
    /// Nobody that is known.
    Nobody,
}

/// Runs of values that follow each other in a dictionary: the first one's number, and what each is.
#[derive(Debug, Default)]
pub struct Ranges(Vec<(u64, Vec<Entry>)>);

impl Ranges {
    /// Returns what a value is.
    pub fn get(&self, ord: u64) -> Entry {
        let entry = |(first, entries): &(u64, Vec<Entry>)| {
            entries.get(usize::try_from(ord.checked_sub(*first)?).ok()?).copied()
        };
        self.0.iter().find_map(entry).unwrap_or(Entry::Nobody)
    }

    /// Returns the documents of a segment that have one of the values, those deleted left out.
    fn docs(&self, reader: &SegmentReader, column: &StrColumn) -> Vec<DocId> {
        let mut docs = Vec::new();
        for (first, entries) in self.0.iter().filter(|(_, entries)| !entries.is_empty()) {
            let values = *first..=*first + entries.len() as u64 - 1;
            let mut found = Vec::new();
            column.ords().get_docids_for_value_range(values, 0..reader.max_doc(), &mut found);
            docs.append(&mut found);
        }
        docs.sort_unstable();
        docs.dedup();
        docs.retain(|doc| !reader.is_deleted(*doc));
        docs
    }
}

/// Returns the column of speakers of a segment; there is none where nobody speaks.
///
/// # Errors
/// When the segment cannot be read.
pub fn speakers(reader: &SegmentReader) -> tantivy::Result<Option<StrColumn>> {
    reader.fast_fields().str("speaker")
}

/// Returns the column of the names in articles; there is none where nobody is named.
///
/// # Errors
/// When the segment cannot be read.
pub fn entities(reader: &SegmentReader) -> tantivy::Result<Option<StrColumn>> {
    reader.fast_fields().str("entity")
}

impl Table {
    /// Reads the names of an index that are kept under some words, or all of them, and counts them.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn read(searcher: &Searcher, keys: Option<&[String]>) -> tantivy::Result<Table> {
        let mut table = Table::default();
        let mut known = Numbers::default();
        for reader in searcher.segment_readers() {
            let mut ords = Ords::default();
            if let Some(column) = speakers(reader)? {
                ords.speakers = table.take_in(&column, keys, &mut known)?;
                for doc in ords.speakers.docs(reader, &column) {
                    for ord in column.term_ords(doc) {
                        if let Entry::Name(name, known) = ords.speakers.get(ord) {
                            table.names[name as usize].quotes[usize::from(known)] += 1;
                        }
                    }
                }
            }
            if let Some(column) = entities(reader)? {
                ords.entities = table.take_in(&column, keys, &mut known)?;
                for doc in ords.entities.docs(reader, &column) {
                    for ord in column.term_ords(doc) {
                        match ords.entities.get(ord) {
                            Entry::Name(name, kind) => {
                                table.names[name as usize].articles[usize::from(kind)] += 1;
                            }
                            Entry::Short(short) => table.shorts[short as usize].articles += 1,
                            Entry::Nobody => {}
                        }
                    }
                }
            }
            table.segments.push(ords);
        }
        Ok(table)
    }

    /// Takes in the values of a segment's column.
    fn take_in(&mut self, column: &StrColumn, keys: Option<&[String]>, known: &mut Numbers) -> tantivy::Result<Ranges> {
        let mut ranges = Vec::new();
        let bounds: Vec<Option<&String>> = keys.map_or(vec![None], |keys| keys.iter().map(Some).collect());
        for key in bounds {
            let range = column.dictionary().range();
            let range = match key {
                // The separator comes before every letter of a longer word.
                Some(key) => range.ge(format!("{key}{SEPARATOR}")).lt(format!("{key} ")),
                None => range,
            };
            let mut stream = range.into_stream()?;
            let (mut first, mut entries) = (0, Vec::new());
            while stream.advance() {
                if entries.is_empty() {
                    first = stream.term_ord();
                }
                entries.push(self.entry(Value::read(stream.key()), known));
            }
            ranges.push((first, entries));
        }
        Ok(Ranges(ranges))
    }

    fn entry(&mut self, value: Value<'_>, known: &mut Numbers) -> Entry {
        let (sort, text) = match value {
            Value::Speaker(sort, text) | Value::Entity(sort, text) => (sort, text),
            Value::Short(short, long) => {
                let next = self.shorts.len() as u32;
                known.pair.clear();
                let _ = write!(known.pair, "{short}{SEPARATOR}{long}");
                if let Some(number) = known.shorts.get(&known.pair) {
                    return Entry::Short(*number);
                }
                known.shorts.insert(known.pair.clone(), next);
                self.shorts.push(Short { short: short.to_owned(), long: long.to_owned(), articles: 0 });
                return Entry::Short(next);
            }
            Value::Unknown => return Entry::Nobody,
        };
        let number = match known.names.get(text) {
            Some(number) => *number,
            None => {
                let number = self.names.len() as u32;
                known.names.insert(text.to_owned(), number);
                self.names.push(Name { text: text.to_owned(), ..Name::default() });
                number
            }
        };
        Entry::Name(number, sort as u8)
    }
}

/// The numbers that names and short forms have in the table.
#[derive(Default)]
struct Numbers {
    names: FxHashMap<String, u32>,
    shorts: FxHashMap<String, u32>,
    pair: String,
}

/// Returns the numbers that the values of a name have in a column, whatever it stands for.
///
/// # Errors
/// When the dictionary cannot be read.
pub fn ords_of(column: &StrColumn, names: &[String]) -> tantivy::Result<Vec<u64>> {
    let mut ords = Vec::new();
    let mut value = String::new();
    for name in names {
        for sign in ('0'..='3').chain(KNOWN) {
            value.clear();
            identity::push_key(name, &mut value);
            push(sign, name, &mut value);
            ords.extend(column.dictionary().term_ord(&value)?);
        }
    }
    Ok(ords)
}

/// Returns names a word of which begins so, at most so many: first those that are kept under such a word, by how often
/// they stand, then others by their letters.
///
/// # Errors
/// When the index cannot be read.
pub fn beginning(searcher: &Searcher, field: Field, start: &str, most: usize) -> tantivy::Result<Vec<String>> {
    let wanted = start.to_lowercase();
    let begins = |name: &str| {
        let name = name.to_lowercase();
        name.starts_with(&wanted) || name.match_indices(' ').any(|(at, _)| name[at + 1..].starts_with(&wanted))
    };
    let column = if field == Field::Speaker { speakers } else { entities };
    let (mut counts, mut others) = (FxHashMap::default(), BTreeSet::new());
    for reader in searcher.segment_readers() {
        let Some(column) = column(reader)? else { continue };
        let mut stream = column.dictionary().range().ge(&wanted).into_stream()?;
        let mut names: FxHashMap<u64, String> = FxHashMap::default();
        let mut last = None;
        while stream.advance() && stream.key().starts_with(wanted.as_bytes()) {
            last = Some(stream.term_ord());
            if let Value::Speaker(_, name) | Value::Entity(_, name) = Value::read(stream.key())
                && begins(name)
            {
                names.insert(stream.term_ord(), name.to_owned());
            }
        }
        let Some(values) = last.and_then(|last| Some(*names.keys().min()?..=last)) else { continue };
        let mut docs = Vec::new();
        column.ords().get_docids_for_value_range(values, 0..reader.max_doc(), &mut docs);
        docs.dedup();
        for ord in docs.into_iter().flat_map(|doc| column.term_ords(doc)) {
            if let Some(name) = names.get(&ord) {
                *counts.entry(name.clone()).or_insert(0_u64) += 1;
            }
        }
    }
    let mut found: Vec<(String, u64)> = counts.into_iter().collect();
    found.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    found.truncate(most);
    for reader in searcher.segment_readers() {
        let Some(column) = column(reader)? else { continue };
        let mut stream = column.dictionary().stream()?;
        while found.len() + others.len() < most && stream.advance() {
            if let Value::Speaker(_, name) | Value::Entity(_, name) = Value::read(stream.key())
                && begins(name)
                && !found.iter().any(|(found, _)| found == name)
            {
                others.insert(name.to_owned());
            }
        }
    }
    Ok(found.into_iter().map(|(name, _)| name).chain(others).collect())
}

/// Returns the documents of a range that have one of these values, deleted ones included.
pub fn docs_with(within: Range<DocId>, column: &StrColumn, ords: &[u64]) -> Vec<DocId> {
    let mut docs = Vec::new();
    for ord in ords {
        let mut found = Vec::new();
        column.ords().get_docids_for_value_range(*ord..=*ord, within.clone(), &mut found);
        docs.append(&mut found);
    }
    docs.sort_unstable();
    docs.dedup();
    docs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_say_what_was_written() {
        let written = |write: &dyn Fn(&mut String)| {
            let mut out = String::new();
            write(&mut out);
            out
        };
        let speaker = written(&|out| push_speaker(Known::Person, "Ines Calder", out));
        assert_eq!(speaker, "calder\u{1f}pInes Calder");
        assert_eq!(Value::read(speaker.as_bytes()), Value::Speaker(0, "Ines Calder"));
        assert_eq!(written(&|out| push_speaker(Known::Person, "Ines\n\u{a0}Calder", out)), speaker);
        let entity = written(&|out| push_entity(EntityKind::Location, "Port Marrow", out));
        assert_eq!(Value::read(entity.as_bytes()), Value::Entity(2, "Port Marrow"));
        let short = written(&|out| push_short("N.H.F.", "Harbour Federation", out));
        assert_eq!(short, "nhf\u{1f}=N.H.F.\u{1f}Harbour Federation");
        assert_eq!(Value::read(short.as_bytes()), Value::Short("N.H.F.", "Harbour Federation"));
        let pronoun = written(&|out| push_speaker(Known::Unknown, "she", out));
        assert_eq!(Value::read(pronoun.as_bytes()), Value::Unknown);
        assert_eq!(Value::read(b"\xFF"), Value::Unknown);
        assert_eq!(Value::read("a\u{1f}".as_bytes()), Value::Unknown);
    }
}
