//! A segment that grows in memory, on the thread that makes its documents, until it is written.
//!
//! In: documents. Out: the files of a segment. The words are [`Inverted`], the others [`Columns`] and [`Store`].

use std::thread;

use tantivy::directory::TerminatingWrite;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::{Segment, SegmentComponent, SegmentMeta};
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::{Field as Handle, IndexRecordOption};

use super::columns::Columns;
use super::document::{Item, Prepared};
use super::inverted::Inverted;
use super::store::Store;

/// A segment that is not written yet.
pub struct Growing {
    segment: Segment,
    /// The fields with words or tags, by the number of the field; whether positions count in it.
    fields: Vec<Option<(Inverted, bool)>>,
    norms: FieldNormsWriter,
    columns: Columns,
    store: Store,
    documents: u32,
}

impl Growing {
    /// Returns an empty segment of an index.
    ///
    /// # Errors
    /// When its first file cannot be opened.
    pub fn new(index: &tantivy::Index) -> tantivy::Result<Growing> {
        let (segment, schema) = (index.new_segment(), index.schema());
        let inverted = |option| (Inverted::default(), option == IndexRecordOption::WithFreqsAndPositions);
        let fields = schema.fields().map(|(_, entry)| entry.field_type().index_record_option().map(inverted)).collect();
        let store = Store::new(segment.open_write(SegmentComponent::Store)?)?;
        Ok(Growing {
            fields,
            norms: FieldNormsWriter::for_schema(&schema),
            columns: Columns::new(&schema),
            store,
            segment,
            documents: 0,
        })
    }

    /// Returns how many documents it has.
    pub fn documents(&self) -> u32 {
        self.documents
    }

    /// Returns how many bytes of memory it takes, with what it takes to write it.
    pub fn memory(&self) -> usize {
        let fields: usize = self.fields.iter().flatten().map(|(inverted, _)| inverted.memory()).sum();
        fields + self.norms.mem_usage() + self.columns.memory() + self.store.memory()
    }

    /// Returns whether a document has a word or tag.
    pub fn holds(&self, handle: Handle, word: &str) -> bool {
        self.fields[handle.field_id() as usize].as_ref().is_some_and(|(inverted, _)| inverted.holds(word))
    }

    /// Adds a document.
    ///
    /// # Errors
    /// When a block of kept records cannot be written.
    pub fn add(&mut self, document: &Prepared) -> tantivy::Result<()> {
        for (handle, item) in document.texts() {
            let Some((inverted, positions)) = &mut self.fields[handle.field_id() as usize] else { continue };
            match item {
                Item::Part(text, words) => inverted.add_cut(text, words.iter().map(|word| word.range())),
                Item::Text(text) if *positions => inverted.add_words(text),
                Item::Text(text) => inverted.add_tags(text),
                Item::Number(_) | Item::Record => {}
            }
        }
        for (number, field) in (0..).zip(&mut self.fields) {
            if let Some((inverted, positions)) = field {
                let words = inverted.close_document(self.documents);
                if *positions && words > 0 {
                    self.norms.record(self.documents, Handle::from_field_id(number), words);
                }
            }
        }
        self.columns.add(document);
        self.store.add(document.kept())?;
        self.documents += 1;
        Ok(())
    }

    /// Writes it.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn finish(self) -> tantivy::Result<SegmentMeta> {
        let Growing { segment, fields, norms, columns, store, documents, .. } = self;
        // Each file waits for the disk at its end: meanwhile others are made.
        let (mut in_columns, mut kept) = (Ok(()), Ok(()));
        let searched = thread::scope(|scope| {
            scope.spawn(|| in_columns = write_columns(&segment, columns));
            scope.spawn(|| kept = store.close());
            write_words(&segment, fields, norms, documents)
        });
        searched?;
        in_columns?;
        kept?;
        let meta = segment.with_max_doc(documents).meta().clone();
        meta.untrack_temp_docstore();
        Ok(meta)
    }
}

fn write_columns(segment: &Segment, columns: Columns) -> tantivy::Result<()> {
    let mut out = segment.open_write(SegmentComponent::FastFields)?;
    columns.write(&mut out)?;
    out.terminate()?;
    Ok(())
}

/// Writes words and tags, where they stand, and how many words there are in each document.
fn write_words(
    segment: &Segment,
    fields: Vec<Option<(Inverted, bool)>>,
    mut norms: FieldNormsWriter,
    documents: u32,
) -> tantivy::Result<()> {
    norms.fill_up_to_max_doc(documents);
    norms.serialize(FieldNormsSerializer::from_write(segment.open_write(SegmentComponent::FieldNorms)?)?, None)?;
    // Their readers tell the best score of each block of documents.
    let norms = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;
    let mut out = InvertedIndexSerializer::open(segment)?;
    for (number, (inverted, positions)) in (0..).zip(fields).filter_map(|(number, field)| Some((number, field?))) {
        if inverted.tokens() > 0 {
            let handle = Handle::from_field_id(number);
            let mut out = out.new_field(handle, inverted.tokens(), norms.get_field(handle)?)?;
            inverted.write(&mut out, positions)?;
            out.close()?;
        }
    }
    out.close()?;
    Ok(())
}
