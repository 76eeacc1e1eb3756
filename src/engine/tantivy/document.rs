//! A document as Tantivy takes it, without a copy of the article for each field.
//!
//! The kept record ends with the article's text. Headline, dek and body are indexed as stretches of that one buffer;
//! Tantivy's own document type would copy each of them.

use std::iter;
use std::ops::Range;

use tantivy::schema::Field as Handle;
use tantivy::schema::document::{Document, ReferenceValue, ReferenceValueLeaf, Value};

/// A document on its way to Tantivy.
#[derive(Debug, Default)]
pub struct Prepared {
    record: Option<(Handle, Vec<u8>)>,
    values: Vec<(Handle, Data)>,
}

#[derive(Debug)]
enum Data {
    Text(String),
    /// A stretch of the record.
    Part(Range<usize>),
    Number(u64),
}

/// A value of a document.
#[derive(Clone, Copy, Debug)]
pub enum Item<'a> {
    Text(&'a str),
    Number(u64),
    Bytes(&'a [u8]),
}

impl Prepared {
    /// Returns a document with room for so many values.
    pub fn with_capacity(values: usize) -> Prepared {
        Prepared { record: None, values: Vec::with_capacity(values) }
    }

    /// Sets the bytes that are kept.
    pub fn keep(&mut self, handle: Handle, record: Vec<u8>) {
        self.record = Some((handle, record));
    }

    /// Adds a text.
    pub fn add_text(&mut self, handle: Handle, text: String) {
        self.values.push((handle, Data::Text(text)));
    }

    /// Adds a stretch of the kept bytes as a text; what is no text is indexed as an empty one.
    pub fn add_part(&mut self, handle: Handle, part: Range<usize>) {
        self.values.push((handle, Data::Part(part)));
    }

    /// Adds a number.
    pub fn add_number(&mut self, handle: Handle, number: u64) {
        self.values.push((handle, Data::Number(number)));
    }

    fn item<'a>(&'a self, data: &'a Data) -> Item<'a> {
        match data {
            Data::Text(text) => Item::Text(text),
            Data::Number(number) => Item::Number(*number),
            Data::Part(part) => {
                let bytes = self.record.as_ref().and_then(|(_, record)| record.get(part.clone()));
                Item::Text(bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default())
            }
        }
    }
}

impl Document for Prepared {
    type Value<'a> = Item<'a>;
    type FieldsValuesIter<'a> = Box<dyn Iterator<Item = (Handle, Item<'a>)> + 'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        let record = self.record.iter().map(|(handle, record)| (*handle, Item::Bytes(record)));
        let values = self.values.iter().map(|(handle, data)| (*handle, self.item(data)));
        Box::new(values.chain(record))
    }
}

impl<'a> Value<'a> for Item<'a> {
    type ArrayIter = iter::Empty<Item<'a>>;
    type ObjectIter = iter::Empty<(&'a str, Item<'a>)>;

    fn as_value(&self) -> ReferenceValue<'a, Item<'a>> {
        ReferenceValue::Leaf(match self {
            Item::Text(text) => ReferenceValueLeaf::Str(text),
            Item::Number(number) => ReferenceValueLeaf::U64(*number),
            Item::Bytes(bytes) => ReferenceValueLeaf::Bytes(bytes),
        })
    }
}
