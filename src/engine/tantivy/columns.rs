//! The columns of a segment that grows, written down as Tantivy reads them.
//!
//! Tantivy's own way looks for the column of each value by its name and for each text in a table whose every look waits
//! for memory. Here a column is the field's number away, and the looks of a document's texts do not wait for one another.
//! The file is the same. Layout: the columns, sorted by name; a table of their names, types and places; its length, the
//! number of documents, the version.

use std::io::{self, Write};

use tantivy::DocId;
use tantivy::columnar::column_index::{SerializableColumnIndex, SerializableOptionalIndex, serialize_column_index};
use tantivy::columnar::column_values::{CodecType, serialize_u64_based_column_values};
use tantivy::columnar::{CURRENT_VERSION, ColumnType};
use tantivy::schema::{Field as Handle, FieldType, Schema};
use tantivy_sstable::{RangeSSTable, SSTable, VoidSSTable};

use super::document::{Item, Prepared};
use super::texts::{self, Texts};

/// What the file ends with.
const MAGIC: [u8; 4] = [2, 113, 119, 66];
/// Tantivy's number for columns in which documents have several values; before it come one at most, and exactly one.
const SEVERAL: u8 = 2;

/// The columns so far.
pub struct Columns {
    /// By the number of the field.
    columns: Vec<Option<Column>>,
    documents: DocId,
    /// What is known of a document's texts before they are compared.
    looks: Vec<Look>,
    /// Their likely numbers, read so that what they are compared with is at hand.
    likely: Vec<u32>,
}

/// A column: the values one behind the other.
struct Column {
    name: String,
    /// The documents that have values.
    docs: Vec<DocId>,
    /// Where the values of each start.
    starts: Vec<u32>,
    values: Values,
}

/// A text before it is compared.
struct Look {
    column: u32,
    hash: u32,
    /// Where the text is kept that is most likely the same.
    place: usize,
}

impl Look {
    fn new(column: u32, text: &[u8]) -> Look {
        Look { column, hash: texts::hash(text), place: 0 }
    }
}

enum Values {
    Numbers(Vec<u64>),
    /// The numbers of texts, and these.
    Texts(Vec<u32>, Texts),
}

impl Columns {
    /// Returns the columns of a schema, which are of numbers and of texts.
    pub fn new(schema: &Schema) -> Columns {
        let column = |entry: &tantivy::schema::FieldEntry| {
            let values = match entry.field_type() {
                _ if !entry.is_fast() => return None,
                FieldType::U64(_) => Values::Numbers(Vec::new()),
                FieldType::Str(_) => Values::Texts(Vec::new(), Texts::default()),
                other => unreachable!("no column is of type {other:?}"),
            };
            Some(Column { name: entry.name().to_owned(), docs: Vec::new(), starts: Vec::new(), values })
        };
        let columns = schema.fields().map(|(_, entry)| column(entry)).collect();
        Columns { columns, documents: 0, looks: Vec::new(), likely: Vec::new() }
    }

    /// Returns how many bytes of memory they take.
    pub fn memory(&self) -> usize {
        self.columns.iter().flatten().map(Column::memory).sum()
    }

    /// Adds the next document.
    pub fn add(&mut self, document: &Prepared) {
        self.look(document);
        let mut looks = self.looks.iter();
        for (handle, item) in document.values() {
            let Some(column) = &mut self.columns[handle.field_id() as usize] else { continue };
            match (&mut column.values, item) {
                (Values::Numbers(values), Item::Number(number)) => values.push(number),
                (Values::Texts(values, texts), Item::Text(text)) => {
                    let look = looks.next().expect("every text was looked for");
                    values.push(texts.number(text.as_bytes(), look.hash));
                }
                _ => continue,
            }
            if column.docs.last() != Some(&self.documents) {
                column.docs.push(self.documents);
                column.starts.push(column.values.len() as u32 - 1);
            }
        }
        self.documents += 1;
    }

    /// Looks for all texts of a document, step by step: no look waits for the one before.
    fn look(&mut self, document: &Prepared) {
        let texts = |column: u32| match &self.columns[column as usize] {
            Some(Column { values: Values::Texts(_, texts), .. }) => Some(texts),
            _ => None,
        };
        let hash = |(handle, item): (Handle, Item<'_>)| match item {
            Item::Text(text) => texts(handle.field_id()).map(|_| Look::new(handle.field_id(), text.as_bytes())),
            _ => None,
        };
        self.looks.clear();
        self.looks.extend(document.texts().filter_map(hash));
        for look in &mut self.looks {
            look.place = texts(look.column).map_or(0, |texts| texts.likely_place(look.hash));
        }
        self.likely.clear();
        let likely = |look: &Look| texts(look.column).map_or(0, |texts| texts.number_at(look.place));
        self.likely.extend(self.looks.iter().map(likely));
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(self, out: &mut dyn Write) -> io::Result<()> {
        let Columns { columns, documents, .. } = self;
        let mut columns: Vec<Column> = columns.into_iter().flatten().collect();
        columns.sort_by(|one, other| one.name.cmp(&other.name));
        let (mut places, mut place, mut bytes) = (RangeSSTable::writer(Vec::new()), 0, Vec::new());
        for column in columns {
            let mut key = column.name.clone().into_bytes();
            key.extend([0, column.values.kind().to_code()]);
            bytes.clear();
            column.write(documents, &mut bytes)?;
            out.write_all(&bytes)?;
            let end = place + bytes.len() as u64;
            places.insert(&key, &(place..end))?;
            place = end;
        }
        let places = places.finish()?;
        out.write_all(&places)?;
        out.write_all(&(places.len() as u64).to_le_bytes())?;
        out.write_all(&documents.to_le_bytes())?;
        out.write_all(&(CURRENT_VERSION as u32).to_le_bytes())?;
        out.write_all(&MAGIC)
    }
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Values::Numbers(values) => values.len(),
            Values::Texts(values, _) => values.len(),
        }
    }

    fn kind(&self) -> ColumnType {
        match self {
            Values::Numbers(_) => ColumnType::U64,
            Values::Texts(..) => ColumnType::Str,
        }
    }
}

impl Column {
    fn memory(&self) -> usize {
        let values = match &self.values {
            Values::Numbers(values) => 8 * values.capacity(),
            Values::Texts(values, texts) => 4 * values.capacity() + texts.memory(),
        };
        4 * (self.docs.capacity() + self.starts.capacity()) + values
    }

    /// Writes the column: texts sorted, where there are any, who has values, the values, and how long the parts are.
    fn write(mut self, documents: DocId, out: &mut Vec<u8>) -> io::Result<()> {
        let index = self.index(documents)?;
        match self.values {
            Values::Numbers(values) => write_values(&index, &values, out),
            Values::Texts(values, texts) => {
                let sorted = texts.sorted();
                let mut ranks = vec![0; sorted.len()];
                let mut dictionary = VoidSSTable::writer(&mut *out);
                for (rank, (number, text)) in (0..).zip(sorted) {
                    ranks[number as usize] = rank;
                    dictionary.insert(text, &())?;
                }
                dictionary.finish()?;
                drop(texts);
                let length = out.len() as u32;
                let values: Vec<u64> = values.into_iter().map(|number| ranks[number as usize]).collect();
                write_values(&index, &values, out)?;
                out.extend(length.to_le_bytes());
                Ok(())
            }
        }
    }

    /// Returns which documents have values, and where the values of each start, as they are written.
    fn index(&mut self, documents: DocId) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        let has_several = self.values.len() > self.docs.len();
        if self.docs.len() == documents as usize && !has_several {
            serialize_column_index(SerializableColumnIndex::Full, &mut out)?;
            return Ok(out);
        }
        let docs = SerializableOptionalIndex { non_null_row_ids: Box::new(&self.docs[..]), num_rows: documents };
        serialize_column_index(SerializableColumnIndex::Optional(docs), &mut out)?;
        if has_several {
            out[0] = SEVERAL;
            let length = out.len() as u32 - 1;
            self.starts.push(self.values.len() as u32);
            let starts = &self.starts[..];
            serialize_u64_based_column_values(&starts, &[CodecType::Bitpacked, CodecType::Linear], &mut out)?;
            out.extend(length.to_le_bytes());
        }
        Ok(out)
    }
}

fn write_values(index: &[u8], values: &[u64], out: &mut Vec<u8>) -> io::Result<()> {
    out.extend_from_slice(index);
    serialize_u64_based_column_values(&values, &[CodecType::Bitpacked, CodecType::BlockwiseLinear], out)?;
    out.extend((index.len() as u32).to_le_bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use tantivy::TantivyDocument;
    use tantivy::fastfield::FastFieldsWriter;
    use tantivy::schema::{NumericOptions, TextOptions, Value};
    use tantivy::tokenizer::TokenizerManager;

    use super::*;
    use crate::engine::tantivy::document::Parcel;

    /// One value each, one at most, several, none at all; documents at the end without any.
    #[test]
    fn columns_are_the_ones_of_tantivy() {
        let mut builder = Schema::builder();
        let number = |builder: &mut tantivy::schema::SchemaBuilder, name: &str| {
            builder.add_u64_field(name, NumericOptions::default().set_fast())
        };
        let text = |builder: &mut tantivy::schema::SchemaBuilder, name: &str| {
            builder.add_text_field(name, TextOptions::default().set_fast("raw"))
        };
        let numbers = ["size", "date", "said", "odd", "never"].map(|name| number(&mut builder, name));
        let texts = ["key", "entity", "speaker", "origin"].map(|name| text(&mut builder, name));
        let schema = builder.build();
        for count in [0, 1, 2, 700_u64] {
            let tantivys = FastFieldsWriter::from_schema_and_tokenizer_manager(&schema, TokenizerManager::default());
            let (mut theirs, mut ours) = (tantivys.expect("columns"), Columns::new(&schema));
            for doc in 0..count {
                let mut document = TantivyDocument::default();
                document.add_u64(numbers[0], doc * doc);
                (0..doc % 4).for_each(|value| document.add_u64(numbers[2], (doc << 40) / 7 + value));
                document.add_text(texts[0], format!("folder/{}/{doc}.txt", doc * 31 % 100));
                for name in 0..doc % 9 {
                    document.add_text(texts[1], format!("name {}", (doc + name * name) % 83));
                }
                if doc % 3 == 1 {
                    document.add_u64(numbers[1], 20_240_919 + doc);
                    document.add_text(texts[2], ["", "a", "\u{e9}", "\0", "ab"][doc as usize % 5]);
                }
                if doc == 500 {
                    document.add_u64(numbers[3], u64::MAX);
                }
                theirs.add_document(&document).expect("an addition");
                let mut parcel = Parcel::default();
                for (field, value) in document.field_values() {
                    match (value.as_u64(), value.as_str()) {
                        (Some(number), _) => parcel.add_number(field, number),
                        (_, text) => parcel.add_text(field, |out| out.push_str(text.expect("a text"))),
                    }
                }
                let values = 0..parcel.len();
                parcel.into_documents(std::iter::once(values)).for_each(|document| ours.add(&document));
            }
            let (mut expected, mut written) = (Vec::new(), Vec::new());
            theirs.serialize(&mut expected, None).expect("a file");
            ours.write(&mut written).expect("a file");
            assert!(written == expected, "{count} documents: {} bytes for {}", written.len(), expected.len());
        }
    }
}
