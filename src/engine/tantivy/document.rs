//! Documents as Tantivy takes them, without a copy of the article for each field and without a memory of its own for
//! each quote.
//!
//! An article and its quotes share one [`Parcel`]: their values, short texts and the kept record, which ends with the
//! article's text. Headline, dek and body are indexed as stretches of that record; Tantivy's own document type would
//! copy each of them, and take several allocations for each quote, freed by another thread.

use std::ops::Range;
use std::sync::Arc;

use tantivy::schema::Field as Handle;

use crate::article::Span;

/// What the documents of one article share.
#[derive(Debug, Default)]
pub struct Parcel {
    values: Vec<(Handle, Data)>,
    texts: String,
    record: Vec<u8>,
    /// The words of all parts, each by its place in its part.
    cut: Vec<Span>,
}

/// A document on its way to Tantivy.
#[derive(Clone, Debug)]
pub struct Prepared {
    parcel: Arc<Parcel>,
    values: Range<u32>,
}

/// A value, or where in the parcel it stands.
#[derive(Clone, Copy, Debug)]
enum Data {
    Number(u64),
    /// A stretch of the texts.
    Text(u32, u32),
    /// A stretch of the record, and which of the words are its.
    Part([u32; 2], [u32; 2]),
    /// The whole record.
    Record,
}

/// A value of a document.
#[derive(Clone, Copy, Debug)]
pub enum Item<'a> {
    Text(&'a str),
    /// A text and its words.
    Part(&'a [u8], &'a [Span]),
    Number(u64),
    /// What is kept of the document.
    Record,
}

impl Parcel {
    /// Returns a parcel with room for so many values and bytes of texts.
    pub fn with_capacity(values: usize, texts: usize) -> Parcel {
        Parcel { values: Vec::with_capacity(values), texts: String::with_capacity(texts), ..Parcel::default() }
    }

    /// Returns how many values there are: the next document's start here.
    pub fn len(&self) -> u32 {
        self.values.len() as u32
    }

    /// Adds a number.
    pub fn add_number(&mut self, handle: Handle, number: u64) {
        self.values.push((handle, Data::Number(number)));
    }

    /// Adds a text that `write` appends to the texts.
    pub fn add_text(&mut self, handle: Handle, write: impl FnOnce(&mut String)) {
        let start = self.texts.len() as u32;
        write(&mut self.texts);
        self.values.push((handle, Data::Text(start, self.texts.len() as u32)));
    }

    /// Sets the bytes that are kept with the document whose values are being added.
    pub fn keep(&mut self, handle: Handle, record: Vec<u8>) {
        self.record = record;
        self.values.push((handle, Data::Record));
    }

    /// Adds a stretch of the kept bytes as a text. Of the words of all parts it has a range.
    pub fn add_part(&mut self, handle: Handle, part: Range<usize>, words: Range<u32>) {
        self.values.push((handle, Data::Part([part.start as u32, part.end as u32], [words.start, words.end])));
    }

    /// Sets the words of all parts, each by its place in its part.
    pub fn cut(&mut self, words: Vec<Span>) {
        self.cut = words;
    }

    /// Returns the documents that have these stretches of the values.
    pub fn into_documents(self, values: impl Iterator<Item = Range<u32>>) -> impl Iterator<Item = Prepared> {
        let parcel = Arc::new(self);
        values.map(move |values| Prepared { parcel: Arc::clone(&parcel), values })
    }

    fn item(&self, data: Data) -> Item<'_> {
        match data {
            Data::Number(number) => Item::Number(number),
            Data::Text(start, end) => Item::Text(self.texts.get(start as usize..end as usize).unwrap_or_default()),
            Data::Part([start, end], [first, last]) => {
                let text = self.record.get(start as usize..end as usize).unwrap_or_default();
                Item::Part(text, self.cut.get(first as usize..last as usize).unwrap_or_default())
            }
            Data::Record => Item::Record,
        }
    }
}

impl Prepared {
    /// Returns what is kept of the document, where something is.
    pub fn kept(&self) -> Option<(Handle, &[u8])> {
        let record = self.stretch().iter().find(|(_, data)| matches!(data, Data::Record));
        record.map(|(handle, _)| (*handle, &self.parcel.record[..]))
    }

    /// Returns the values that are texts or parts of one.
    pub fn texts(&self) -> impl Iterator<Item = (Handle, Item<'_>)> {
        let is_text = |(_, data): &&(Handle, Data)| matches!(data, Data::Text(..) | Data::Part(..));
        self.stretch().iter().filter(is_text).map(|(handle, data)| (*handle, self.parcel.item(*data)))
    }

    /// Returns all values.
    pub fn values(&self) -> impl Iterator<Item = (Handle, Item<'_>)> {
        self.stretch().iter().map(|(handle, data)| (*handle, self.parcel.item(*data)))
    }

    fn stretch(&self) -> &[(Handle, Data)] {
        let Range { start, end } = self.values;
        self.parcel.values.get(start as usize..end as usize).unwrap_or_default()
    }
}
