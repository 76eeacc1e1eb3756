//! Articles and their quotes in one segment: who belongs to whom, and which words were said.
//!
//! An article's quotes are the documents behind it, numbered from 0. Their words are not indexed a second time, nor are
//! names: a quote keeps the positions that it and its speaker take in the article's text field, an article those of the
//! names in it, and a word was said, speaks or is named where one of its positions falls inside. A rare word costs
//! Tantivy a miss of the cache each time it is added, so this keeps indexing fast as well as the index small.

use std::ops::Range;

use tantivy::columnar::Column;
use tantivy::index::SegmentReader;
use tantivy::{DocId, DocSet};

use super::spans::Spans;
use crate::places::Run;
use crate::schema::Named;

/// Bits of a packed stretch that hold its length in words: of a quote's segment, of a speaker's mention, of a name.
const SAID_BITS: u32 = 24;
const SPOKEN_BITS: u32 = 10;
const NAMED_BITS: u32 = 5;
/// Bits behind a name's length that hold its number.
const NUMBER_BITS: u32 = 11;
/// The number of names that have too large a one: nobody knows which they are.
const NO_NUMBER: u32 = (1 << NUMBER_BITS) - 1;

/// Returns a segment of a quote as one number; longer ones than 16 million words are cut.
pub fn pack_said(from: u32, length: u32) -> u64 {
    pack(from, length, SAID_BITS)
}

/// Returns a mention of a speaker as one number; longer ones than a thousand words are cut.
pub fn pack_spoken(from: u32, length: u32) -> u64 {
    pack(from, length, SPOKEN_BITS)
}

/// Returns the place of a name as one number: where it starts, whether it opens its sentence, its length, its number.
pub fn pack_named(named: &Named) -> u64 {
    let place = pack(named.first << 1 | u32::from(named.opens), named.words, NAMED_BITS);
    place << NUMBER_BITS | u64::from(named.number.min(NO_NUMBER))
}

fn pack(from: u32, length: u32, bits: u32) -> u64 {
    u64::from(from) << bits | u64::from(length.min((1 << bits) - 1))
}

/// Returns the first position of a packed segment and the one behind its last.
fn said(packed: u64) -> Run {
    unpack(packed, SAID_BITS)
}

fn spoken(packed: u64) -> Run {
    unpack(packed, SPOKEN_BITS)
}

/// Returns the place that a packed name takes.
fn place(packed: u64) -> Run {
    let place = packed >> NUMBER_BITS;
    let (first, length) = ((place >> NAMED_BITS) as u32 >> 1, place as u32 & ((1 << NAMED_BITS) - 1));
    (first, first + length)
}

/// Returns a name's number among those of its article.
fn number(packed: u64) -> u32 {
    packed as u32 & NO_NUMBER
}

/// Returns whether a name is the first one of its sentence.
fn opens(packed: u64) -> bool {
    packed >> (NUMBER_BITS + NAMED_BITS) & 1 != 0
}

fn unpack(packed: u64, bits: u32) -> Run {
    let from = (packed >> bits) as u32;
    (from, from + (packed as u32 & ((1 << bits) - 1)))
}

/// A stretch of words that is kept beside a document. Reading where all of them are takes as long as a small question:
/// only those that are asked for are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bond {
    /// The segments of a quote.
    Said,
    /// Its speaker.
    Spoken,
    /// The names in an article.
    Named,
}

/// The bonds between the articles and the quotes of a segment.
pub struct Family {
    ordinals: Column<u64>,
    said: Option<Column<u64>>,
    spoken: Option<Column<u64>>,
    named: Option<Column<u64>>,
    documents: DocId,
    /// The documents that are looked at: whole families.
    within: Range<DocId>,
}

impl Family {
    /// Reads who belongs to whom in a segment, and these bonds.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn new(reader: &SegmentReader, bonds: &[Bond]) -> tantivy::Result<Family> {
        let columns = reader.fast_fields();
        let read = |bond, name| bonds.contains(&bond).then(|| columns.u64(name)).transpose();
        let documents = reader.max_doc();
        Ok(Family {
            ordinals: columns.u64("ordinal")?,
            said: read(Bond::Said, "said")?,
            spoken: read(Bond::Spoken, "spoken")?,
            named: read(Bond::Named, "named")?,
            documents,
            within: 0..documents,
        })
    }

    /// Returns the same for those articles alone that a range of documents has something of.
    pub fn within(self, docs: Range<DocId>) -> Family {
        let first = |doc| self.article(doc).unwrap_or(doc);
        let last = docs.end.checked_sub(1).map_or(0, first);
        let within = first(docs.start)..self.quotes(last).last().map_or(docs.end, |quote| docs.end.max(quote + 1));
        Family { within, ..self }
    }

    /// Returns the documents that are looked at.
    pub fn docs(&self) -> Range<DocId> {
        self.within.clone()
    }

    /// Returns a quote's number in its article, and nothing for any other document.
    pub fn ordinal(&self, doc: DocId) -> Option<u32> {
        self.ordinals.first(doc).map(|ordinal| ordinal as u32)
    }

    /// Returns the article of a quote.
    pub fn article(&self, quote: DocId) -> Option<DocId> {
        quote.checked_sub(self.ordinal(quote)? + 1)
    }

    /// Returns the quotes of an article: what has a number behind it, up to the next article.
    pub fn quotes(&self, article: DocId) -> Range<DocId> {
        let start = article + 1;
        let mut end = start;
        while end < self.documents && self.ordinals.index.has_value(end) {
            end += 1;
        }
        debug_assert!(
            start == end || self.ordinal(end - 1) == Some(end - 1 - start),
            "a quote is with another article"
        );
        start..end
    }

    /// Returns the quotes of every article of a set.
    pub fn quotes_of(&self, articles: &mut dyn DocSet) -> Vec<DocId> {
        let mut quotes = Vec::new();
        self.each(articles, |article, _| quotes.extend(self.quotes(article)));
        quotes
    }

    /// Returns the articles of every quote of a set.
    pub fn articles_of(&self, quotes: &mut dyn DocSet) -> Vec<DocId> {
        let mut articles = Vec::new();
        self.each(quotes, |quote, _| {
            articles.extend(self.article(quote).filter(|article| articles.last() != Some(article)));
        });
        articles
    }

    /// Gives every document of a set that is looked at.
    fn each<D: DocSet + ?Sized>(&self, docs: &mut D, mut each: impl FnMut(DocId, &mut D)) {
        if docs.doc() < self.within.start {
            docs.seek(self.within.start);
        }
        while docs.doc() < self.within.end {
            each(docs.doc(), docs);
            docs.advance();
        }
    }

    /// Returns the quotes in which something stands, and how often. A run that is `whole` lies inside one segment of the
    /// quote; of another one the first and the last word do, and the narrator may stand between.
    pub fn said(&self, mut spans: Spans, whole: bool) -> Vec<(DocId, u32)> {
        let mut found = Vec::new();
        self.each(&mut spans, |article, spans| {
            let quotes = self.quotes(article);
            if quotes.is_empty() {
                return;
            }
            let runs = spans.runs();
            if whole {
                return self.said_whole(quotes, runs, &mut found);
            }
            for quote in quotes {
                let mut times = inside(&self.said, said, quote, runs).count();
                if times == 0 {
                    let segments: Vec<Run> = values(&self.said, quote).map(said).collect();
                    let held = |at: u32| segments.iter().any(|segment| segment.0 <= at && at < segment.1);
                    times = runs.iter().filter(|run| held(run.0) && held(run.1 - 1)).count();
                }
                if times > 0 {
                    found.push((quote, times as u32));
                }
            }
        });
        found
    }

    /// Finds the quotes of an article in which whole runs stand. Their segments lie side by side in the column, and most
    /// have none of the runs: only where one has is it asked whose it is.
    fn said_whole(&self, quotes: Range<DocId>, runs: &[Run], found: &mut Vec<(DocId, u32)>) {
        let Some(column) = &self.said else { return };
        let rows = column.index.docid_range_to_rowids(quotes.clone());
        let mut quote = quotes.start;
        for row in rows.clone() {
            let times = within(said(column.values.get_val(row)), runs).count() as u32;
            if times == 0 {
                continue;
            }
            let is_of = |quote: &DocId| column.index.value_row_ids(*quote).contains(&row);
            let guess = quotes.start + (row - rows.start);
            quote = if is_of(&guess) { guess } else { (quote..quotes.end).find(is_of).unwrap_or(quote) };
            match found.last_mut().filter(|(last, _)| *last == quote) {
                Some((_, more)) => *more += times,
                None => found.push((quote, times)),
            }
        }
    }

    /// Returns the quotes whose speaker is mentioned, named or described by words that stand one after the other.
    pub fn spoken(&self, mut spans: Spans) -> Vec<DocId> {
        let mut found = Vec::new();
        self.each(&mut spans, |article, spans| {
            let runs = spans.runs();
            let speaks = |quote: &DocId| inside(&self.spoken, spoken, *quote, runs).next().is_some();
            found.extend(self.quotes(article).filter(speaks));
        });
        found
    }

    /// Returns the articles in which words that stand one after the other are a name, or a part of one.
    pub fn named(&self, mut spans: Spans) -> Vec<DocId> {
        let mut found = Vec::new();
        self.each(&mut spans, |article, spans| {
            let runs = spans.runs();
            found.extend(Some(article).filter(|_| inside(&self.named, place, article, runs).next().is_some()));
        });
        found
    }

    /// Returns the quotes inside which such a name stands.
    pub fn named_inside(&self, mut spans: Spans) -> Vec<DocId> {
        let mut found = Vec::new();
        self.each(&mut spans, |article, spans| {
            let runs = spans.runs();
            let names: Vec<Run> = inside(&self.named, place, article, runs).collect();
            let holds = |quote: &DocId| inside(&self.said, said, *quote, &names).next().is_some();
            found.extend(self.quotes(article).filter(|quote| !names.is_empty() && holds(quote)));
        });
        found
    }

    /// Returns the names in an article, in order: the number of each, and whether it is the first of its sentence.
    pub fn names(&self, article: DocId) -> impl Iterator<Item = (u32, bool)> + '_ {
        values(&self.named, article).map(|packed| (number(packed), opens(packed)))
    }

    /// Returns the quotes of an article inside which a name of one of these numbers stands.
    pub fn quotes_naming(&self, article: DocId, numbers: &[u32]) -> impl Iterator<Item = DocId> + '_ {
        let wanted = |packed: &u64| numbers.contains(&number(*packed));
        let runs: Vec<Run> = values(&self.named, article).filter(wanted).map(place).collect();
        self.quotes(article).filter(move |quote| inside(&self.said, said, *quote, &runs).next().is_some())
    }

    /// Returns how many words a quote has.
    pub fn length(&self, quote: DocId) -> u32 {
        values(&self.said, quote).map(said).map(|(from, end)| end - from).sum()
    }

    /// Returns how many words the quotes of a segment have on average, times their number, and their number.
    pub fn lengths(&self) -> (u64, u64) {
        let Some(said_of) = &self.said else { return (0, 0) };
        let values = &said_of.values;
        let words =
            (0..values.num_vals()).map(|row| said(values.get_val(row))).map(|(from, end)| u64::from(end - from));
        (words.sum(), u64::from(values.num_vals()))
    }
}

/// Returns the values of a document in a bond that was read.
fn values(column: &Option<Column<u64>>, doc: DocId) -> impl Iterator<Item = u64> + '_ {
    debug_assert!(column.is_some(), "a bond is asked for that was not read");
    column.iter().flat_map(move |column| column.values_for_doc(doc))
}

/// Returns the runs that lie inside a stretch of a document.
fn inside<'a>(
    column: &'a Option<Column<u64>>,
    unpack: fn(u64) -> Run,
    doc: DocId,
    runs: &'a [Run],
) -> impl Iterator<Item = Run> + 'a {
    values(column, doc).map(unpack).flat_map(move |stretch| within(stretch, runs))
}

/// Returns the runs that lie inside a stretch.
fn within((from, end): Run, runs: &[Run]) -> impl Iterator<Item = Run> {
    let first = runs.partition_point(|run| run.0 < from);
    runs[first..].iter().copied().take_while(move |run| run.0 < end).filter(move |run| run.1 <= end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_pack() {
        for (from, length) in [(0, 0), (0, 12), (7, 300), (5_000_000, 16_000_000)] {
            assert_eq!(said(pack_said(from, length)), (from, from + length));
        }
        assert_eq!(spoken(pack_spoken(7, 5_000)), (7, 7 + 1_023));
        for (first, words, wanted, opening) in [(0, 1, 0, true), (9_000_000, 40, 5_000, false), (3, 2, 17, true)] {
            let packed = pack_named(&Named { first, words, number: wanted, opens: opening });
            assert_eq!(place(packed), (first, first + words.min(31)));
            assert_eq!((number(packed), opens(packed)), (wanted.min(NO_NUMBER), opening));
        }
    }
}
