//! Where the sentences and paragraphs of an article are, as positions of words: read from its kept text when a query
//! asks, because the index holds no borders.

use tantivy::index::SegmentReader;
use tantivy::schema::{Field as Handle, Value};
use tantivy::store::StoreReader;
use tantivy::{DocId, TantivyDocument};

use super::spans::Parts;
use crate::analyzer;
use crate::article::Span;
use crate::engine::Borders;
use crate::places::Run;
use crate::plan::Reach;
use crate::schema::{Field, Record};

/// Blocks of kept articles that stay in memory: a set is walked in order, so the last one is enough.
const BLOCKS: usize = 2;

/// The kept articles of a segment.
pub struct Kept {
    store: StoreReader,
    record: Handle,
}

impl Kept {
    /// Opens the kept articles of a segment.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn new(reader: &SegmentReader, record: Handle) -> tantivy::Result<Kept> {
        Ok(Kept { store: reader.get_store_reader(BLOCKS)?, record })
    }

    /// Returns what is kept of an article; nothing where that cannot be read.
    pub fn record(&mut self, doc: DocId) -> Option<Record> {
        let document = self.store.get::<TantivyDocument>(doc).ok()?;
        let kept = document.get_first(self.record).and_then(|value| value.as_bytes())?;
        postcard::from_bytes(kept).ok()
    }
}

/// Finds the sentences or paragraphs of a segment's articles.
pub struct Stretches {
    kept: Kept,
    parts: Parts,
    cut: fn(&str, Span) -> Vec<Span>,
}

impl Stretches {
    /// Opens the kept articles of a segment.
    ///
    /// # Errors
    /// When the segment cannot be read.
    pub fn new(reader: &SegmentReader, record: Handle, borders: Borders, reach: Reach) -> tantivy::Result<Stretches> {
        let cut = if reach == Reach::Paragraph { borders.paragraphs } else { borders.sentences };
        Ok(Stretches { kept: Kept::new(reader, record)?, parts: Parts::new(reader, Field::Text)?, cut })
    }

    /// Returns the stretches of an article in which one of each list may stand; a text that cannot be read has none.
    pub fn of(&mut self, doc: DocId, lists: &[Vec<Run>]) -> Vec<Run> {
        let Some(record) = self.kept.record(doc) else { return Vec::new() };
        let windows = self.parts.of(doc);
        let mut stretches = Vec::new();
        for (part, window) in [record.headline, record.dek, Some(record.body)].into_iter().zip(windows) {
            let Some(part) = part else { continue };
            let held = |list: &Vec<Run>| list.iter().any(|run| window.0 <= run.0 && run.1 <= window.1);
            if lists.iter().all(held) {
                stretches.extend(positions(&record.text, (self.cut)(&record.text, part), part, window.0));
            }
        }
        stretches
    }
}

/// Returns spans of a part of a text as stretches of positions; the part's first word stands at `first`.
fn positions(text: &str, spans: Vec<Span>, part: Span, first: u32) -> Vec<Run> {
    let mut words = analyzer::words(part.of(text)).map(|word| part.start + word.start as u32).peekable();
    let mut at = first;
    let mut stretches = Vec::with_capacity(spans.len());
    for span in spans {
        while words.next_if(|start| *start < span.start).is_some() {
            at += 1;
        }
        let start = at;
        while words.next_if(|start| *start < span.end).is_some() {
            at += 1;
        }
        stretches.push((start, at));
    }
    stretches
}
